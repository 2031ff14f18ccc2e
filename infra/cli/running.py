"""`takip.py down` and `takip.py reset`: stop Takip on this machine, and delete its data."""

import shutil

import rich_click as click

from infra.cli.console import say, step
from infra.deployment import destroy
from infra.local import ENVIRONMENT, Local, alone, local
from infra.simulate.player import Player


@click.command()
def down() -> None:
    """Stop Takip on this machine. All data is kept for the next `up`."""
    here = local()
    if here.emulator is None:
        Player(here.home).stop()
        say(f"Takip is on {here.aws.endpoint}, which is not ours to stop. [bold]reset[/] takes Takip off it.")
    elif not here.emulator.is_running():
        say("Takip is not running here.")
    else:
        with alone(here), step("Stopping"):
            Player(here.home).stop()
            here.emulator.stop()


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(*, yes: bool) -> None:
    """Stop Takip on this machine and delete all its data. The next `up` starts with empty data."""
    here = local()
    if not here.home.exists():
        say("There is nothing to forget.")
        return
    if not yes:
        click.confirm("Forget every order, person and reading of the Takip on this machine?", abort=True)
    with alone(here), step("Forgetting everything"):
        _forget(here)


def _forget(here: Local) -> None:
    Player(here.home).stop()
    if here.emulator:
        here.emulator.stop()
    elif here.has_been_deployed():
        destroy(here.aws, ENVIRONMENT, here.home)
    for path in here.home.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
