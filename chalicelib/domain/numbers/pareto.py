"""Pareto: the reasons of losses, the largest first, each with its share and the share of all up to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from chalicelib.domain.intervals import Interval
from chalicelib.domain.machines.joined import MICROSECOND
from chalicelib.domain.machines.stops import StopPart
from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.metrics import Metric, ratio

MICROSECONDS_A_MINUTE, MILLISECONDS_A_MINUTE = 60_000_000, 60_000


class LossKind(StrEnum):
    """What is lost: the time of stops of machines, the time of pauses at stages, or scrapped pieces."""

    STOPS = "stops"
    PAUSES = "pauses"
    SCRAP = "scrap"

    @property
    def unit(self) -> str:
        """The unit of its sizes."""
        return "pieces" if self is LossKind.SCRAP else "minutes"


@dataclass(frozen=True)
class Loss:
    """A loss and its reason (None: nobody gave one). `size` is in minutes or in pieces.

    `count` is how often it came; None of scrap, whose pieces are counted.
    """

    reason: str | None
    size: Fraction
    count: int | None = 1

    def __add__(self, other: "Loss") -> "Loss":
        """Both together, for the reason of the first."""
        unknown = self.count is None or other.count is None
        return Loss(self.reason, self.size + other.size, None if unknown else (self.count or 0) + (other.count or 0))


@dataclass(frozen=True)
class ParetoRow:
    """All losses of one reason, with their share and the share of this and of all larger reasons."""

    loss: Loss
    metrics: dict[str, Metric]


@dataclass(frozen=True)
class Pareto:
    """The losses of a window by reason. `machine_id` is None if they are those of all machines.

    `watermark` is up to when changes are in sums of days; None of stops, which are found when they are read.
    `unrecorded_days` have facts of an earlier release, which do not name reasons: they are missing in part.
    """

    of: LossKind
    machine_id: str | None
    window: Interval
    timezone: str
    total: Loss
    rows: Sequence[ParetoRow]
    as_of: datetime
    complete: bool
    watermark: datetime | None = None
    unrecorded_days: int = 0


def of_pauses(sums: DaySums) -> list[Loss]:
    """The pauses of a day as losses in minutes. A pause has minutes once work went on, and while nobody else worked."""
    time = sums.time
    counts, lengths = time.pauses_by_reason, time.paused_by_reason
    return [
        *(_paused(reason, lengths.get(reason, 0), counts.get(reason, 0)) for reason in sorted({*counts, *lengths})),
        _paused(None, time.paused_without_reason, time.pauses_without_reason),
    ]


def _paused(reason: str | None, milliseconds: int, count: int) -> Loss:
    return Loss(reason, Fraction(milliseconds, MILLISECONDS_A_MINUTE), count)


def of_scrap(sums: DaySums) -> list[Loss]:
    """The scrap of a day as losses in pieces."""
    return [Loss(reason, Fraction(pieces), None) for reason, pieces in sums.time.scrap_by_reason.items()]


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

    A reason of which nothing was lost is left out, unless it came.
    """
    by_reason: dict[str | None, Loss] = {}
    for loss in losses:
        known = by_reason.get(loss.reason)
        by_reason[loss.reason] = known + loss if known else loss
    in_order = sorted((each for each in by_reason.values() if each.size or each.count), key=_place)
    total = replace(sum(in_order[1:], in_order[0]), reason=None) if in_order else Loss(None, Fraction(0), 0)
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
