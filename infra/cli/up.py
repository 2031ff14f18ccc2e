"""`takip.py up`: starts the whole system on this machine."""

import shlex
import time
from dataclasses import replace
from pathlib import Path

import httpx
import rich_click as click

from infra.administration import make_admin
from infra.cli.allowed_origins import allow_origin_option
from infra.cli.board_link import board_link
from infra.cli.console import INTERRUPTED, heading, line, say, step
from infra.cli.former_names import move_logins
from infra.cli.migrate import tell_migrations
from infra.cli.recounting import count_again
from infra.cli.status import describe
from infra.deployment import Site, deploy
from infra.local import ENVIRONMENT, Local, alone, local
from infra.problem import Problem
from infra.replay.demo import fill
from infra.replay.demo_plant import PEOPLE, PLANNER
from infra.replay.target import target_of
from infra.simulate.player import Player
from infra.stack import origins_of

_FIRST_ANSWER_SECONDS = 60


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="The port of the embedded AWS; the default is the last one used, or 4566.",
)
@click.option("--demo", is_flag=True, help="Create a small plant that works: people, machines, orders, issues.")
@click.option("--detach", is_flag=True, help="Return and leave Takip running; `down` stops it.")
@allow_origin_option
def up(*, port: int | None, demo: bool, detach: bool, origins: str | None) -> None:
    """Start the whole system on this machine, or update a running one to the present code.

    It starts an embedded AWS, runs the real CloudFormation and the real `chalice deploy` against it, and makes an
    admin. If AWS_ENDPOINT_URL is set, it uses that AWS (such as LocalStack).

    Data is kept between runs, under .takip/. It is saved every minute and when Takip stops. If the process is killed
    (SIGKILL, a power cut), what came after the last save is lost.
    """
    here = local(port)
    was_running = here.emulator is not None and here.emulator.is_running()
    with alone(here):
        try:
            deployed = _bring_up(here, origins)
            people = _fill(here) if demo else {}
            board = board_link(here, deployed.url)
        except KeyboardInterrupt:
            if here.emulator and not was_running:
                Player(here.home).stop()
                here.emulator.stop()
            say("\nStopped half-way. The next [bold]python takip.py up[/] goes on from there.")
            raise SystemExit(INTERRUPTED) from None
        except Problem:
            if here.emulator and here.emulator.is_running():
                say("The embedded AWS goes on running meanwhile; [bold]python takip.py down[/] stops it.")
            raise
    _tell(here, deployed, people, board)
    if here.emulator is None or was_running or detach:
        say("\nIt goes on running; [bold]python takip.py down[/] stops it.")
    else:
        _stay(here)


def _bring_up(here: Local, origins: str | None = None) -> Site:
    if here.emulator and not here.emulator.is_running():
        with step("Starting the embedded AWS (the first time it is fetched and installed)"):
            here.emulator.start()
            here.remember_port()
    deployed = deploy(here.aws, ENVIRONMENT, here.home, step, origins=origins)
    if here.emulator:
        here.emulator.allow(origins_of(here.aws, ENVIRONMENT))
    move_logins(here.aws, ENVIRONMENT)
    count_again(here.aws, ENVIRONMENT)
    tell_migrations(here.aws, ENVIRONMENT)
    if not here.admin_is_made():
        with step("Making an admin"):
            make_admin(here.aws, ENVIRONMENT, **here.admin())
            here.note_admin()
    with step("Waiting for the first answer"):
        _await_answer(deployed.url)
    if here.emulator:
        here.emulator.save()  # so that an emulator killed in its first minute still knows the deployment
    return deployed


def _fill(here: Local) -> dict[str, str]:
    """Fill in the demonstration's plant, and let it work on. Returns the passwords of its people by username."""
    with step("Filling in a small plant, which works on in the background"):
        target = target_of(describe(here), **here.admin())
        passwords = fill(target)
        planner = replace(target, username=PLANNER.username, password=passwords[PLANNER.username])
        Player(here.home).start(planner, here.emulator.port if here.emulator else None)
    return passwords


