"""Trying again for as long as AWS says that it is too early."""

import time
from collections.abc import Callable, Collection

from botocore.exceptions import ClientError

_TRIES = 10
_SECONDS_BETWEEN_TRIES = 3


def patiently(make: Callable[[], object], not_yet: Collection[str]) -> None:
    """Try for half a minute, as long as AWS refuses with one of these codes. Raises ClientError."""
    for tries_left in reversed(range(_TRIES)):
        try:
            make()
        except ClientError as error:
            if not tries_left or error.response["Error"]["Code"] not in not_yet:
                raise
            time.sleep(_SECONDS_BETWEEN_TRIES)
        else:
            return
