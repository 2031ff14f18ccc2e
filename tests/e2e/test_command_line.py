"""A day with takip.py: up, up again, status, logs, an admin, down, reset."""

import json
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from infra import local as places
from infra.chromium import chromium
from infra.cli import commands
from infra.emulator.process import free_port, is_free
from infra.pictures import MOST_BYTES, take_board, take_plan
from infra.simulate.player import Player


def run(line: str, given: str | None = None) -> str:
    ended = CliRunner().invoke(commands.takip, shlex.split(line), input=given, catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    return ended.output


def told_board(told: str) -> str:
    """The link to the board that `up` printed."""
    (link,) = re.findall(r"^Board +(\S+)$", told, re.MULTILINE)
    return str(link)


def assert_at_work(link: str) -> None:
    """The board of the small plant shows work, its pieces against its plan, and what is wrong."""
    address, _, key = link.partition("#")
    deadline = time.monotonic() + 60
    while True:
        headers = {"X-Screen-Key": key, "Accept": "application/json"}
        board = httpx.get(address, headers=headers, timeout=30).raise_for_status().json()["data"]
        if board["rows"] or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    assert {row["state"] for row in board["rows"]} >= {"running"}
    assert board["verdict"]["unit"] == "pieces"
    assert board["needs"]


def assert_pictured(link: str, url: str, folder: Path) -> None:
    """The pictures of the documents can be taken of it, where there is a browser."""
    if chromium():
        assert "Enjeksiyon" in take_board(link, folder / "board.png")
        assert "Enjeksiyon 1" in take_plan(url, places.local().admin(), folder / "plan.png")
        assert all(0 < path.stat().st_size <= MOST_BYTES for path in folder.glob("*.png"))


def assert_settings_leave_an_event(url: str) -> None:
    """A changed setting is an event of security, and its request is in the logs."""
    run("tenant set default --grace 10m")
    signed_in = httpx.post(f"{url}/auth/login", json=places.local().admin(), timeout=30)
    headers = {"Authorization": f"Bearer {signed_in.json()['data']['access_token']}"}
    events = httpx.get(f"{url}/auth/events?kind=tenant_changed", headers=headers, timeout=30)
    (event,) = events.json()["data"]["items"]
    assert event["detail"] == {"setting": "grace", "from": "0:00:00", "to": "0:10:00"}
    of_request = run(f"logs --request {events.headers['x-request-id']}")
    assert "/auth/events" in of_request
    assert "START" not in of_request


@pytest.mark.skipif(sys.platform == "win32", reason="the lines for curl are for a POSIX shell")
def test_what_up_prints_works_as_printed_and_everything_is_kept_until_reset(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(places, "KEPT", tmp_path)
    port = free_port()
    try:
        told = run(f"up --detach --port {port}")
        lines = told.split("To try, with curl\n")[1].split("\n\n")[0]
        answer = subprocess.run(["/bin/sh", "-c", lines], check=True, capture_output=True, text=True)
        assert json.loads(answer.stdout)["data"]["items"] == []

        facts = json.loads(run("status --json"))
        assert {"url", "endpoint", "region", "stage", "table", "queue_url", "username"} <= facts.keys()
        assert facts["url"] in told
        assert f"that the first start made up: {places.local().admin()['password']}\n" in told
        assert "admin create --username NAME makes another" in told
        assert "/workorders" in run("logs api_handler")

        assert "can sign in" in run("admin create --username ada", "a-long-password\n")
        run("keys rotate")
        assert "key_rotated" in run("logs api_handler")
        assert_settings_leave_an_event(facts["url"])
        run("down")
        assert is_free(port)
        again = run("up --detach --demo")
        assert places.local().admin()["password"] not in again
        board = told_board(again)
        assert board == told_board(told)
        assert_at_work(board)
        assert_pictured(board, facts["url"], tmp_path)
        player = json.loads(run("status --json"))["demo"]
        account = {"username": "ada", "password": "a-long-password"}
        assert httpx.post(f"{facts['url']}/auth/login", json=account, timeout=30).is_success
        assert json.loads(run("status --json"))["demo"] == player is not None
    finally:
        run("reset --yes")
    assert is_free(port)
    assert list((tmp_path / "local").iterdir()) == []
    assert not Player(tmp_path / "local").is_running()
