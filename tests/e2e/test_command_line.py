"""A day with takip.py: up, up again, status, logs, an admin, down, reset."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from infra import local as places
from infra.cli import commands
from infra.emulator.process import free_port, is_free


def run(line: str, given: str | None = None) -> str:
    ended = CliRunner().invoke(commands.takip, shlex.split(line), input=given, catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    return ended.output


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
        run("tenant set default --grace 10m")
        signed_in = httpx.post(f"{facts['url']}/auth/login", json=places.local().admin(), timeout=30)
        headers = {"Authorization": f"Bearer {signed_in.json()['data']['access_token']}"}
        events = httpx.get(f"{facts['url']}/auth/events?kind=tenant_changed", headers=headers, timeout=30)
        (event,) = events.json()["data"]["items"]
        assert event["detail"] == {"setting": "grace", "from": "0:00:00", "to": "0:10:00"}
        of_request = run(f"logs --request {events.headers['x-request-id']}")
        assert "/auth/events" in of_request
        assert "START" not in of_request
        run("down")
        assert is_free(port)
        assert places.local().admin()["password"] not in run("up --detach")
        account = {"username": "ada", "password": "a-long-password"}
        assert httpx.post(f"{facts['url']}/auth/login", json=account, timeout=30).is_success
    finally:
        run("reset --yes")
    assert is_free(port)
    assert list((tmp_path / "local").iterdir()) == []
