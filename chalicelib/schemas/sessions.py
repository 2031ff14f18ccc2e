"""The shapes of sessions: opening, reporting, booking, correcting and showing them."""

from typing import Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from chalicelib.domain.floor import corrections, stages
from chalicelib.domain.orders.session_records import ONLY_WITH_SCRAP, Cause, Session, SessionKind
from chalicelib.domain.sentences import say
from chalicelib.schemas.base import Adjusted, Body, CommandBody, Out, Paged, Timed, example, kept, left_out
from chalicelib.schemas.values import (
    ME,
    Identifier,
    Instant,
    InstantOut,
    Line,
    LongText,
    NumberOut,
    OneOf,
    Quantity,
    Text,
)


class StartStage(Timed):
    """Open a session for the caller or, as planner or admin, for another worker."""

    worker_id: Identifier | None = None
    machine_id: Identifier | None = None
    kind: OneOf[SessionKind] = SessionKind.RUN

    def payload(self) -> stages.Start:
        """The fields of the session, without `at`."""
        return self.made_into(stages.Start)


class PauseStage(Timed):
    """Close a session."""

    model_config = example(pause_reason="break")

    worker_id: Identifier | None = None
    pause_reason: Line | None = None
    note: LongText | None = None

    def payload(self) -> stages.Pause:
        """The fields of the command, without `at`."""
        return self.made_into(stages.Pause)


class Made(CommandBody):
    """Quantities that were made, as increments, never as totals."""

    good: Quantity = Field(default=0)  # type: ignore[assignment]  # validated into a Decimal
    scrap: Quantity = Field(default=0)  # type: ignore[assignment]
    scrap_reason: Line | None = None
    rework: Quantity = Field(default=0)  # type: ignore[assignment]
    note: LongText | None = None
    reason: Text | None = None
    worker_id: Identifier | None = None

    @field_validator("scrap_reason")
    @classmethod
    def _reason_of_something(cls, reason: str | None, info: ValidationInfo) -> str | None:
        """Refuse a scrap reason without scrap. An error of `scrap` itself is reported alone."""
        if reason is not None and not info.data.get("scrap", True):
            raise ValueError(ONLY_WITH_SCRAP)
        return reason


class ReportStage(Made, Timed):
    """Quantities that were made; also used to finish a stage."""

    model_config = example(good=120, scrap=3, scrap_reason="dimension")

    def payload(self) -> stages.Report:
        """The quantities and the worker, without `at`."""
        return self.made_into(stages.Report)


class BookSession(Made, Timed):
    """A session that is over; `at` is when it was written down."""

    model_config = example(started_at="2026-01-05T08:00:00Z", ended_at="2026-01-05T09:30:00Z", good=120)

    started_at: Instant
    ended_at: Instant
    machine_id: Identifier | None = None
    kind: OneOf[SessionKind] = SessionKind.RUN

    def payload(self) -> stages.Book:
        """The fields of the session, without `at`."""
        return self.made_into(stages.Book)


class CorrectSession(Body):
    """New values of a session, not increments, or `void`. A field that is left out does not change."""

    reason: Text
    void: bool = False
    started_at: Instant = kept()
    ended_at: Instant = kept()
    machine_id: Identifier | None = kept()
    kind: OneOf[SessionKind] = kept()
    good: Quantity = kept()
    scrap: Quantity = kept()
    scrap_reason: Line = kept()
    rework: Quantity = kept()
    note: LongText | None = kept()

    @model_validator(mode="after")
    def _void_or_values(self) -> Self:
        """Refuse a correction without any value, and `void` together with values."""
        values = self.model_fields_set - {"reason", "void"}
        if bool(values) is self.void:
            raise ValueError(say("give at least one value to correct, or `void`"))
        return self

    def payload(self, session_id: str) -> corrections.Correct:
        """The new values. The session's id comes from the path."""
        return self.made_into(corrections.Correct, session_id=session_id)


class ListSessions(Paged):
    """Which sessions of a stage are listed: those that count, or every one that was ever recorded."""

    every: bool = False


class ListSessionsOfWorker(Paged):
    """Whose sessions are listed (`me`: one's own), and from which start on."""

    worker: Identifier = ME
    since: Instant | None = None


class OpenSessionOut(Out):
    """A session that has not ended."""

    id: str
    worker_id: str
    started_at: InstantOut
    machine_id: str | None
    kind: SessionKind


class SessionOut(Out):
    """A closed session with all its quantities. If it `corrects` another session, it replaces that one."""

    id: str
    stage_id: str
    worker_id: str
    machine_id: str | None
    kind: SessionKind
    started_at: InstantOut
    ended_at: InstantOut
    good: NumberOut
    scrap: NumberOut
    scrap_reasons: dict[str, NumberOut]
    rework: NumberOut
    pause_reason: str | None
    cause: Cause | None
    note: str | None
    booked_by: str
    received_at: InstantOut
    corrects: str | None
    voided: bool
    adjusted: Adjusted | None = left_out()


def session_out(session: Session) -> SessionOut:
    """Show a session with all its quantities."""
    return SessionOut(
        id=session.id,
        stage_id=session.stage_id,
        worker_id=session.worker_id,
        machine_id=session.machine_id,
        kind=session.kind,
        started_at=session.started_at,
        ended_at=session.ended_at,
        good=session.made.good,
        scrap=session.made.scrapped,
        scrap_reasons=session.made.scrap or {},
        rework=session.made.rework,
        pause_reason=session.pause_reason,
        cause=session.cause,
        note=session.note,
        booked_by=session.booked_by,
        received_at=session.received_at,
        corrects=session.corrects,
        voided=session.voided,
    )
