"""`takip.py tenant export`: the folder with which a company leaves."""

import csv
import hashlib
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chalicelib.domain.people.users import Role
from chalicelib.storage import owned
from chalicelib.storage.items import Item
from infra.aws import Aws
from infra.cli import commands, leaving
from infra.leaving.taken import LEFT_OUT, SECRETS, line, taken
from infra.problem import Problem
from tests.administering import in_this_process
from tests.conftest import SetClock
from tests.floor import Plant, hire
from tests.functions.things import PIN
from tests.leaving import furnished

Verb = Callable[..., Result]

SOUNDS = re.compile("secret|digest|hash|token|password|pin$")
# Names of fields that sound like secrets, and are digests of contents.
DIGESTS = {"chunk", "projected", "quarantined", "attachments", "birth", "births", "metric_names", "projection"}


@pytest.fixture
def verb(plant: Plant, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """The verb, which asks in this process, on the table of the tests with two companies."""
    in_this_process(monkeypatch)
    monkeypatch.setattr(leaving, "aws_of", lambda _stage: Aws("eu-central-1"))
    return lambda *arguments: CliRunner().invoke(commands.takip, ["tenant", "export", *arguments])


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(each, parse_float=Decimal) for each in path.read_text(encoding="utf-8").splitlines()]


def test_a_company_takes_everything_along_and_no_secret(
    verb: Verb, plant: Plant, set_clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme, to = furnished(plant.client, "acme", set_clock), tmp_path / "acme"
    hire(plant.client, "blue", Role.WORKER, tenant="blue")
    for _ in range(2):  # it may be repeated
        told = verb("acme", "--to", str(to))
        assert told.exit_code == 0, told.output

    items = [each.attribute_values for each in Item.scan() if owned.owner(each.attribute_values) == "acme"]
    counted = Counter(each["kind"] for each in items)
    manifest = json.loads((to / "manifest.json").read_text(encoding="utf-8"))
    rows = {each["path"]: each["rows"] for each in manifest["files"] if "rows" in each}
    left = {kind: each["items"] for kind, each in manifest["left_out"].items()}
    assert rows.pop("readings.csv") == 5
    assert {Path(path).stem: count for path, count in rows.items()} | left | {"chunk": counted["chunk"]} == counted
    for each in manifest["files"]:
        content = (to / each["path"]).read_bytes()
        assert (each["bytes"], each["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert {each.relative_to(to).as_posix() for each in to.rglob("*") if each.is_file()} == {
        "manifest.json",
        *(each["path"] for each in manifest["files"]),
    }

    _what_machines_and_people_sent_is_there(to, acme.things.attachment_id)
    _no_secret_is_there(to, items, {PIN, acme.things.terminal_key, acme.things.refresh_token, "$2b$"})
    monkeypatch.chdir(to)
    _its_readme_is_right(to)


def _what_machines_and_people_sent_is_there(to: Path, attachment_id: str) -> None:
    (photo,) = [each for each in to.glob("files/as uploaded/*/*") if attachment_id in each.name]
    assert photo.suffix == ".jpg"
    with (to / "readings.csv").open(encoding="utf-8", newline="") as held:
        readings = list(csv.DictReader(held))
    assert {each["machine_id"] for each in readings} == {"acme-press"}
    assert sorted(each["value"] for each in readings) == ["20.0", "21.0", "22.0", "idle", "idle"]
    (order, *_) = read(to / "data/order.ndjson")
    assert order["data"]["quantity"] == 10


def _no_secret_is_there(to: Path, items: list[dict[str, Any]], secrets: set[str]) -> None:
    everything = "".join(each.read_text(encoding="utf-8") for each in to.rglob("*.*son"))
    secrets |= {
        str(each["data"][name])
        for each in items
        for name in ("digest", "pin_hash", "badge", "password_hash")
        if each["kind"] in SECRETS.keys() | {"login"} and each["data"].get(name)
    }
    assert [each for each in secrets if each in everything] == []
    assert "blue" not in everything

    kept = [each for item in items if (each := taken(item))]
    doubtful = {
        (each["kind"], name) for each in kept for name in re.findall(r'"(\w+)":', line(each)) if SOUNDS.search(name)
    }
    assert {kind for kind, name in doubtful if name == "digest"} <= DIGESTS
    assert {name for _, name in doubtful} <= {"digest", "must_change_password", "wrong_pins", "pin"}
    assert {kind for kind, name in doubtful if name == "pin"} == {"security_event"}  # whether there is one
    assert not set(LEFT_OUT) & set(SECRETS)


def _its_readme_is_right(to: Path) -> None:
    for code in re.findall(r"```python\n(.*?)```", (to / "README.md").read_text(encoding="utf-8"), re.DOTALL):
        names: dict[str, Any] = {}
        exec(code, names)  # noqa: S102  the lines that the README tells people to run
        assert len(names.get("orders", names.get("sessions", ()))) > 0


def test_a_folder_that_holds_something_else_is_left_alone(verb: Verb, plant: Plant, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    told = verb("default", "--to", str(tmp_path))
    assert isinstance(told.exception, Problem)
    assert "holds something else than an export of default" in str(told.exception)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_a_line_of_json_holds_what_plain_json_cannot() -> None:
    packed = {"a": zlib.compress(b'{"n": 1.50}'), "b": zlib.compress(b"not json"), "c": b"\xff\xfe\xfd"}
    assert line(packed) == '{"a": {"n": 1.50}, "b": "not json", "c": "//79"}'
    assert line({"n": Decimal("0.1"), "s": {"b", "a"}, "t": "0.1"}) == '{"n": 0.1, "s": ["a", "b"], "t": "0.1"}'
    with pytest.raises(TypeError, match="JSON has no object"):
        line(object())
