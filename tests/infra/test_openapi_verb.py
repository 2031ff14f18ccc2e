"""`takip.py openapi`: what was released is a promise that the next contracts must keep."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from infra.cli import openapi as verb

ORDER = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "lot_no": {"type": ["string", "null"]}},
    "required": ["id", "lot_no"],
}


def contract(version: str = "1.4.0", **members: Any) -> dict[str, Any]:
    answer = {"200": {"content": {"application/json": {"schema": ORDER | members}}}}
    return {"info": {"version": version}, "paths": {"/orders/{id}": {"get": {"responses": answer}}}, "components": {}}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with a contract, and nothing released so far."""
    monkeypatch.setattr(verb, "PROJECT", tmp_path)
    monkeypatch.setattr(verb, "CONTRACT", tmp_path / "now.json")
    monkeypatch.setattr(verb, "RELEASED", tmp_path / "released.json")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: None)
    write(tmp_path / "now.json", contract())
    return tmp_path


def write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content))


def test_a_release_keeps_the_contract(folder: Path) -> None:
    assert CliRunner().invoke(verb.openapi, ["--release"]).exit_code == 0
    assert json.loads((folder / "released.json").read_text()) == contract()


@pytest.mark.parametrize(("version", "code"), [("1.5.0", 1), ("2.0.0", 0)])
def test_a_release_that_removes_a_field_needs_a_new_first_number(folder: Path, version: str, code: int) -> None:
    write(folder / "released.json", contract())
    write(folder / "now.json", contract(version, properties={"id": {"type": "string"}}, required=["id"]))

    told = CliRunner().invoke(verb.openapi, ["--release"])

    assert told.exit_code == code
    assert ("lot_no is removed" in told.output) == bool(code)
    assert json.loads((folder / "released.json").read_text())["info"]["version"] == (version if not code else "1.4.0")


def test_what_would_break_a_client_of_any_older_contract_is_listed(folder: Path) -> None:
    write(folder / "older.json", contract(properties={**ORDER["properties"], "note": {"type": "string"}}))  # type: ignore[dict-item]

    told = CliRunner().invoke(verb.openapi, ["--against", str(folder / "older.json")])

    assert told.exit_code == 1
    assert "GET /orders/{id}, note is removed" in " ".join(told.output.split()).replace(":", ",")
