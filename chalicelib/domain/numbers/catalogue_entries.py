"""What the catalogue says about a metric, and the examples by which it is checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chalicelib.domain.numbers.metrics import Metric

ISO_22400 = "ISO 22400-2"
PLAN = "adherence to the plan"
FLOOR = "times and counts of the floor"
ANSWERS = "times of answers"


class Of(StrEnum):
    """What a metric is a number of."""

    STAGE = "stage"
    ORDER = "order"
    DAY = "day"
    HOUR = "hour"
    LOSS = "loss"
    PRODUCT = "product"
    MACHINE = "machine"
    ISSUES = "issues"


@dataclass(frozen=True)
class Example:
    """A worked example: its inputs as data, and the function that computes the metrics from them.

    The numbers of an example are never written down: who shows them computes them as every answer is computed.
    """

    name: str
    inputs: Mapping[str, Any]
    measure: Callable[[Mapping[str, Any]], Mapping[str, Metric]]

    def measured(self) -> Mapping[str, Metric]:
        """The metrics of the example by their names."""
        return self.measure(self.inputs)


@dataclass(frozen=True)
class Entry:
    """A metric of the catalogue.

    `words` is the formula in words. `reasons` are all reasons for which it can be null. `doubts` are all reasons for
    which it can be implausible.
    """

    name: str
    unit: str
    words: str
    source: str
    of: tuple[Of, ...]
    example: Example
    reasons: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    version: int = 1

    @property
    def formula(self) -> str:
        """The formula id, as every metric object carries it."""
        return f"{self.name}.v{self.version}"

    @property
    def worked(self) -> Metric:
        """The metric in its example."""
        return self.example.measured()[self.name]
