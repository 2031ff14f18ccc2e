"""Booking: what machines counted becomes the good pieces of a stage that was finished without any.

What is booked is the number of pieces of the whole stage, never an addition. So a count that is looked at again is
never booked twice, and a late reading moves it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from chalicelib.domain.numbers.attribution import CountedOfStage
from chalicelib.domain.orders.session_records import Session, SessionKind, standing
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.people.users import TAKIP


@dataclass(frozen=True)
class Booking:
    """The good pieces that a session shall have."""

    session_id: str
    good: Decimal


def is_awaited(found: CountedOfStage, recorded: Sequence[Session], since: datetime) -> bool:
    """Whether the count may be booked: the stage is done, and people did not speak of good pieces after `since`.

    `recorded` is every session ever recorded on the stage. `since` is when the server heard that the stage is done.
    """
    known = {each.id: each for each in recorded}
    spoken = any(
        each.made.good != (known[each.corrects].made.good if each.corrects else 0)
        for each in recorded
        if each.received_at > since and each.booked_by != TAKIP
    )
    return found.stage.status is StageStatus.DONE and not spoken


def booking(found: CountedOfStage, recorded: Sequence[Session], since: datetime) -> Booking | None:
    """What to book, so that people and machines together report what was counted. None if nothing is to change.

    It goes into the run session on a machine that ended last. It never lowers what people had reported at `since`.
    """
    known = {each.id: each for each in recorded}
    runs = [
        (_as_it_was(each, known, since), each)
        for each in standing(recorded)
        if each.machine_id and each.kind is SessionKind.RUN
    ]
    if found.difference is None or not runs:
        return None
    reported, last = max(runs, key=lambda run: (run[0].ended_at, run[0].id))
    good = max(last.made.good + found.difference, reported.made.good)
    return None if good == last.made.good else Booking(last.id, good)


def _as_it_was(session: Session, known: Mapping[str, Session], since: datetime) -> Session:
    """The session as it was at an instant; if it was not there, as it began."""
    while session.received_at > since and session.corrects:
        session = known[session.corrects]
    return session
