"""The worked example of a suggested standard: the stages of a product that were done last."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from chalicelib.domain import instants
from chalicelib.domain.numbers.catalogue_entries import Example
from chalicelib.domain.numbers.metrics import Metric
from chalicelib.domain.numbers.standards import DoneStage, suggested

Inputs = Mapping[str, Any]


def of_product(inputs: Inputs) -> Mapping[str, Metric]:
    """The suggestion for the one stage of a product."""
    began = instants.read("2026-01-05T08:00:00Z")
    done = [
        DoneStage(f"WO-{n}-01", "Enjeksiyon", began + timedelta(days=n), 60_000 * run, Decimal(pieces))
        for n, (run, pieces) in enumerate(zip(inputs["run_minutes"], inputs["pieces"], strict=True), 1)
    ]
    return suggested(done)[0].metrics


# The last one was started and finished by mistake: 0.6 s a piece is less than a tenth of the median.
STANDARD = Example(
    "a product",
    {"run_minutes": [50, 55, 120, 66, 1], "pieces": [100, 100, 200, 110, 100]},
    of_product,
)
