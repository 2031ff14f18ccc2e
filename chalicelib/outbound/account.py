"""The account of AWS in which Takip runs."""

from typing import NamedTuple

from chalicelib import aws, remembered


class Account(NamedTuple):
    """An account: its id of twelve digits, and the partition of AWS that it belongs to, for example "aws"."""

    id: str
    partition: str


@remembered.cached
def own() -> Account:
    """Our own account. STS answers to everybody who has credentials."""
    caller = aws.client("sts").get_caller_identity()
    return Account(caller["Account"], caller["Arn"].split(":")[1])
