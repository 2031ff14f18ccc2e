"""`takip.py releases` and `rollback`: which releases are there, which one serves, and the way back."""

import json
import time
from functools import partial

import rich_click as click
from rich.table import Table

from chalicelib.domain.instants import wire
from infra import deployment
from infra.cli.console import console, line, say
from infra.cli.environments import aws_of, stage_option
from infra.cli.migrate import refuse_unreadable
from infra.deployment.versions import Known, Release


@click.command()
@stage_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def releases(stage: str, *, as_json: bool) -> None:
    """List the releases that are kept: when, from what, by whom, and which functions they serve."""
    known = deployment.releases(aws_of(stage), stage)
    facts = [_facts(known, release) for release in known.releases]
    if as_json:
        line(json.dumps(facts))
        return
    table = Table(
        *("Release", "Published (UTC)", "Takip", "Commit", "By", "Serves"),
        title=f"Releases of {stage}",
        title_justify="left",
    )
    for release, each in zip(known.releases, facts, strict=True):
        origin = release.origin
        at = f"{release.at:%Y-%m-%d %H:%M:%S}"
        table.add_row(str(release.number), at, origin.app, origin.commit, origin.by, str(each["serves"]))
    console.print(table)


@click.command()
@click.argument("release", type=click.IntRange(1), required=False)
@stage_option
def rollback(release: int | None, stage: str) -> None:
    """Let an earlier RELEASE serve at once, code and environment; by default the one that served before.

    Data, rights, routes and settings of queues stay as they are. `rollback` again goes forward again. A release that
    does not know the schema of the table is refused; `migrate down` comes first.
    """
    aws = aws_of(stage)
    began = time.monotonic()
    serving = deployment.roll_back(aws, stage, release, partial(refuse_unreadable, aws, stage))
    say(f"Release {serving.number} serves all of {stage} [dim]{time.monotonic() - began:.1f} s[/]")


def _facts(known: Known, release: Release) -> dict[str, str | int]:
    """What is told of a release."""
    served = [function for function in known.aliases if known.serving(function) == release.number]
    shares = {
        known.aliases[function].shares[version]
        for function, version in release.versions.items()
        if function in known.aliases and version in known.aliases[function].shares
    }
    return {
        "release": release.number,
        "at": wire(release.at),
        "app": release.origin.app,
        "commit": release.origin.commit,
        "by": release.origin.by,
        "serves": _served(len(served), len(known.aliases), max(shares, default=0)),
    }


def _served(served: int, functions: int, share: float) -> str:
    """What a release serves, in words: everything, some functions, a share, or nothing."""
    whole = "everything" if served == functions else f"{served} of {functions} functions" if served else ""
    return f"{share:.0%} of the calls" if share else whole
