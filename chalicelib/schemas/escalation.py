"""The shapes of the policy of escalation."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain import escalation
from chalicelib.domain.escalation import LONGEST_WAIT, MOST_PEOPLE, MOST_STEPS, Awaited, Policy
from chalicelib.domain.people.users import Role
from chalicelib.domain.priorities import Priority
from chalicelib.schemas.base import Body, Out
from chalicelib.schemas.values import Clock, Identifier, Many, OneOf


class EscalationStep(Body):
    """Whom to tell of an issue of this priority that still waits after so many minutes."""

    priority: OneOf[Priority]
    awaited: OneOf[Awaited]
    after_minutes: Annotated[int, Field(ge=0, le=LONGEST_WAIT)]
    roles: Annotated[Many[OneOf[Role]], Field(max_length=len(Role))] = ()
    user_ids: Annotated[Many[Identifier], Field(max_length=MOST_PEOPLE)] = ()

    def payload(self) -> escalation.Step:
        """The step of the policy."""
        return self.made_into(escalation.Step)


class QuietHours(Body):
    """Hours of every day, by the plant's clock, in which nobody is told."""

    start: Clock
    end: Clock

    def payload(self) -> escalation.QuietHours:
        """The quiet hours of the policy."""
        return self.made_into(escalation.QuietHours)


class PutEscalation(Body):
    """The whole policy. Without steps nobody is told."""

    steps: Annotated[Many[EscalationStep], Field(max_length=MOST_STEPS * len(Priority) * len(Awaited))]
    quiet_hours: QuietHours | None = None

    def payload(self) -> Policy:
        """The policy."""
        steps = tuple(step.payload() for step in self.steps)
        return self.made_into(Policy, steps=steps, quiet_hours=self.quiet_hours and self.quiet_hours.payload())


class EscalationStepOut(Out):
    """A step of the policy."""

    priority: Priority
    awaited: Awaited
    after_minutes: int
    roles: list[Role]
    user_ids: list[str]


class QuietHoursOut(Out):
    """The quiet hours of the policy."""

    start: str
    end: str


class EscalationOut(Out):
    """The policy, from the highest priority to the lowest, and the time zone of its quiet hours."""

    steps: list[EscalationStepOut]
    quiet_hours: QuietHoursOut | None
    timezone: str
