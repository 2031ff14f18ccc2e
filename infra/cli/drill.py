"""`takip.py drill`: whether the table could be restored now, how long that takes, and what would be lost."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import rich_click as click

from chalicelib import clock
from infra.cli.console import heading, line, step
from infra.cli.environments import aws_of, stage_option
from infra.cli.restore import Restore, bring_back, days_option, tell
from infra.deployment import switching, tables
from infra.deployment.found import API, function_name
from infra.restoring import making, past
from infra.rollout import careful

# The probe, and those that it calls.
_TRIED = ("probe_plant", API, "ingest_readings", "aggregate_bucket")


@click.command()
@stage_option
@days_option
def drill(*, stage: str, days: int) -> None:
    """Restore the table beside production, try everything with it, and take it away again. People notice nothing.

    It does what `restore` does, and lets the probe work on the restored table with functions that nobody else calls.
    It tells how much would be lost now, how long each step takes, and what differs. It ends with 1 if anything fails.
    """
    aws, began, taken = aws_of(stage), clock.now(), dict[str, float]()
    serving = tables.serving(aws, stage)
    source = past.at_time(aws, serving, None)
    name = tables.restored(stage, f"drill-{began:%Y%m%dt%H%M%S}")
    tried = [function_name(stage, each) for each in _TRIED]
    wanted = Restore(aws, stage, serving, source, name, days)

    @contextmanager
    def timed(sentence: str) -> Iterator[None]:
        start = time.monotonic()
        with step(sentence):
            yield
        taken[sentence] = time.monotonic() - start

    try:
        compared = bring_back(wanted, timed)
        with timed("Trying functions with it, which nobody else calls"):
            careful(aws, stage, 0).prove(switching.beside(aws, stage, tried, name))
    finally:
        with step("Taking it away again"):
            try:
                switching.forget(aws, stage, tried, name)
            finally:
                making.delete(aws, name)
    heading(f"{serving} can be restored")
    line(f"RPO       {_words(began - source.at)}: so much of the last work would be lost now")
    line(f"RTO       {_words(timedelta(seconds=sum(taken.values())))}, and a second for the switch")
    for sentence, seconds in taken.items():
        line(f"{seconds:8.1f} s {sentence}")
    tell(wanted, compared)


def _words(span: timedelta) -> str:
    minutes, seconds = divmod(max(0, round(span.total_seconds())), 60)
    return f"{minutes} min {seconds} s"
