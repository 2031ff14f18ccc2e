"""`takip.py admin`: makes admins and registers people from the command line, because somebody must be the first."""

import sys
from contextlib import nullcontext
from pathlib import Path

import rich_click as click
from rich.markup import escape

from chalicelib.domain.people.credentials import GIVEN_PASSWORD_LASTS
from infra.administration import ask, make_admin
from infra.cli.console import INTERRUPTED, line, say
from infra.cli.enrolling import Tally, enrol, show
from infra.cli.environments import aws_of, stage_option, tenant_option
from infra.cli.people_file import passwords_file, read_people
from infra.problem import Problem

REFUSED = 1


@click.group()
def admin() -> None:
    """Make admins, and register people from a file."""


@admin.command()
@click.option("--username", required=True, help="The username to sign in with.")
@tenant_option
@stage_option
def create(username: str, tenant: str, stage: str) -> None:
    """Make an admin. The password is asked for, or read from standard input if that is not a terminal."""
    aws = aws_of(stage)
    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not make_admin(aws, stage, username, password, tenant):
        raise Problem(f"There is already somebody called {username}. Choose another name.")
    say(f"{username} can sign in now, as an admin.")


@admin.command(name="import-users")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@tenant_option
@stage_option
@click.option("--dry-run", is_flag=True, help="Only show what would happen.")
@click.option(
    "--passwords",
    type=click.Path(path_type=Path),
    help="The new file for the one-time passwords. The default is beside FILE, as .passwords.csv.",
)
def import_users(file: Path, *, tenant: str, stage: str, dry_run: bool, passwords: Path | None) -> None:
    """Register the people of a CSV file. Each gets a one-time password, which they must change.

    The first line names the columns: username and, optionally, full_name, email, role (admin, planner, worker; worker
    if empty). Turkish words are accepted too: Kullanıcı Adı, Ad Soyad, E-posta, Rol (yönetici, planlamacı, işçi). Any
    CSV file of a spreadsheet works: in UTF-8 or Windows-1254, with semicolons, commas or tabs. People who exist already
    are not changed, so the same file can be imported again.
    """
    found, aws, tally = read_people(file), aws_of(stage), Tally()
    if found.table.is_windows:
        say(f"{escape(str(file))} is not in UTF-8. It was read as Windows-1254, which a Turkish Excel writes.")
    path = passwords or file.with_suffix(".passwords.csv")
    given = {"tenant": tenant, "dry_run": dry_run}
    with nullcontext(_keep_nothing) if dry_run else passwords_file(path, found.table) as keep:
        try:
            enrol(found.people, lambda people: ask(aws, stage, "enrol people", given | {"people": people}), keep, tally)
        except KeyboardInterrupt:
            say("\nStopped. The same file may come again: whoever is there already stays as they are.")
            raise SystemExit(INTERRUPTED) from None
        finally:
            show(tally, dry_run=dry_run)
            if tally.enrolled and not dry_run:
                days = GIVEN_PASSWORD_LASTS.days
                line(f"Their passwords are in {path}: good for {days} days, to be changed at the first sign-in.")
    raise SystemExit(REFUSED if tally.refused else 0)


def _keep_nothing(_username: str, _password: str) -> None:
    """Keep no passwords in a dry run: it registers nobody, so its passwords are not valid."""
