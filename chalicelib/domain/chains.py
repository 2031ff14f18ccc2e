"""Chains: a record that corrects another stands in its place; how one is made, followed, and counted."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.changes import changed
from chalicelib.domain.commands import Change, Command
from chalicelib.domain.records import Session, standing
from chalicelib.domain.sessions import counted, rested
from chalicelib.domain.users import Actor
from chalicelib.domain.work_orders import Order, Stage


def chained(old: Session, command: Command[object], actor: Actor) -> Session:
    """The record that a command chains to a session; until it is given other values it says the same."""
    return replace(old, id=command.id, corrects=old.id, received_at=command.received_at, booked_by=actor.user_id)


def first_of(session: Session, recorded: Sequence[Session]) -> Session:
    """The session with which the chain of this one began."""
    known = {each.id: each for each in recorded}
    while session.corrects is not None:
        session = known[session.corrects]
    return session


def last_of(session: Session, recorded: Sequence[Session]) -> Session:
    """The session with which the chain of this one ends: the one that stands, or was voided."""
    following = {each.corrects: each for each in recorded}
    while session.id in following:
        session = following[session.id]
    return session


def put_in_place(order: Order, stage: Stage, old: Session, new: Session, recorded: Sequence[Session]) -> Change:
    """Let a record stand in the place of another: the stage's totals and times follow. Raises UpstreamShort.

    `recorded` is all that was ever recorded of the stage.
    """
    after = counted(counted(stage, old.kind, -old.made), new.kind, new.made)
    return changed(order, rested(after, standing([*recorded, new])), (new,))
