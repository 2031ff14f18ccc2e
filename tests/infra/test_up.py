"""The output of `takip.py up`: who may sign in, passwords shown only once, and commands that work when copied."""

import json
import re
import shlex
import stat
import sys
from pathlib import Path

import pytest

from infra.aws import Aws
from infra.cli import up
from infra.cli.board_link import board_link
from infra.cli.console import console
from infra.deployment import Site
from infra.local import Local
from infra.places import PROJECT
from infra.replay.demo_plant import PEOPLE
from tests.infra.scripted_server import Answer, Asked, serving_by

SITE = Site("local", "eu-central-1", "http://127.0.0.1:4566", "http://127.0.0.1:4566/v1", "takip", "queue", "url", ())
BOARD = f"{SITE.url}/board#takip-screen.key"
PASSWORDS = {person.username: f"secret-of-{person.username}" for person in PEOPLE}


@pytest.fixture
def here(tmp_path: Path) -> Local:
    """A Takip in a folder with a space, an apostrophe and Turkish letters in its name."""
    home = tmp_path / "Üretim Takip'i"
    home.mkdir()
    return Local(home, Aws("eu-central-1"), emulator=None)


def told(here: Local, passwords: dict[str, str] | None = None) -> str:
    """What is said at the end."""
    with console.capture() as captured:
        up._tell(here, SITE, passwords or {}, BOARD)
    return captured.get()


def test_a_password_is_printed_once_and_then_only_where_it_is_kept(here: Local) -> None:
    first, again = told(here, PASSWORDS), told(here, PASSWORDS)

    secrets = [here.admin()["password"], *PASSWORDS.values()]
    assert all(secret in first for secret in secrets)
    assert not [secret for secret in secrets if secret in again]
    assert str(here.admin_file) in again
    kept = here.home / "demo-people.json"
    assert (str(kept) in again, json.loads(kept.read_text())) == (True, PASSWORDS)
    if sys.platform != "win32":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_demonstrations_people_are_told_with_their_roles(here: Local) -> None:
    lines = told(here, PASSWORDS).splitlines()

    for person in PEOPLE:
        (line,) = [line for line in lines if f"as {person.username} " in line]
        assert f"({person.role}: {person.full_name})" in line
    assert "demo-" not in told(here)


def test_the_first_thing_to_see_is_the_board(here: Local) -> None:
    assert told(here).split("Takip is up")[1].splitlines()[1] == f"Board     {BOARD}"


def test_the_link_to_the_board_is_kept_until_its_screen_is_revoked_or_nobody_may_sign_in(here: Local) -> None:
    links = iter(["/board#takip-screen.1", "/board#takip-screen.2"])
    keys, statuses = [], iter([200, 401, 401])

    def answer(asked: Asked) -> Answer:
        if asked.path.endswith("/screens"):
            return Answer(201, {"data": {"link": next(links)}})
        if asked.path.endswith("/board"):
            keys.append(asked.headers["X-Screen-Key"])
            return Answer(next(statuses), {"data": {}})
        return (
            Answer(200, {"data": {"access_token": "t", "refresh_token": "r"}})
            if next(is_admin)
            else Answer(401, {"error": {}})
        )

    is_admin = iter([True, True, False])
    with serving_by(answer) as server:
        made = [board_link(here, server.url).removeprefix(server.url) for _ in range(4)]
    assert made == ["/board#takip-screen.1", "/board#takip-screen.1", "/board#takip-screen.2", "/board"]
    assert keys == ["takip-screen.1", "takip-screen.1", "takip-screen.2"]


def test_the_line_for_curl_sends_the_account_from_its_file(here: Local) -> None:
    (line,) = [line for line in told(here).splitlines() if line.startswith("TOKEN=")]

    assert f"@{here.admin_file}" in shlex.split(line.replace("$(", "").split(" | ")[0])
    assert here.admin()["password"] not in line


def powershell(text: str) -> list[str]:
    """The lines that send something by PowerShell."""
    return [line for line in text.splitlines() if "Invoke-RestMethod" in line and "-Body" in line]


def test_the_lines_for_powershell_send_utf_8(here: Local) -> None:
    (line,) = powershell(told(here))
    assert "-ContentType 'application/json; charset=utf-8'" in line
    assert "-Body ([IO.File]::ReadAllBytes('" + str(here.admin_file).replace("'", "''") + "'))" in line

    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    lines = powershell(readme)
    assert len(lines) == 2
    assert "$TYPE = 'application/json; charset=utf-8'" in readme
    for sent in lines:
        (body,) = re.findall(r"-ContentType \$TYPE -Body (\$\w+)", sent)
        assert f"{body} = [Text.Encoding]::UTF8.GetBytes('" in readme
