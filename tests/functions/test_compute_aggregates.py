"""The clock's handler and the workers' handler: what a minute hands out, what is computed, and what is logged."""

import json

import pytest

from chalicelib import settings
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.numbers import projections
from chalicelib.storage import markers
from functions.aggregate_bucket import aggregate_bucket
from functions.compute_aggregates import compute_aggregates
from tests.aws_in_memory import Clients
from tests.conftest import SetClock, Told
from tests.floor import HOUR, MINUTE, Plant
from tests.lambdas import LambdaContext, every_minute, handed_out
from tests.machines import arrived, install, message, part


def work(milliseconds: int = 60_000) -> dict[str, int]:
    """Let a worker do the work of all buckets."""
    outcome: dict[str, int] = aggregate_bucket(
        handed_out(*markers.BUCKETS), LambdaContext(remaining_milliseconds=milliseconds)
    )
    return outcome


@pytest.fixture
def _done(plant: Plant, set_clock: SetClock) -> None:
    stage = plant.order()["stages"][0]["id"]
    for command in ("start", "done"):
        assert plant.worker.post(f"/stages/{stage}/{command}").status == 200


def tick(aws: Clients) -> list[str]:
    """Let a minute pass; the buckets that are handed out, taken off the queue as a worker does."""
    compute_aggregates(every_minute(), LambdaContext())
    url = aws.sqs.get_queue_url(QueueName=settings.current().aggregates_queue)["QueueUrl"]
    found = aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(each["Body"])["bucket"] for each in found]


@pytest.mark.usefixtures("_done")
def test_the_clock_hands_out_the_buckets_in_which_markers_wait(aws: Clients, told: Told) -> None:
    install("M1")
    ingest(arrived(message("M1", part())))

    handed = tick(aws)

    assert [bucket in markers.TENANT_BUCKETS for bucket in handed] == [True, False]
    assert {bucket for bucket in markers.BUCKETS if markers.pending([bucket])} == set(handed)
    assert told()[-1]["buckets"] == handed
    work()
    assert tick(aws) == []


@pytest.mark.usefixtures("_done")
@pytest.mark.parametrize(("minutes", "counts"), [(0, True), (3, False), (5, True)])
def test_what_stands_open_is_counted_every_five_minutes(
    set_clock: SetClock, capsys: pytest.CaptureFixture[str], minutes: int, *, counts: bool
) -> None:
    set_clock.forward(minutes * MINUTE)
    capsys.readouterr()
    compute_aggregates(every_minute(), LambdaContext())
    assert ("OrdersLate" in capsys.readouterr().out) is counts


@pytest.mark.usefixtures("_done")
def test_nothing_is_handed_out_while_a_bucket_of_the_last_minute_is_not_begun(aws: Clients, told: Told) -> None:
    compute_aggregates(every_minute(), LambdaContext())
    told()

    assert compute_aggregates(every_minute(), LambdaContext()) == {"buckets": 0}

    assert [line["level"] for line in told()] == ["WARNING", "INFO"]
    assert len(tick(aws)) == 1
    assert len(tick(aws)) == 1


@pytest.mark.usefixtures("_done")
def test_a_worker_makes_everything_again_that_changed(told: Told) -> None:
    assert work() == {"made": 1, "outrun": 0, "failed": 0, "later": 0, "markers": 2}

    (line,) = told()
    assert (line["level"], line["message"], line["made"]) == ("INFO", "aggregated", 1)
    assert work() == {"made": 0, "outrun": 0, "failed": 0, "later": 0, "markers": 0}


@pytest.mark.usefixtures("_done")
def test_a_failure_is_told_at_error_and_tried_again_the_next_minute(
    monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(projections, "facts_of", lambda *_: 1 // 0)
        assert work() == {"made": 0, "outrun": 0, "failed": 1, "later": 0, "markers": 0}

    assert [line["level"] for line in told()[-2:]] == ["ERROR", "ERROR"]
    assert work()["markers"] == 2


@pytest.mark.usefixtures("_done")
def test_nothing_is_begun_when_the_time_is_short() -> None:
    assert work(milliseconds=9_000) == {"made": 0, "outrun": 0, "failed": 0, "later": 0, "markers": 0}
    assert work()["markers"] == 2


def test_the_clock_hands_out_what_became_late(plant: Plant, aws: Clients, set_clock: SetClock) -> None:
    plant.order(id="LATE")
    work()
    assert tick(aws) == []

    set_clock.forward(HOUR + MINUTE)

    assert len(tick(aws)) == 1
    assert work()["markers"] == 1
    assert tick(aws) == []
