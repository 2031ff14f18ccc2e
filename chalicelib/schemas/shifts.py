"""The shapes of a shift's end."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from chalicelib.domain.floor import shifts
from chalicelib.domain.sentences import say
from chalicelib.schemas.base import Timed
from chalicelib.schemas.values import Identifier, Line, Many

MOST_STAGES = 100


def _each_once(stage_ids: tuple[str, ...]) -> tuple[str, ...]:
    """The ids without duplicates."""
    once = tuple(dict.fromkeys(stage_ids))
    if len(once) > MOST_STAGES:
        raise ValueError(say("must have at most {most} items", most=MOST_STAGES))
    return once


class CloseSessions(Timed):
    """Close the open sessions on these stages or on this machine."""

    stage_ids: Annotated[Many[Line], Field(min_length=1), AfterValidator(_each_once)] | None = None
    machine_id: Identifier | None = None
    pause_reason: Line

    @model_validator(mode="after")
    def _stages_or_machine(self) -> Self:
        if (self.stage_ids is None) is (self.machine_id is None):
            raise ValueError(say("give either stage_ids or machine_id, not both"))
        return self

    def payload(self) -> shifts.CloseSessions:
        """The stages or the machine, and the reason. Without stages, the list is empty."""
        return self.made_into(shifts.CloseSessions, stage_ids=self.stage_ids or ())
