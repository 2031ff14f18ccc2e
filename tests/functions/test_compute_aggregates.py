"""The clock's handler: what one minute computes, and what it logs."""

import pytest

from chalicelib.services.numbers import projections
from functions.compute_aggregates import compute_aggregates
from tests.conftest import SetClock, Told
from tests.floor import Plant
from tests.lambdas import LambdaContext, every_minute


def tick(milliseconds: int = 60_000) -> dict[str, int]:
    """Let a minute pass."""
    outcome: dict[str, int] = compute_aggregates(every_minute(), LambdaContext(remaining_milliseconds=milliseconds))
    return outcome


@pytest.fixture
def _done(plant: Plant, set_clock: SetClock) -> None:
    stage = plant.order()["stages"][0]["id"]
    for command in ("start", "done"):
        assert plant.worker.post(f"/stages/{stage}/{command}").status == 200


@pytest.mark.usefixtures("_done")
def test_the_clock_makes_everything_again_that_changed(told: Told) -> None:
    assert tick() == {"made": 1, "outrun": 0, "failed": 0, "markers": 1}

    (line,) = told()
    assert (line["level"], line["message"], line["made"]) == ("INFO", "aggregated", 1)
    assert tick() == {"made": 0, "outrun": 0, "failed": 0, "markers": 0}


@pytest.mark.usefixtures("_done")
def test_a_failure_is_told_at_error_and_tried_again_the_next_minute(
    monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(projections, "facts_of", lambda *_: 1 // 0)
        assert tick() == {"made": 0, "outrun": 0, "failed": 1, "markers": 0}

    assert [line["level"] for line in told()[-2:]] == ["ERROR", "ERROR"]
    assert tick()["markers"] == 1


@pytest.mark.usefixtures("_done")
def test_nothing_is_begun_when_the_time_is_short() -> None:
    assert tick(milliseconds=9_000) == {"made": 0, "outrun": 0, "failed": 0, "markers": 0}
    assert tick()["markers"] == 1
