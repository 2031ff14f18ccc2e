"""`takip.py status`: whether Takip runs on this machine, and its addresses."""

import json
from typing import Any

import rich_click as click

from infra.cli.console import line, say
from infra.deployment import site
from infra.local import ENVIRONMENT, Local, local
from infra.problem import Problem
from infra.simulate.player import Player

NOT_RUNNING = 3  # the exit code of `systemctl status` too


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(*, as_json: bool) -> None:
    """Show whether Takip runs on this machine, and its addresses. The exit code is 3 if it does not run."""
    here = local()
    facts = describe(here) if here.is_running() else {"running": False}
    if as_json:
        line(json.dumps(facts))
    elif facts["running"]:
        for name, value in facts.items():
            line(f"{name:<10} {value}")
    else:
        say("Takip is not running here. Start it with [bold]python takip.py up[/].")
    raise SystemExit(0 if facts["running"] else NOT_RUNNING)


def read_status() -> dict[str, Any]:
    """The data of `status --json`. Raises Problem if Takip does not run."""
    here = local()
    if not here.is_running():
        raise Problem("Takip is not running here. Start it with `python takip.py up`, in another window or --detach.")
    return describe(here)


def describe(here: Local) -> dict[str, Any]:
    """The data that status shows of a running Takip. `demo` is the process that plays the small plant, or None."""
    deployed = site(here.aws, ENVIRONMENT)
    return {
        "running": True,
        "url": deployed.url,
        "endpoint": deployed.endpoint,
        "region": deployed.region,
        "stage": deployed.environment,
        "table": deployed.table,
        "queue_url": deployed.queue_url,
        "username": here.admin()["username"],
        "demo": Player(here.home).process_id(),
    }
