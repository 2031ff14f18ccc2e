"""Day sums: the sums of a day's facts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar

from chalicelib.domain import intervals
from chalicelib.domain.instants import milliseconds
from chalicelib.domain.intervals import Interval
from chalicelib.domain.numbers.day_facts import Fact, GivenUpFact, OrderFact, SessionFact, StageFact
from chalicelib.domain.orders.session_records import SessionKind

NOTHING = Decimal(0)

Amount = TypeVar("Amount", Decimal, int)


@dataclass(frozen=True)
class FinishedStages:
    """Sums over the stages done in a day. Times are in milliseconds, `standard` is in seconds.

    `skipped` and `cancelled` stages are counted beside them, and are in no other sum; None if they were not counted.

    `late` is against the current plan, `baseline_late` against the first one. `with_standard` stages have a standard:
    `standard` is what their pieces take by it, and `standard_run` what they took.
    """

    done: int = 0
    late: int = 0
    planned: int = 0
    run: int = 0
    labour: int = 0
    delay: int = 0
    good: Decimal = NOTHING
    scrap: Decimal = NOTHING
    rework: Decimal = NOTHING
    baseline_late: int = 0
    good_from_rework: Decimal = NOTHING
    with_standard: int = 0
    standard: Decimal = NOTHING
    standard_run: int = 0
    skipped: int | None = 0
    cancelled: int | None = 0


@dataclass(frozen=True)
class FinishedOrders:
    """Sums over the orders done in a day. The lead time is in milliseconds. `good` are those of their last stages.

    `cancelled` orders are counted beside them; None if they were not counted.
    """

    done: int = 0
    late: int = 0
    lead: int = 0
    baseline_late: int = 0
    good: Decimal = NOTHING
    cancelled: int | None = 0


@dataclass(frozen=True)
class WorkedTime:
    """Sums over the parts of sessions in a day. Times are in milliseconds. Run time is the union of the sessions.

    `setup`, `breakdown` and `rework` are sums over the sessions of these kinds, and parts of `labour`. By reason:
    scrap, how often work was paused, and for how long nobody worked at a stage after that. A session without a reason
    is a pause without one if nobody worked at its stage after it and work went on later.
    """

    run: int = 0
    labour: int = 0
    setup: int = 0
    pieces: Decimal = NOTHING
    breakdown: int = 0
    rework: int = 0
    last_stage_pieces: Decimal = NOTHING
    scrap_by_reason: Mapping[str, Decimal] = field(default_factory=dict)
    pauses_by_reason: Mapping[str, int] = field(default_factory=dict)
    paused_by_reason: Mapping[str, int] = field(default_factory=dict)
    pauses_without_reason: int = 0
    paused_without_reason: int = 0


@dataclass(frozen=True)
class DaySums:
    """The sums of a day, of the plant or of a group. Ratios are computed from them when they are read.

    `recorded` of the `facts` name their groups, and all that is summed. Facts of earlier releases do not.
    """

    stages: FinishedStages = field(default_factory=FinishedStages)
    orders: FinishedOrders = field(default_factory=FinishedOrders)
    time: WorkedTime = field(default_factory=WorkedTime)
    facts: int = 0
    recorded: int = 0

    @property
    def whole(self) -> bool:
        """Whether all facts name their groups."""
        return self.recorded == self.facts

    @property
    def known(self) -> bool:
        """Whether every sum is known."""
        return self.whole and self.orders.cancelled is not None

    @property
    def without_given_up(self) -> "DaySums":
        """The same, not knowing what was given up."""
        stages, orders = replace(self.stages, skipped=None, cancelled=None), replace(self.orders, cancelled=None)
        return replace(self, stages=stages, orders=orders)


def summed(facts: Iterable[Fact]) -> DaySums:
    """The sums of a day's facts. Their order does not matter."""
    everything = list(facts)
    given_up = [fact for fact in everything if isinstance(fact, GivenUpFact)]
    return DaySums(
        stages=_stages([fact for fact in everything if isinstance(fact, StageFact)], given_up),
        orders=_orders([fact for fact in everything if isinstance(fact, OrderFact)], given_up),
        time=_time([fact for fact in everything if isinstance(fact, SessionFact)]),
        facts=len(everything),
        recorded=sum(fact.groups is not None for fact in everything),
    )


