"""Explained numbers of days and shifts: the facts of which they are summed, and what is left out of which number."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from chalicelib.domain.instants import wire
from chalicelib.domain.intervals import Interval
from chalicelib.domain.numbers.day_facts import Fact, FactKey, GivenUpFact, OrderFact, SessionFact, StageFact, in_group
from chalicelib.domain.numbers.dimensions import WHOLE, Group
from chalicelib.domain.numbers.inputs import Input, Kind, Use, overlapping
from chalicelib.domain.numbers.issue_days import IssueOfDay
from chalicelib.domain.numbers.shift_sums import within

DAY = timedelta(days=1)


@dataclass(frozen=True)
class DayFacts:
    """The facts of some days by their keys, and the keys of those of the days around them."""

    facts: Mapping[FactKey, Fact]
    around: Collection[FactKey] = ()

    def goes_on(self, key: FactKey, days: int) -> bool:
        """Whether a session has a part in the day before (-1) or after (1) as well."""
        other = replace(key, day=key.day + days * DAY)
        return other in self.facts or other in self.around


def of_group(window: Interval, known: DayFacts, group: Group, issues: Iterable[IssueOfDay] = ()) -> list[Input]:
    """The inputs of a day of the plant or of a group, in order. What does not name its groups is left out of those."""
    kept = {key: fact for key, fact in known.facts.items() if fact.groups is None or in_group(fact, group)}
    whole = DayFacts(kept, known.around)
    told = [
        _unknown(key) if group != WHOLE and fact.groups is None else _told(whole, key, fact)
        for key, fact in kept.items()
    ]
    return _listed(told, [window], issues)


def of_shift(spans: Iterable[Interval], known: DayFacts, *, recorded: bool) -> list[Input]:
    """The inputs of a shift, in order; `spans` are its times. If it is not `recorded`, all facts are left out."""
    times = list(spans)
    if not recorded:
        return _listed(map(_unknown, known.facts), times)
    parts = (
        _told(known, key, part, fact, span)
        for span in times
        for key, fact in known.facts.items()
        for part in within(fact, span)
    )
    return _listed(parts, times)


def _listed(told: Iterable[Input], windows: Iterable[Interval], issues: Iterable[IssueOfDay] = ()) -> list[Input]:
    found = list(told)
    sessions = [each for each in found if each.kind is Kind.SESSION]
    others = [each for each in found if each.kind is not Kind.SESSION]
    times = (
        Input(Kind.WINDOW, wire(start), started_at=start, ended_at=end, length=end - start) for start, end in windows
    )
    return sorted([*others, *overlapping(sessions), *map(_issue, issues), *times], key=lambda each: each.place)


def _unknown(key: FactKey) -> Input:
    """A fact of an earlier release: it does not say whose numbers it belongs to."""
    return Input(Kind(key.subject.lower()), key.identity, Use.LEFT_OUT, "not_recorded")


def _told(known: DayFacts, key: FactKey, part: Fact, whole: Fact | None = None, span: Interval | None = None) -> Input:
    """A fact, or the part of it that lies in a time."""
    if isinstance(part, StageFact):
        return _stage(key.identity, part)
    if isinstance(part, OrderFact):
        return _order(key.identity, part)
    if isinstance(part, GivenUpFact):
        return _given_up(key.identity, part)
    ends = not known.goes_on(key, 1) and (span is None or span[0] <= part.ended_at < span[1])
    cut = not ends or known.goes_on(key, -1) or (whole is not None and part != whole)
    return _session(key.identity, part, cut=cut, ends=ends)


def _stage(stage_id: str, fact: StageFact) -> Input:
    return Input(
        Kind.STAGE,
        stage_id,
        stage_id=stage_id,
        ended_at=fact.ended_at,
        length=timedelta(milliseconds=fact.planned),
        good=fact.good,
        scrap=fact.scrap,
        rework=fact.rework,
        left_out_of={"effectiveness": "no_standard"} if fact.standard is None else {},
        amounts={
            "run_seconds": _seconds(fact.run),
            "labour_seconds": _seconds(fact.labour),
            "delay_seconds": _seconds(fact.delay),
            "good_from_rework": fact.good_from_rework,
            **_lateness(fact),
            **({} if fact.standard is None else {"standard_seconds": fact.standard}),
        },
        facts={"status": "done"},
    )


def _order(order_id: str, fact: OrderFact) -> Input:
    amounts = {"lead_seconds": _seconds(fact.lead), **_lateness(fact)}
    return Input(
        Kind.ORDER, order_id, ended_at=fact.ended_at, good=fact.good, amounts=amounts, facts={"status": "done"}
    )


def _given_up(identity: str, fact: GivenUpFact) -> Input:
    """A stage or an order that was given up: it is counted, and left out of everything else."""
    why = "skipped" if fact.skipped else "cancelled"
    kind, stage_id = (Kind.ORDER, None) if fact.is_order else (Kind.STAGE, identity)
    facts = {"status": why}
    return Input(kind, identity, Use.LEFT_OUT, why, stage_id, ended_at=fact.ended_at, facts=facts)


def _session(session_id: str, part: SessionFact, *, cut: bool, ends: bool) -> Input:
    """A session, or the part of it that is looked at: `cut` if it is only a part, `ends` if its end is in it."""
    facts = {"kind": part.kind.value, "pause_reason": part.pause_reason, "corrects": part.corrects}
    unless = "ends_later" if not ends else None if part.is_last else "not_last_stage"
    return Input(
        Kind.SESSION,
        session_id,
        Use.CLIPPED if cut else Use.USED,
        "outside_of_window" if cut else None,
        part.stage_id,
        part.started_at,
        part.ended_at,
        part.ended_at - part.started_at,
        good=part.good,
        scrap=sum((part.scrap or {}).values(), Decimal(0)),
        rework=part.rework,
        left_out_of={"throughput": unless} if unless else {},
        amounts={"paused_seconds": _seconds(part.paused)} if part.paused else {},
        facts={name: value for name, value in facts.items() if value is not None},
    )


def _issue(issue: IssueOfDay) -> Input:
    """An issue that was reported, acknowledged or resolved that day."""
    answers = {"mtta": ("acknowledged", issue.acknowledged), "mttr": ("resolved", issue.resolved)}
    unless = [(name, f"not_{answer}") for name, (answer, spent) in answers.items() if spent is None]
    return Input(
        Kind.ISSUE,
        issue.id,
        left_out_of={metric: why for name, why in unless for metric in (name, f"{name}_p90")},
        amounts={f"{answer}_seconds": _seconds(spent) for answer, spent in answers.values() if spent is not None},
        facts={"kind": issue.type.value},
    )


def _lateness(fact: StageFact | OrderFact) -> dict[str, Decimal]:
    return {"late": Decimal(fact.late), "baseline_late": Decimal(fact.baseline_late)}


def _seconds(milliseconds: int) -> Decimal:
    return Decimal(milliseconds).scaleb(-3)