def _await_answer(url: str) -> None:
    """Wait until the API answers "ready", which is when a Lambda has started and the table answers."""
    deadline = time.monotonic() + _FIRST_ANSWER_SECONDS
    while True:
        answer = httpx.get(f"{url}/ready", timeout=_FIRST_ANSWER_SECONDS)
        if answer.is_success:
            return
        if time.monotonic() > deadline:
            raise Problem(
                f"Takip is deployed but does not get ready: it answers {answer.status_code} to /ready.\n"
                f"{answer.text}\nMore is told by: python takip.py logs"
            )
        time.sleep(1)


def _tell(here: Local, found: Site, passwords: dict[str, str], board: str) -> None:
    """Print the addresses, how to sign in, and what to try. A password is printed only once, and kept in a file."""
    heading("Takip is up")
    line(f"Board     {board}")
    line("          what a screen on the wall shows; a link for this computer, so keep it to yourself")
    line(f"Plan      {found.url}/plan, for planners: late orders, a plan to move, issues to answer")
    line(f"URL       {found.url}")
    line(f"Docs      {found.url}/docs, to read and to try in a browser")
    admin = here.admin()
    if here.is_told_first("admin"):
        line(f"Sign in   as {admin['username']} with the password that the first start made up: {admin['password']}")
    else:
        line(f"Sign in   as {admin['username']} with the password that the first start made up")
    line(f"          kept in {here.admin_file}")
    line("          changed since then? python takip.py admin create --username NAME makes another admin")
    if passwords:
        _tell_people(here, passwords)
    _tell_lines(found.url, here.admin_file)


def _tell_people(here: Local, passwords: dict[str, str]) -> None:
    """Print the people of the demonstration's plant."""
    path = here.home / "demo-people.json"
    here.keep(path, passwords)
    is_first = here.is_told_first("demo")
    for person in PEOPLE:
        password = f" with the password {passwords[person.username]}" if is_first else ""
        line(f"          as {person.username}{password} ({person.role}: {person.full_name})")
    line(f"          their passwords are kept in {path}")


def _tell_lines(url: str, account: Path) -> None:
    """Print commands to copy that sign in and read. They send the account from its file, in UTF-8."""
    heading("To try, with curl")
    line(f"URL={url}")
    line(
        "TOKEN=$(curl -s $URL/auth/login -H 'Content-Type: application/json; charset=utf-8'"
        f" --data-binary {shlex.quote(f'@{account}')}"
        """ | sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/')"""
    )
    line('curl -s $URL/workorders -H "Authorization: Bearer $TOKEN"')
    heading("To try, with PowerShell")
    quoted = str(account).replace("'", "''")
    line(f'$URL = "{url}"')
    line(
        "$TOKEN = (Invoke-RestMethod $URL/auth/login -Method Post -ContentType 'application/json; charset=utf-8'"
        f" -Body ([IO.File]::ReadAllBytes('{quoted}'))).data.access_token"
    )
    line('(Invoke-RestMethod $URL/workorders -Headers @{Authorization = "Bearer $TOKEN"}).data.items')
    line("# text of your own, so that every letter arrives: -ContentType 'application/json; charset=utf-8'")
    line("#   -Body ([Text.Encoding]::UTF8.GetBytes('{\"product_code\": ...}'))")


def _stay(here: Local) -> None:
    """Keep the terminal until Ctrl-C, which stops Takip, or until another process stops it."""
    assert here.emulator  # noqa: S101  only an emulator of our own is stayed with
    say("\nCtrl-C stops it; everything is kept. What it does is told by [bold]python takip.py logs --follow[/].")
    try:
        while here.emulator.is_running():
            time.sleep(1)
    except KeyboardInterrupt:
        with step("Stopping"):
            Player(here.home).stop()
            here.emulator.stop()
    else:
        say("It was stopped from elsewhere.")
