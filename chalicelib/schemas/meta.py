"""The shapes of metadata: lists of values, limits, state machines, and health."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from pydantic import Field

from chalicelib.domain import meta
from chalicelib.domain.instants import CLOCK_GRACE
from chalicelib.domain.machines.messages import MAX_READINGS
from chalicelib.domain.tenant_settings import CountedPieces, TenantSettings
from chalicelib.schemas.base import Out
from chalicelib.schemas.sync import MOST_COMMANDS
from chalicelib.schemas.values import LONGEST_PAGE, InstantOut, NumberOut


class PlantSettingsOut(Out):
    """What the plant has decided. `tolerance` is the share of overproduction that needs no reason from a planner.

    A stage is late only beyond `grace_minutes`. A session that is open for `forgotten_minutes` counts as forgotten.
    """

    tenant: str
    time_zone: str
    tolerance: NumberOut
    grace_minutes: NumberOut
    forgotten_minutes: NumberOut
    stop_reason_minutes: NumberOut


class FeaturesOut(Out):
    """What can be done here. `counted_pieces` says what the count of machines is for."""

    self_registration: bool
    counted_pieces: CountedPieces
    escalation: bool
    readings_kept_for_ever: bool


class RequestRateOut(Out):
    """How many requests of an endpoint are let through, in a second and at once; `*` stands for all endpoints."""

    method: str
    path: str
    per_second: int
    at_once: int


class MetaOut(Out):
    """The version, the plant, the limits, and the lists of values that fields accept, by name.

    An app that says that it is older than `minimum_app_version` is refused. A device's clock may be wrong by
    `clock_grace_minutes`. Above `rates` a request is answered with 429. `labels` are the labels of values in Turkish
    (`tr`) and English (`en`).
    """

    version: str
    minimum_app_version: str | None
    clock_grace_minutes: NumberOut
    plant: PlantSettingsOut
    features: FeaturesOut
    limits: dict[str, int]
    rates: list[RequestRateOut]
    values: dict[str, list[str]]
    labels: dict[str, dict[str, dict[str, str]]]


LIMITS = {
    **meta.LIMITS,
    "items_per_page": LONGEST_PAGE,
    "commands_per_sync": MOST_COMMANDS,
    "readings_per_message": MAX_READINGS,
}


@dataclass(frozen=True)
class Bounds:
    """What requests are bound by: limits of one, by their names, and how many are let through."""

    limits: Mapping[str, int]
    rates: Iterable[RequestRateOut]


def meta_out(version: str, tenant: str, plant: TenantSettings, least: str | None, bounds: Bounds) -> MetaOut:
    """Show the metadata of a plant, and what bounds requests."""
    return MetaOut(
        version=version,
        minimum_app_version=least,
        clock_grace_minutes=_minutes(CLOCK_GRACE),
        plant=PlantSettingsOut(
            tenant=tenant,
            time_zone=plant.timezone,
            tolerance=plant.tolerance,
            grace_minutes=_minutes(plant.grace),
            forgotten_minutes=_minutes(plant.forgotten_after),
            stop_reason_minutes=_minutes(plant.stop_reason_after),
        ),
        features=FeaturesOut(
            self_registration=plant.self_registration,
            counted_pieces=plant.counted_pieces,
            escalation=bool(plant.escalation),
            readings_kept_for_ever=plant.readings_kept is None,
        ),
        limits={**LIMITS, **bounds.limits},
        rates=list(bounds.rates),
        values=meta.values(plant),
        labels=meta.labels(plant),
    )


def _minutes(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(milliseconds=1)) / 60_000


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