def _stages(facts: Sequence[StageFact], given_up: Sequence[GivenUpFact]) -> FinishedStages:
    measured = [fact for fact in facts if fact.standard is not None]
    return FinishedStages(
        done=len(facts),
        late=sum(fact.late for fact in facts),
        planned=sum(fact.planned for fact in facts),
        run=sum(fact.run for fact in facts),
        labour=sum(fact.labour for fact in facts),
        delay=sum(fact.delay for fact in facts),
        good=sum((fact.good for fact in facts), NOTHING),
        scrap=sum((fact.scrap for fact in facts), NOTHING),
        rework=sum((fact.rework for fact in facts), NOTHING),
        baseline_late=sum(fact.baseline_late for fact in facts),
        good_from_rework=sum((fact.good_from_rework for fact in facts), NOTHING),
        with_standard=len(measured),
        standard=sum((fact.standard or NOTHING for fact in measured), NOTHING),
        standard_run=sum(fact.run for fact in measured),
        skipped=sum(fact.skipped for fact in given_up),
        cancelled=sum(not fact.is_order and not fact.skipped for fact in given_up),
    )


def _orders(facts: Sequence[OrderFact], given_up: Sequence[GivenUpFact]) -> FinishedOrders:
    return FinishedOrders(
        done=len(facts),
        late=sum(fact.late for fact in facts),
        lead=sum(fact.lead for fact in facts),
        baseline_late=sum(fact.baseline_late for fact in facts),
        good=sum((fact.good for fact in facts), NOTHING),
        cancelled=sum(fact.is_order for fact in given_up),
    )


def _time(facts: Sequence[SessionFact]) -> WorkedTime:
    spans: list[Interval] = [(fact.started_at, fact.ended_at) for fact in facts]
    unexplained = [fact.paused for fact in facts if fact.paused and fact.pause_reason is None]
    return WorkedTime(
        run=milliseconds(intervals.union(spans)),
        labour=milliseconds(intervals.total(spans)),
        setup=_length(facts, SessionKind.SETUP),
        pieces=sum((fact.good for fact in facts), NOTHING),
        breakdown=_length(facts, SessionKind.BREAKDOWN),
        rework=_length(facts, SessionKind.REWORK),
        last_stage_pieces=sum((fact.good for fact in facts if fact.is_last), NOTHING),
        scrap_by_reason=_by_reason(facts, lambda fact: (fact.scrap or {}).items(), NOTHING),
        pauses_by_reason=_by_reason(facts, lambda fact: [(fact.pause_reason, 1)], 0),
        paused_by_reason=_by_reason(facts, lambda fact: [(fact.pause_reason, fact.paused)], 0),
        pauses_without_reason=len(unexplained),
        paused_without_reason=sum(unexplained),
    )


def _length(facts: Iterable[SessionFact], kind: SessionKind) -> int:
    """The sum of the lengths of the sessions of a kind."""
    spans = ((fact.started_at, fact.ended_at) for fact in facts if fact.kind is kind)
    return milliseconds(intervals.total(spans))


def _by_reason(
    facts: Iterable[SessionFact],
    parts_of: Callable[[SessionFact], Iterable[tuple[str | None, Amount]]],
    nothing: Amount,
) -> dict[str, Amount]:
    """The sums of parts by their reasons. A part without a reason is left out, and a sum of zero too."""
    sums: dict[str, Amount] = {}
    for fact in facts:
        for reason, amount in parts_of(fact):
            if reason is not None:
                sums[reason] = sums.get(reason, nothing) + amount
    return {reason: amount for reason, amount in sums.items() if amount}
