"""`takip.py admin`: admins, made from here because somebody has to be the first."""

import sys

import rich_click as click

from infra.administration import make_admin
from infra.cli.console import say
from infra.cli.environments import aws_of, stage_option
from infra.problem import Problem


@click.group()
def admin() -> None:
    """Make admins."""


@admin.command()
@click.option("--username", required=True, help="What they sign in with.")
@stage_option
def create(username: str, stage: str) -> None:
    """Make an admin; the password is asked for, or read from standard input where that is not a terminal."""
    aws = aws_of(stage)
    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not make_admin(aws, stage, username, password):
        raise Problem(f"There is already somebody called {username}. Choose another name.")
    say(f"{username} can sign in now, as an admin.")
