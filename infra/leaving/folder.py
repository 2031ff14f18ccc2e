"""The folder with which a company leaves: NDJSON by kind, readings as CSV, files, a manifest and a README."""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self, TextIO

from chalicelib import clock
from chalicelib.domain.instants import wire
from chalicelib.domain.machines.readings import Reading
from infra.leaving.readme import readme
from infra.leaving.taken import LEFT_OUT, line, taken
from infra.problem import Problem

README, MANIFEST, READINGS, FILES = "README.md", "manifest.json", "readings.csv", "files"
_COLUMNS = ("machine_id", "sensor", "type", "at", "value", "seq")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Folder:
    """A folder that is being written. Its manifest comes last, so a folder with a manifest is complete.

    The same export may be written again into it. Raises Problem if there is anything else in it.
    """

    def __init__(self, path: Path, tenant: str) -> None:
        self.path, self._tenant = path, tenant
        said = readme(tenant)
        if path.exists() and any(path.iterdir()) and not _begins_with(path / README, said):
            raise Problem(f"{path} holds something else than an export of {tenant}. Name a new folder.")
        (path / "data").mkdir(parents=True, exist_ok=True)
        for former in (path / MANIFEST, path / READINGS, *(path / "data").iterdir()):
            former.unlink(missing_ok=True)
        (path / README).write_text(said, encoding="utf-8")
        self.rows, self.left_out = Counter[str](), Counter[str]()
        self._open = ExitStack()
        self._texts: dict[str, TextIO] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, item: Mapping[str, Any]) -> None:
        """Write an item."""
        kept = taken(item)
        if kept is None:
            self.left_out[item["kind"]] += 1
        else:
            self._write(f"data/{item['kind']}.ndjson", [line(kept)])

    def add_readings(self, readings: Iterable[Reading]) -> None:
        """Write readings, with the time of the device to the microsecond."""
        if READINGS not in self._texts:
            csv.writer(self._text(READINGS)).writerow(_COLUMNS)
        rows = csv.writer(self._text(READINGS))
        for each in readings:
            at = (_EPOCH + timedelta(microseconds=each.at)).isoformat(timespec="microseconds")
            value = repr(each.value) if isinstance(each.value, float) else each.value
            rows.writerow((each.machine_id, each.sensor, each.type, at.replace("+00:00", "Z"), value, each.seq))
            self.rows[READINGS] += 1

    def finish(self, files: Iterable[Path]) -> None:
        """Write the manifest: every file with its rows, size and SHA-256, and what stays behind."""
        self._open.close()
        rows = dict(self.rows)
        paths = [self.path / README, *(self.path / name for name in sorted(rows)), *sorted(files)]
        manifest = {
            "tenant": self._tenant,
            "made_at": wire(clock.now()),
            "files": [self._told(path, rows) for path in paths],
            "left_out": {kind: {"items": self.left_out[kind], "is": LEFT_OUT[kind]} for kind in sorted(self.left_out)},
        }
        (self.path / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def _told(self, path: Path, rows: Mapping[str, int]) -> dict[str, Any]:
        name = path.relative_to(self.path).as_posix()
        with path.open("rb") as held:
            digest = hashlib.file_digest(held, "sha256").hexdigest()
        counted = {"rows": rows[name]} if name in rows else {}
        return {"path": name, **counted, "bytes": path.stat().st_size, "sha256": digest}

    def _write(self, name: str, lines: Iterable[str]) -> None:
        for each in lines:
            self._text(name).write(each + "\n")
            self.rows[name] += 1

    def _text(self, name: str) -> TextIO:
        if name not in self._texts:
            path = self.path / name
            self._texts[name] = self._open.enter_context(path.open("w", encoding="utf-8", newline=""))
        return self._texts[name]


def _begins_with(path: Path, said: str) -> bool:
    """Whether a file is that README, perhaps of another release: its first line names the tenant."""
    return path.exists() and path.read_text(encoding="utf-8").partition("\n")[0] == said.partition("\n")[0]
