"""Pareto: the reasons of losses, the largest first, each with its share and the share of all up to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from chalicelib.domain.intervals import Interval
from chalicelib.domain.machines.joined import MICROSECOND
from chalicelib.domain.machines.stops import StopPart
from chalicelib.domain.numbers.metrics import Metric, ratio

MICROSECONDS_A_MINUTE = 60_000_000


class LossKind(StrEnum):
    """What is lost: the time of stops."""

    STOPS = "stops"


@dataclass(frozen=True)
class Loss:
    """A loss and its reason (None: nobody gave one). `size` is in minutes or in pieces, `count` how often it came."""

    reason: str | None
    size: Fraction
    count: int = 1


@dataclass(frozen=True)
class ParetoRow:
    """All losses of one reason, with their share and the share of this and of all larger reasons."""

    loss: Loss
    metrics: dict[str, Metric]


@dataclass(frozen=True)
class Pareto:
    """The losses of a window by reason. `machine_id` is None if they are those of all machines."""

    of: LossKind
    unit: str
    machine_id: str | None
    window: Interval
    timezone: str
    total: Loss
    rows: Sequence[ParetoRow]
    as_of: datetime
    complete: bool


def of_stops(stops: Iterable[StopPart], window: Interval) -> list[Loss]:
    """The stops that touch a window as losses in minutes, each as long as it lies in the window."""
    return [_lost(stop, window) for stop in stops]


def _lost(stop: StopPart, window: Interval) -> Loss:
    start, end = window
    within = min(stop.ended_at or end, end) - max(stop.started_at, start)
    reason = stop.explanation.reason if stop.explanation else None
    return Loss(reason, Fraction(within // MICROSECOND, MICROSECONDS_A_MINUTE))


def rows_of(losses: Iterable[Loss]) -> tuple[list[ParetoRow], Loss]:
    """The losses by reason, the largest first, and all of them together. Equal ones are in order of their reason.

    A reason of which nothing was lost is left out.
    """
    by_reason: dict[str | None, Loss] = {}
    for loss in losses:
        known = by_reason.get(loss.reason, Loss(loss.reason, Fraction(0), 0))
        by_reason[loss.reason] = Loss(loss.reason, known.size + loss.size, known.count + loss.count)
    in_order = sorted((each for each in by_reason.values() if each.size), key=_place)
    total = Loss(None, sum((each.size for each in in_order), Fraction(0)), sum(each.count for each in in_order))
    rows, up_to = [], Fraction(0)
    for loss in in_order:
        up_to += loss.size
        rows.append(
            ParetoRow(
                loss,
                {
                    "share": ratio("share", loss.size, total.size, empty="no_data"),
                    "cumulative_share": ratio("cumulative_share", up_to, total.size, empty="no_data"),
                },
            )
        )
    return rows, total


def _place(loss: Loss) -> tuple[Fraction, bool, str]:
    """Where a reason stands: by size, the largest first; no reason comes after all others of its size."""
    return -loss.size, loss.reason is None, loss.reason or ""
