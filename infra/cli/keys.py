"""`takip.py keys`: the keys that sign tokens."""

import json
from datetime import datetime

import rich_click as click
from rich.table import Table

from chalicelib import clock
from chalicelib.domain.instants import wire
from infra.administration import ask
from infra.cli.console import console, line, say
from infra.cli.environments import aws_of, stage_option
from infra.deployment import signing_keys
from infra.deployment.signing_keys import Key


@click.group()
def keys() -> None:
    """Keys that sign tokens: add one, replace all after a leak, list them."""


@keys.command()
@stage_option
def rotate(stage: str) -> None:
    """Add a key. It begins to sign when every function knows it. Nobody has to sign in again."""
    aws = aws_of(stage)
    kid, signs_from = signing_keys.rotate(aws, stage)
    say(f"{kid} begins to sign at {wire(signs_from)}. Tokens that are out stay good until they expire.")
    list(ask(aws, stage, "key rotated", {"kid": kid, "replaces_all": False}))


@keys.command()
@stage_option
@click.confirmation_option(prompt="Every access token becomes void within five minutes. Replace all keys?")
def replace(stage: str) -> None:
    """Replace all keys by one new key: one has leaked, or all are lost. Phones refresh; nobody signs in again."""
    aws = aws_of(stage)
    kid = signing_keys.replace(aws, stage)
    say(f"{kid} signs from now on, and is the only key. Tokens of other keys are refused within five minutes.")
    list(ask(aws, stage, "key rotated", {"kid": kid, "replaces_all": True}))


@keys.command(name="list")
@stage_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_keys(stage: str, *, as_json: bool) -> None:
    """List the keys and what each is used for now. Secrets are never shown."""
    now, listed = clock.now(), signing_keys.keys(aws_of(stage), stage)
    if as_json:
        line(json.dumps([_facts(key, now) for key in listed]))
        return
    table = Table(
        "Key", "Signs from (UTC)", "Now", "Believed until (UTC)", title=f"Signing keys of {stage}", title_justify="left"
    )
    for key in listed:
        facts = _facts(key, now)
        table.add_row(key.kid, _shown(key.signs_from), facts["now"], _shown(key.believed_until))
    console.print(table)


def _facts(key: Key, now: datetime) -> dict[str, str | None]:
    state = "waiting" if key.waits(now) else "signing" if key.signs(now) else "superseded"
    until = wire(key.believed_until) if key.believed_until else None
    return {"kid": key.kid, "signs_from": wire(key.signs_from), "now": state, "believed_until": until}


def _shown(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""
