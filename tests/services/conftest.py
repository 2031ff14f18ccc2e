"""What the tests of services share."""

import time
from datetime import timedelta

import pytest

from chalicelib import ids
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from tests.conftest import SetClock
from tests.floor import HOUR, MORNING, Plant


@pytest.fixture
def stage(plant: Plant, waits: list[float]) -> str:
    """A stage of two workers, on which waiting costs nothing; what the plant has decided is known."""
    people = [plant.worker.id, plant.other.id]
    tenants.settings_of(DEFAULT_TENANT)
    assert waits == []
    return str(plant.order({"name": "s", "assignee_ids": people}, id="WO-1")["stages"][0]["id"])


@pytest.fixture
def waits(set_clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between attempts, which cost no time but the clock's."""
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
