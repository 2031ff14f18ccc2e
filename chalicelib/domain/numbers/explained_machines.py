"""Explained OEE of a machine: its planned time, its states in it, and the sessions whose pieces count."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from chalicelib.domain.intervals import Interval, gaps
from chalicelib.domain.machines.joined import MICROSECOND
from chalicelib.domain.numbers.calendars import PlannedShift, busy, planned_shifts
from chalicelib.domain.numbers.day_facts import SessionFact
from chalicelib.domain.numbers.inputs import Input, Kind, Use, cut
from chalicelib.domain.numbers.machine_oee import Look, Observed, planned_in, states_in

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OF_PIECES = ("oee_effectiveness", "oee_quality", "oee")
OUTSIDE = "outside_of_window"


def of_machine(observed: Observed, look: Look, *, sessions: bool) -> list[Input]:
    """The inputs of the OEE of a machine in the window of what is looked at, in order; on request with its sessions."""
    known = look.known(look.window)
    planned = planned_in(observed.calendar, known, look.timezone)
    found = [
        _window(look, known),
        *_shifts(observed, known, look.timezone, has_plan=planned is not None),
        *_states(observed, look, known, [known] if planned is None else planned),
        *(_sessions(observed, look.window) if sessions else ()),
    ]
    return sorted(found, key=lambda each: each.place)


def _window(look: Look, known: Interval) -> Input:
    use, _, length = cut(look.window, known, "future")
    why = None if use is Use.USED else "future"
    return Input(Kind.WINDOW, "window", use, why, None, *look.window, length)


def _shifts(observed: Observed, known: Interval, timezone: str, *, has_plan: bool) -> Iterator[Input]:
    """The planned times of the shifts, and their breaks."""
    if observed.calendar is None or not has_plan:
        yield Input(Kind.SHIFT, "none", Use.LEFT_OUT, "no_calendar")
        return
    for shift in planned_shifts(observed.calendar, known, timezone):
        yield from (_planned(shift, part) for part in busy([shift], known))
        for start, end in shift.breaks:
            if start < known[1] and known[0] < end:
                yield Input(Kind.BREAK, shift.name, Use.LEFT_OUT, "break", None, start, end)


def _planned(shift: PlannedShift, part: Interval) -> Input:
    """A part of a shift without its breaks. It is clipped if the window begins or ends in it."""
    whole = any(part == each for each in busy([shift], shift.span))
    use = Use.USED if whole else Use.CLIPPED
    return Input(Kind.SHIFT, shift.name, use, None if whole else OUTSIDE, None, *part, part[1] - part[0])


def _states(observed: Observed, look: Look, known: Interval, planned: Sequence[Interval]) -> Iterator[Input]:
    """The states in the window, cut where planned time begins and ends. What is not planned is left out."""
    states, source = states_in(observed, look, known)
    for begin, until, state in states:
        span = EPOCH + begin * MICROSECOND, EPOCH + until * MICROSECOND
        facts = {"state": state, "source": str(source)}
        inside = [part for part in (_common(span, each) for each in planned) if part[0] < part[1]]
        for part in inside:
            use = Use.USED if part == span else Use.CLIPPED
            why = None if part == span else OUTSIDE
            yield Input(Kind.STATE, observed.machine.id, use, why, None, *part, part[1] - part[0], facts=facts)
        there = _common(span, known)
        for part in gaps(there, inside) if there[0] < there[1] else ():
            yield Input(Kind.STATE, observed.machine.id, Use.LEFT_OUT, "not_planned", None, *part, facts=facts)


def _common(one: Interval, other: Interval) -> Interval:
    return max(one[0], other[0]), min(one[1], other[1])


def _sessions(observed: Observed, window: Interval) -> Iterator[Input]:
    """The sessions of the window. The pieces of those that ended in it count."""
    whole: dict[str, SessionFact] = {}
    for session_id, part in observed.facts:
        begun = whole.get(session_id, part).started_at
        whole[session_id] = replace(part, started_at=begun)
    for session_id, session in whole.items():
        ends = window[0] <= session.ended_at < window[1]
        if ends or (session.started_at < window[1] and window[0] < session.ended_at):
            yield _session(session_id, session, window) if ends else _ended_elsewhere(session_id, session)


def _session(session_id: str, session: SessionFact, window: Interval) -> Input:
    """A session whose pieces count. Only its time in the window is known: it may have begun days before."""
    start = max(session.started_at, window[0])
    cut_off = session.started_at < window[0]
    return replace(
        _ended_elsewhere(session_id, session),
        use=Use.CLIPPED if cut_off else Use.USED,
        why=OUTSIDE if cut_off else None,
        started_at=start,
        length=session.ended_at - start,
        left_out_of=dict.fromkeys(OF_PIECES, "no_standard") if session.standard is None else {},
    )


def _ended_elsewhere(session_id: str, session: SessionFact) -> Input:
    return Input(
        Kind.SESSION,
        session_id,
        Use.LEFT_OUT,
        "ended_elsewhere",
        session.stage_id,
        session.started_at,
        session.ended_at,
        good=session.good,
        scrap=sum((session.scrap or {}).values(), Decimal(0)),
        rework=session.rework,
        amounts={} if session.standard is None else {"standard_seconds_per_unit": session.standard},
        facts={"kind": session.kind.value},
    )
