"""Suggested standards: how many seconds of run time a piece took in the stages of a product that were done last.

The median is suggested, with the quartiles as its spread. Nothing is changed by it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.numbers.day_facts import StageFact
from chalicelib.domain.numbers.dimensions import Dimension
from chalicelib.domain.numbers.metrics import Metric, rounded, shown
from chalicelib.domain.orders.work_orders import order_id_of
from chalicelib.domain.text import folded

MOST_LOOKED_AT = 20
"""The most stages of one name that are looked at, those that were done last."""
FEWEST_TO_JUDGE, FACTOR = 3, 10
"""Of so many stages at least, one is implausible if its pace is this many times the median, or the reverse."""

QUARTERS = {"suggested_standard": 2, "standard_lower_quartile": 1, "standard_upper_quartile": 3}
"""The metrics, and how many quarters of the stages do not exceed each."""


@dataclass(frozen=True)
class DoneStage:
    """A stage that was done: its name, when it ended, its run time in milliseconds and the pieces that it took."""

    stage_id: str
    name: str
    ended_at: datetime
    run: int
    pieces: Decimal

    @property
    def pace(self) -> Fraction:
        """Its run time in seconds a piece."""
        return Fraction(self.run, 1000) / Fraction(self.pieces)

    @property
    def unusable(self) -> str | None:
        """Why it tells nothing about a standard; None if it does."""
        return "no_output" if not self.pieces else None if self.run else "no_run"


@dataclass(frozen=True)
class Suggestion:
    """What is suggested as the standard of a stage: metrics, the stages used, and those left out with the reason."""

    name: str
    metrics: dict[str, Metric]
    used: Sequence[DoneStage]
    left_out: Sequence[tuple[DoneStage, str]]

    @property
    def orders(self) -> int:
        """The number of orders whose stages are used."""
        return len({order_id_of(each.stage_id) for each in self.used})


def done_stage(stage_id: str, fact: StageFact) -> DoneStage | None:
    """A stage from its fact; None if an earlier release made the fact: it does not say which stage it is."""
    name = next((group.value for group in fact.groups or () if group.dimension is Dimension.STAGE), None)
    if name is None or fact.ended_at is None:
        return None
    return DoneStage(stage_id, name, fact.ended_at, fact.run, fact.good + fact.scrap + fact.rework)


def suggested(stages: Iterable[DoneStage], names: Iterable[str] = ()) -> list[Suggestion]:
    """A suggestion for each name of a stage, those in `names` first. Names are compared without case.

    Of each name the stages that ended last are looked at, 20 at most.
    """
    named: dict[str, str] = {}
    for name in names:
        named.setdefault(folded(name), name)
    by_name: dict[str, list[DoneStage]] = {each: [] for each in named}
    for stage in sorted(stages, key=lambda each: (each.ended_at, each.stage_id), reverse=True):
        by_name.setdefault(folded(stage.name), []).append(stage)
    return [
        _suggestion(named.get(each) or of_name[0].name, of_name[:MOST_LOOKED_AT]) for each, of_name in by_name.items()
    ]


def nearest_rank(values: Sequence[DoneStage], quarters: int) -> DoneStage:
    """The smallest pace that so many quarters of all do not exceed (nearest rank), as the stage that had it.

    `values` are in order of pace.
    """
    return values[-(-quarters * len(values) // 4) - 1]


def _suggestion(name: str, stages: Sequence[DoneStage]) -> Suggestion:
    left_out = [(each, each.unusable) for each in stages if each.unusable]
    usable = _by_pace(each for each in stages if not each.unusable)
    implausible = [each for each in usable if _implausible(each, usable)]
    left_out += [(each, "implausible") for each in implausible]
    used = [each for each in usable if each not in implausible]
    return Suggestion(
        name=name,
        metrics={metric: _metric(metric, used, quarters) for metric, quarters in QUARTERS.items()},
        used=sorted(used, key=_age, reverse=True),
        left_out=sorted(left_out, key=lambda each: _age(each[0]), reverse=True),
    )


def _implausible(stage: DoneStage, usable: Sequence[DoneStage]) -> bool:
    """Whether a stage is far from the median of all."""
    if len(usable) < FEWEST_TO_JUDGE:
        return False
    median = nearest_rank(usable, 2).pace
    return not median / FACTOR <= stage.pace <= median * FACTOR


def _metric(name: str, used: Sequence[DoneStage], quarters: int) -> Metric:
    """The run seconds and the pieces of the stage at this rank, as a metric in seconds a piece."""
    if not used:
        return Metric(None, "seconds", f"{name}.v1", reason="no_data")
    stage = nearest_rank(used, quarters)
    return Metric(rounded(stage.pace), "seconds", f"{name}.v1", shown(Fraction(stage.run, 1000)), stage.pieces)


def _by_pace(stages: Iterable[DoneStage]) -> list[DoneStage]:
    """Stages by their pace; of equal ones the one with the smaller id comes first."""
    return sorted(stages, key=lambda each: (each.pace, each.stage_id))


def _age(stage: DoneStage) -> tuple[datetime, str]:
    return stage.ended_at, stage.stage_id
