"""The worked example of a Pareto: the stops of a machine by reason."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from chalicelib.domain.numbers.catalogue_entries import Example
from chalicelib.domain.numbers.metrics import Metric
from chalicelib.domain.numbers.pareto import Loss, rows_of

Inputs = Mapping[str, Any]


def of_second_reason(inputs: Inputs) -> Mapping[str, Metric]:
    """The metrics of the second largest reason."""
    losses = [Loss(reason, Fraction(minutes)) for reason, minutes in inputs["stops"]]
    return rows_of(losses)[0][1].metrics


# `material` is the largest reason, `tooling` the second; one stop was not explained.
LOSSES = Example(
    "the second reason of stops",
    {"stops": [["tooling", 30], ["material", 25], ["material", 35], ["tooling", 10], [None, 20]]},
    of_second_reason,
)
