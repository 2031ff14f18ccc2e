"""Counting again what remains of orders of earlier releases; every deployment does it."""

from infra.administration import ask
from infra.aws import Aws
from infra.cli.console import step


def count_again(aws: Aws, environment: str) -> None:
    """Mark the orders whose counts are not right, for the aggregation. Raises Problem."""
    with step("Looking for orders that the summary does not count yet"):
        list(ask(aws, environment, "count again", {}))
