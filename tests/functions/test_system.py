"""Health and readiness endpoints."""

import pytest

from chalicelib import __version__
from chalicelib.storage.items import Item
from tests.conftest import SetClock
from tests.floor import Plant


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_health_is_told_to_everybody(plant: Plant, set_clock: SetClock, path: str) -> None:
    expected = {"status": "healthy", "version": __version__, "timestamp": "2026-01-05T08:00:00.000Z"}

    assert plant.stranger.get(path).data == plant.worker.get(path).data == expected


def test_ready_is_not_told_while_the_table_is_away(plant: Plant) -> None:
    Item._get_connection().delete_table()

    reply = plant.stranger.get("/ready")

    assert (reply.status, reply.error["code"], reply.headers["Retry-After"]) == (503, "ERR_STORAGE_UNAVAILABLE", "2")
    assert plant.stranger.get("/health").status == 200
