"""`takip.py export`: the pages in one file, each row once, whatever interrupts it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from infra.cli import commands
from infra.places import PROJECT
from infra.problem import Problem
from tests.infra.scripted_server import Answer, Asked, ScriptedServer, serving_by

SIGNED_IN = Answer(200, {"status": "success", "data": {"access_token": "t0ken"}})
PAGES = [b'id,note\r\n1,"two\r\nlines"\r\n', b"2,\r\n", b"", b"3,c\r\n"]
WHOLE = b"".join(PAGES)
FORGOTTEN = Answer(
    400, {"status": "error", "error": {"code": "ERR_REQUEST_BAD_CURSOR", "title": "No", "detail": "Why"}}
)

Verb = Callable[..., Result]
Server = tuple[ScriptedServer, dict[str, Any]]


@pytest.fixture
def server() -> Iterator[Server]:
    """A Takip with four pages of an export. `broken` are the pages that it does not give."""
    script: dict[str, Any] = {"broken": {}}

    def reply(asked: Asked) -> Answer:
        if asked.method == "POST":
            return SIGNED_IN
        at = int(asked.path.partition("cursor=")[2] or 0)
        more = {"Next-Cursor": str(at + 1)} if at + 1 < len(PAGES) else {}
        given: Answer = script["broken"].get(at) or Answer(200, PAGES[at], {"Content-Type": "text/csv", **more})
        return given

    with serving_by(reply) as serving:
        yield serving, script


@pytest.fixture
def verb(server: Server, tmp_path: Path) -> Verb:
    def run(*more: str, what: str = "orders") -> Result:
        days = ["--from", "2026-01-01", "--to", "2026-01-31"]
        account = ["--url", server[0].url, "--username", "ayse", "--tenant", "acme"]
        arguments = ["export", what, *days, "--out", str(tmp_path / "out.csv"), *account, *more]
        return CliRunner().invoke(commands.takip, arguments, input="secret\n")

    return run


def test_the_pages_become_one_file(server: Server, verb: Verb, tmp_path: Path) -> None:
    result = verb("--bom")

    assert (result.exit_code, "3 rows are in" in result.output) == (0, True)
    assert (tmp_path / "out.csv").read_bytes() == WHOLE
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]
    signed_in, first, second, *_ = server[0].asked
    assert signed_in.body == {"username": "ayse", "password": "secret", "tenant": "acme"}
    assert first.path == "/v1/exports/orders?from=2026-01-01&to=2026-01-31&limit=400&bom=1"
    assert second.path == f"{first.path}&cursor=1"
    assert first.headers["Accept"] == "text/csv"


def test_lines_of_json_are_rows(server: Server, verb: Verb) -> None:
    server[1]["broken"][0] = Answer(200, b'{"id":"1"}\n{"id":"2"}\n')

    assert "2 rows are in" in verb("--format", "ndjson").output
    assert server[0].asked[1].headers["Accept"] == "application/x-ndjson"


def test_semicolons_are_asked_for_and_rows_are_counted_by_them(server: Server, verb: Verb) -> None:
    server[1]["broken"][0] = Answer(200, b'id;note\r\n1;"two\r\nlines"\r\n')

    assert "1 row is in" in verb("--separator", "semicolon").output
    assert server[0].asked[1].path.endswith("&limit=400&separator=semicolon")
    assert verb("--separator", "semicolon", "--format", "ndjson").exit_code == 2


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        (["--group-by", "machine"], "group_by=machine"),
        (["--group-by", "machine", "--per-shift"], "group_by=machine&per=shift"),
        (["--per-shift"], "per=shift"),
    ],
)
def test_daily_numbers_are_asked_for_by_group_and_by_shift(
    server: Server, verb: Verb, given: list[str], asked: str
) -> None:
    assert verb(*given, what="daily").exit_code == 0
    assert server[0].asked[1].path.endswith(f"/exports/daily?from=2026-01-01&to=2026-01-31&limit=400&{asked}")
    assert verb(*given, what="orders").exit_code == 2


@pytest.mark.parametrize("broken", [1, 2, 3])
@pytest.mark.parametrize("torn", [b"", b"half a pa", WHOLE])
def test_a_broken_export_goes_on_and_no_row_is_there_twice(
    server: Server, verb: Verb, tmp_path: Path, broken: int, torn: bytes
) -> None:
    server[1]["broken"][broken] = Answer(403, {"status": "error", "error": {"code": "ERR_NO", "title": "No"}})
    assert isinstance(verb().exception, Problem)
    assert not (tmp_path / "out.csv").exists()
    with (tmp_path / "out.csv.part").open("ab") as file:
        file.write(torn)
    server[1]["broken"].clear()
    server[0].asked.clear()

    assert "3 rows are in" in verb().output
    assert (tmp_path / "out.csv").read_bytes() == WHOLE
    assert len(server[0].asked) == 1 + len(PAGES) - broken


def test_another_export_does_not_go_on_where_one_broke_off(server: Server, verb: Verb, tmp_path: Path) -> None:
    server[1]["broken"][1] = FORGOTTEN
    assert "--again begins anew" in str(verb().exception)
    server[1]["broken"].clear()

    assert "Another export broke off" in str(verb(what="issues").exception)
    assert verb("--again", what="issues").exit_code == 0
    assert (tmp_path / "out.csv").read_bytes() == WHOLE


def test_a_file_that_lost_rows_is_not_gone_on_with(server: Server, verb: Verb, tmp_path: Path) -> None:
    server[1]["broken"][2] = FORGOTTEN
    verb()
    (tmp_path / "out.csv.part").write_bytes(b"")

    assert "shorter than it was" in str(verb().exception)
    (tmp_path / "out.csv.part").unlink()
    server[1]["broken"].clear()
    assert verb().exit_code == 0
    assert (tmp_path / "out.csv").read_bytes() == WHOLE


def test_a_finished_file_is_replaced(verb: Verb, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_bytes(b"old")

    assert verb().exit_code == 0
    assert (tmp_path / "out.csv").read_bytes() == WHOLE


def test_a_stop_keeps_what_is_written(
    server: Server, verb: Verb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("infra.exporting.asked.Asked.rows_in", stop)
        result = verb()

    assert (result.exit_code, "goes on from there" in result.output) == (130, True)
    assert verb().exit_code == 0


@pytest.mark.parametrize(
    "more",
    [["--bom", "--format", "ndjson"], ["--to", "2025-01-01"], ["--from", "today"], ["--format", "xlsx"]],
)
def test_what_cannot_be_exported_is_refused_before_anybody_signs_in(
    server: Server, verb: Verb, more: list[str]
) -> None:
    assert verb(*more).exit_code == 2
    assert server[0].asked == []


def test_another_takip_is_asked_as_a_named_account_only(tmp_path: Path) -> None:
    days = ["--from", "2026-01-01", "--to", "2026-01-31", "--out", str(tmp_path / "a"), "--url", "http://127.0.0.1/v1"]

    assert CliRunner().invoke(commands.takip, ["export", "orders", *days]).exit_code == 2


def test_the_state_is_readable(server: Server, verb: Verb, tmp_path: Path) -> None:
    server[1]["broken"][2] = FORGOTTEN
    verb()

    state = json.loads((tmp_path / "out.csv.part.json").read_text(encoding="utf-8"))
    assert (state["pages"], state["rows"], state["cursor"], state["asked"]["what"]) == (2, 2, "2", "orders")


@pytest.mark.skipif(sys.platform == "win32", reason="the loop is for a POSIX shell")
def test_the_loop_of_the_document_joins_all_pages(server: Server, tmp_path: Path) -> None:
    document = (PROJECT / "docs" / "exports.md").read_text(encoding="utf-8")
    (loop,) = re.findall(r"## The loop\n```sh\n(.*?)```", document, re.DOTALL)
    surroundings = os.environ | {"API": server[0].url, "TOKEN": "t0ken"}

    subprocess.run(["/bin/sh", "-ec", loop], check=True, env=surroundings, cwd=tmp_path, timeout=60)

    assert (tmp_path / "orders.csv").read_bytes() == WHOLE
    assert [asked.headers["Authorization"] for asked in server[0].asked] == ["Bearer t0ken"] * len(PAGES)
