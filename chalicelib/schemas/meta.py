"""The shapes of what Takip tells of itself: value lists, limits, state machines, and whether it is there."""

from typing import Literal

from pydantic import Field

from chalicelib.schemas.base import Out
from chalicelib.schemas.values import InstantOut


class MetaOut(Out):
    """The version, the limits, and the lists of values that fields take, each by its name."""

    version: str
    limits: dict[str, int]
    values: dict[str, list[str]]


class TransitionOut(Out):
    """A command that leads from status to status; `from` is a word that Python keeps to itself."""

    source: str = Field(alias="from")
    command: str
    to: str
    roles: list[str]
    guards: list[str]
    needs_reason: bool
    where: str | None


class ConsequenceOut(Out):
    """What a command on another subject makes of a status; `from` is a word that Python keeps to itself."""

    source: str = Field(alias="from")
    command: str
    subject: str
    to: str
    where: str | None


class StateMachinesOut(Out):
    """The state machines of orders, stages and issues, and how orders and stages follow one another."""

    order: list[TransitionOut]
    stage: list[TransitionOut]
    issue: list[TransitionOut]
    order_follows: list[ConsequenceOut]
    stage_follows: list[ConsequenceOut]


class HealthOut(Out):
    """That Takip is there."""

    status: Literal["healthy"] = "healthy"
    version: str
    timestamp: InstantOut
