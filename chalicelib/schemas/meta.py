"""The shapes of metadata: lists of values, limits, state machines, and health."""

from typing import Literal

from pydantic import Field

from chalicelib.schemas.base import Out
from chalicelib.schemas.values import InstantOut


class MetaOut(Out):
    """The version, the limits, and the lists of values that fields accept, by name.

    `labels` are the labels of values in Turkish (`tr`) and English (`en`).
    """

    version: str
    limits: dict[str, int]
    values: dict[str, list[str]]
    labels: dict[str, dict[str, dict[str, str]]]


class TransitionOut(Out):
    """One command that changes a status. The field `from` has an alias because it is a reserved word in Python."""

    source: str = Field(alias="from")
    command: str
    to: str
    roles: list[str]
    guards: list[str]
    needs_reason: bool
    where: str | None


class ConsequenceOut(Out):
    """One status that follows from a command on another thing.

    The field `from` has an alias because it is a reserved word in Python.
    """

    source: str = Field(alias="from")
    command: str
    subject: str
    to: str
    where: str | None


class StateMachinesOut(Out):
    """The state machines of orders, stages and issues, and the statuses that follow from other commands."""

    order: list[TransitionOut]
    stage: list[TransitionOut]
    issue: list[TransitionOut]
    order_follows: list[ConsequenceOut]
    stage_follows: list[ConsequenceOut]


class WelcomeOut(Out):
    """What answers here, its version, and the paths where to go on."""

    name: Literal["Takip"] = "Takip"
    about: Literal["Production tracking for a factory floor"] = "Production tracking for a factory floor"
    version: str
    docs: Literal["/docs"] = "/docs"
    contract: Literal["/openapi.json"] = "/openapi.json"
    sign_in: Literal["/auth/login"] = "/auth/login"
    health: Literal["/health"] = "/health"


class HealthOut(Out):
    """Takip runs."""

    status: Literal["healthy"] = "healthy"
    version: str
    timestamp: InstantOut
