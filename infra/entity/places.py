"""The places in files that are there where a new entity is named."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from string import Template

from infra.problem import Problem

TEMPLATES = Path(__file__).with_name("templates")
CHANGELOG = "CHANGELOG.md"
_UNRELEASED, _ADDED = "## [Unreleased]\n", "### Added\n"


def edited(root: Path, words: Mapping[str, str]) -> dict[str, str]:
    """The files that name the entity, by path, as they become. Raises Problem if a place is not there, or not once."""
    files: dict[str, str] = {}
    for place in tomllib.loads((TEMPLATES / "places.toml").read_text(encoding="utf-8"))["place"]:
        name = place["file"]
        before = files.get(name) or _read(root, name)
        text = Template(place["text"]).substitute(words)
        files[name] = inserted(before, name, text, below=place.get("below"), above=place.get("above"))
    return files | {CHANGELOG: announced(_read(root, CHANGELOG), words)}


def inserted(source: str, name: str, text: str, *, below: str | None = None, above: str | None = None) -> str:
    """A file with a text under or above its only line that begins so. Raises Problem if there is none, or several."""
    lines = source.splitlines()
    beginning = below if below is not None else str(above)
    found = [number for number, line in enumerate(lines) if line.startswith(beginning)]
    if len(found) != 1:
        raise Problem(
            f"{name} has {len(found)} lines that begin with {beginning!r}, and should have one.\n"
            f"Nothing was made. Mend the place in infra/entity/templates/places.toml."
        )
    at = found[0] + (below is not None)
    return "\n".join([*lines[:at], text, *lines[at:]]) + "\n"


def announced(changelog: str, words: Mapping[str, str]) -> str:
    """The changelog with a line about the entity, first under what is added. Raises Problem if it has no such part."""
    before, unreleased, rest = changelog.partition(_UNRELEASED)
    between, added, entries = rest.partition(_ADDED)
    if not added or "\n## " in between:
        raise Problem(f"{CHANGELOG} has no '{_ADDED.strip()}' under '{_UNRELEASED.strip()}'. Nothing was made.")
    line = Template("- $Words are registered, read and changed at `/$path`, with a history.\n").substitute(words)
    after = entries.removeprefix("\n")
    return f"{before}{unreleased}{between}{added}\n{line}{'' if after.startswith('- ') else chr(10)}{after}"


def _read(root: Path, name: str) -> str:
    path = root / name
    if not path.exists():
        raise Problem(f"{name} is not there, and a new entity is named in it. Nothing was made.")
    return path.read_text(encoding="utf-8")
