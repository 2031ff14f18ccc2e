"""Fixtures of the tests of services."""

import time
from collections.abc import Callable
from datetime import timedelta

import bcrypt
import pytest

from chalicelib import ids, settings
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from tests.conftest import SetClock
from tests.floor import HOUR, MORNING, Person, Plant
from tests.phones import employ
from tests.services.coming_in import come_in


@pytest.fixture
def stage(plant: Plant, waits: list[float]) -> str:
    """A stage of two workers. Waits take no time, and the settings are known."""
    people = [plant.worker.id, plant.other.id]
    tenants.settings_of(DEFAULT_TENANT)
    assert waits == []
    return str(plant.order({"name": "s", "assignee_ids": people}, id="WO-1")["stages"][0]["id"])


@pytest.fixture
def waits(set_clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between attempts. They take no time, but the clock goes on."""
    taken: list[float] = []

    def sleep(seconds: float) -> None:
        taken.append(seconds)
        set_clock.forward(timedelta(seconds=seconds))

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(ids, "jitter", lambda longest: longest)
    return taken


@pytest.fixture
def worked_stage(plant: Plant, set_clock: SetClock) -> str:
    """A stage on which the worker worked from Monday morning to Tuesday, paused."""
    stage = str(plant.order(id="WO-1", planned_end=(MORNING + 48 * HOUR).isoformat())["stages"][0]["id"])
    plant.worker.post(f"/stages/{stage}/start")
    set_clock.forward(24 * HOUR)
    plant.worker.post(f"/stages/{stage}/report", {"good": 2})
    plant.worker.post(f"/stages/{stage}/pause")
    return stage


@pytest.fixture
def zeynep(plant: Plant, waits: list[float]) -> Person:
    """A worker with a password; waiting costs nothing, and the signing keys are known."""
    settings.signing_keys()
    return employ(plant)


@pytest.fixture
def token(zeynep: Person) -> str:
    """The refresh token of her phone."""
    return come_in().refresh_token


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What bcrypt worked at: checking or hashing, at which cost."""
    made: list[tuple[str, int]] = []
    check, make = bcrypt.checkpw, bcrypt.hashpw

    def checkpw(word: bytes, salt: bytes) -> bool:
        made.append(("check", int(salt[4:6])))
        return check(word, salt)

    def hashpw(word: bytes, salt: bytes) -> bytes:
        made.append(("hash", int(salt[4:6])))
        return make(word, salt)

    monkeypatch.setattr(bcrypt, "checkpw", checkpw)
    monkeypatch.setattr(bcrypt, "hashpw", hashpw)
    return made


@pytest.fixture
def costs(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Set what a hash shall cost from now on."""

    def cost(wanted: int) -> None:
        monkeypatch.setenv("TAKIP_BCRYPT_COST", str(wanted))
        settings.current.cache_clear()

    return cost
