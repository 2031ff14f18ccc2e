"""`takip.py probe`: whether what serves works, from the sign-in to the numbers."""

import rich_click as click

from infra.cli.console import line, step
from infra.cli.environments import aws_of, stage_option
from infra.rollout import prove_live


@click.command()
@stage_option
def probe(stage: str) -> None:
    """Try what serves now: sign in, open an order, work on it, send a reading, read the numbers.

    It works in a tenant of its own, `probe`, and what it writes expires. The clock does the same every 15 minutes, and
    an alarm tells if it fails. Run it after every repair. It ends with 1 if something is not as it should be.
    """
    aws = aws_of(stage)
    with step(f"Trying what serves {stage}"):
        prove_live(aws, stage)
    line("Everything is as it should be.")
