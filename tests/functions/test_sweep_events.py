"""The clock's handler of events: what it sends, and what it logs."""

import pytest

from chalicelib.outbound import topic
from chalicelib.services.telling import sending
from functions.sweep_events import sweep_events
from tests.conftest import SetClock, Told
from tests.floor import MINUTE, Plant
from tests.lambdas import LambdaContext, every_minute
from tests.topic import published


@pytest.fixture
def _opened(plant: Plant, set_clock: SetClock) -> None:
    plant.order()
    set_clock.forward(2 * MINUTE)


def tick() -> dict[str, int]:
    outcome: dict[str, int] = sweep_events(every_minute(), LambdaContext())
    return outcome


@pytest.mark.usefixtures("_opened")
def test_the_clock_sends_what_was_not_sent_and_says_how_much(told: Told) -> None:
    assert tick() == {"sent": 1, "failed": 0}

    assert [event["type"] for event in published()] == ["dev.takip.order.opened"]
    (line,) = told()
    assert (line["level"], line["message"], line["sent"]) == ("INFO", "events sent", 1)


@pytest.mark.usefixtures("_opened")
def test_what_cannot_be_sent_is_told_at_error_and_sent_a_minute_later(
    monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(sending, "WAYS", (lambda _: 1 // 0,))
        assert tick() == {"sent": 0, "failed": 1}

    assert [line["level"] for line in told()[-2:]] == ["ERROR", "ERROR"]
    assert topic.publish in sending.WAYS
    assert tick() == {"sent": 1, "failed": 0}
