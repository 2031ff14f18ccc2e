"""A stand-in for Takip's registration of people from a file."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

from click.testing import Result

from infra.aws import Aws

Import = Callable[..., Result]


class Enrolling:
    """Takip's side of it: enrols everybody but those it is told to refuse or to know already."""

    def __init__(self) -> None:
        self.given: dict[str, Any] = {}
        self.refused: dict[str, list[str]] = {}
        self.there: set[str] = set()
        self.interrupted_after = sys.maxsize

    def __call__(self, _aws: Aws, _stage: str, verb: str, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
        assert verb == "enrol people"
        self.given = given
        for number, person in enumerate(given["people"]):
            if number == self.interrupted_after:
                raise KeyboardInterrupt
            name = person["username"]
            if name in self.refused:
                yield {"outcome": "refused", "reasons": self.refused[name]}
            elif name in self.there:
                yield {"outcome": "already there"}
            else:
                yield {"outcome": "enrolled", "one_time_password": f"secret-of-{name}"}
