"""The worked example of a machine: a shift with a break, a breakdown and a setup."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from chalicelib.domain.numbers.catalogue_entries import Example
from chalicelib.domain.numbers.machine_time import MachineTime
from chalicelib.domain.numbers.metrics import Metric
from chalicelib.domain.numbers.oee import MICROSECONDS_A_MINUTE, Booked, OeeSums, made_of, metrics_of

Inputs = Mapping[str, Any]


def of_shift(inputs: Inputs) -> Mapping[str, Metric]:
    """The metrics of a shift."""
    times = {name: minutes * MICROSECONDS_A_MINUTE for name, minutes in inputs["minutes"].items()}
    planned = times.pop("shift") - times.pop("breaks")
    good = Decimal(inputs["made"] - inputs["scrap"])
    made = made_of(Booked(good, Decimal(inputs["scrap"]), standard=Decimal(inputs["standard_seconds_per_unit"])))
    return metrics_of(OeeSums(MachineTime(planned=planned, **times), made))


MACHINE = Example(
    "a shift of a machine",
    {
        "minutes": {"shift": 480, "breaks": 30, "producing": 390, "setup": 15, "unplanned_stop": 45},
        "standard_seconds_per_unit": 60,
        "made": 300,
        "scrap": 12,
    },
    of_shift,
)
