"""`takip.py quarantine`: what reached Takip and belongs to no tenant, so that no tenant's admin can see it."""

import json
from typing import Any

import rich_click as click

from infra.administration import ask
from infra.cli.console import line, say
from infra.cli.environments import aws_of, stage_option

MOST = 100
CHARACTERS_SHOWN = 200


@click.command()
@click.option("--limit", type=click.IntRange(1, MOST), default=20, show_default=True, help="How many messages to show.")
@stage_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def quarantine(limit: int, stage: str, *, as_json: bool) -> None:
    """Show the newest machine messages that belong to no tenant, and markers that cannot be read.

    A message names no tenant that is there where its tenant is mistyped: set up the sender anew, and send it again.
    What is wrong in the messages of a tenant, its admins read with GET /machines/quarantine.
    """
    found = list(ask(aws_of(stage), stage, "list quarantine", {"limit": limit}))
    if as_json:
        line(json.dumps(found))
    elif found:
        _show(found)
    else:
        say(f"Nothing waits on {stage}.")


def _show(found: list[dict[str, Any]]) -> None:
    """Show what waits, newest message first: when it was sent, why it waits, and how it begins."""
    for each in found:
        if each["what"] == "marker":
            line(f"marker {each['id']}: {each['reason']}")
            continue
        line(f"message of {each['sent_at']}, {each['size_bytes']} bytes")
        for reason in each["reasons"]:
            line(f"  {reason['field']} {reason['message']}")
        line(f"  {each['original'][:CHARACTERS_SHOWN]}")
