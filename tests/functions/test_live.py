"""Live messages: the address that a caller is given, what it allows, and what is published after a commit."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

import chalicelib.aws
from chalicelib.clock import now
from chalicelib.domain.people.users import Actor, Role
from chalicelib.domain.telling.live import Hearer, Topics, of_person
from chalicelib.outbound import live
from chalicelib.services.boards import following
from chalicelib.services.telling.live import hint
from chalicelib.settings import Settings
from chalicelib.storage import markers
from functions.aggregate_bucket import aggregate_bucket
from functions.send_events import send_events
from tests.boards import look, set_up
from tests.conftest import SetClock, Told
from tests.floor import Person, Plant
from tests.lambdas import LambdaContext, handed_out
from tests.machines import work
from tests.telling import written

Heard = Callable[[], dict[str, Any]]
REFUSED = ClientError({"Error": {"Code": "Throttled"}}, "Publish")


def hear(floor: Plant, key: str, body: dict[str, Any] | None = None) -> Any:
    return floor.stranger.post("/live", body or {}, X_Screen_Key=key)


@pytest.fixture
def heard(floor: Plant) -> Heard:
    """What was published since it was last asked: topics, messages, and whether they are retained."""
    backend: Any = get_backend
    payloads = backend("iot-data")[DEFAULT_ACCOUNT_ID]["eu-central-1"].published_payloads
    payloads.clear()

    def take() -> dict[str, Any]:
        taken = {topic: json.loads(payload) for topic, payload in payloads}
        payloads.clear()
        return taken

    return take


def send() -> dict[str, int]:
    told: dict[str, int] = send_events({"Records": written()}, LambdaContext())
    return told


def test_everybody_is_given_exactly_their_own_topics(floor: Plant) -> None:
    own = f"takip/default/live/user/{floor.worker.id}"
    assert floor.worker.post("/live").data["live"]["topics"] == {"user": own}
    planners = floor.planner.post("/live").data["live"]["topics"]
    assert planners == {
        "board": "takip/default/live/board/plant",
        "user": f"takip/default/live/user/{floor.planner.id}",
        "issues": "takip/default/live/issues",
        "orders": "takip/default/live/orders",
    }
    of_line = hear(floor, set_up(floor, "Kalıp/1 +#")).data["live"]["topics"]
    assert of_line == {"board": floor.planner.post("/live", {"line": "kalıp/1 +#"}).data["live"]["topics"]["board"]}
    assert of_line["board"].rpartition("/")[2].isalnum()


def test_a_screen_hears_of_its_own_line_only(floor: Plant) -> None:
    key = set_up(floor, "Kesim")
    refused = hear(floor, key, {"line": "Montaj"})
    assert (refused.status, refused.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")
    floor.planner.delete(f"/screens/{floor.planner.get('/screens').items[0]['id']}")
    assert hear(floor, key).status == 401


def test_an_address_is_signed_for_minutes_and_for_a_client_of_the_caller(
    floor: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "is_local", False)
    address = floor.worker.post("/live").data["live"]
    place, signed = urlsplit(address["url"]), parse_qs(urlsplit(address["url"]).query)
    assert (place.scheme, place.path, list(signed)[-1]) == ("wss", "/mqtt", "X-Amz-Security-Token")
    assert (signed["X-Amz-Expires"], address["expires_in"]) == (["900"], 900)
    assert "/iotdevicegateway/aws4_request" in signed["X-Amz-Credential"][0]
    assert address["client_prefix"] == f"default-{floor.worker.id}-"


def test_a_policy_allows_the_callers_own_connections_and_topics_until_it_ends() -> None:
    hearer = Hearer("acme", "01AB", Topics(user="takip/acme/live/user/01AB"))
    connect, subscribe, receive = live.policy(hearer, "aws", now())["Statement"]
    assert (connect["Action"], connect["Resource"]) == ("iot:Connect", "arn:aws:iot:*:*:client/acme-01AB-*")
    assert subscribe["Resource"] == ["arn:aws:iot:*:*:topicfilter/takip/acme/live/user/01AB"]
    assert receive["Resource"] == ["arn:aws:iot:*:*:topic/takip/acme/live/user/01AB"]
    assert "aws:CurrentTime" in receive["Condition"]["DateLessThan"]


def test_the_longest_policy_is_one_that_aws_takes() -> None:
    actor = Actor("x" * 26, "t" * 64, Role.ADMIN)
    assert len(json.dumps(live.policy(of_person(actor, "d" * 32), "aws-us-gov", now()), separators=(",", ":"))) <= 2048


def test_after_a_command_those_hear_of_it_whose_work_it_is(floor: Plant, heard: Heard) -> None:
    stage = floor.order()["stages"][0]["id"]
    send()
    assert set(heard()) == {"takip/default/live/orders", *users(floor.planner, floor.worker)}
    issue = floor.worker.post(f"/stages/{stage}/issue", {"type": "quality", "description": "Scratches"})
    assert issue.status == 201
    send()
    topics = heard()
    assert set(topics) == {"takip/default/live/issues", "takip/default/live/orders", *users(floor.worker)}
    assert topics["takip/default/live/orders"] == {"at": "2026-01-05T08:00:01.000Z"}  # the second before was taken


def test_a_board_is_published_as_it_is_read(floor: Plant, heard: Heard, set_clock: SetClock) -> None:
    key = set_up(floor)
    set_clock.forward(timedelta(minutes=3))
    floor.order()
    send()
    board = heard()["takip/default/live/board/plant"]
    assert board == look(floor, key).data
    work()
    assert "takip/default/live/board/plant" not in heard()


def test_the_minute_publishes_what_time_changed(floor: Plant, heard: Heard, set_clock: SetClock) -> None:
    look(floor, set_up(floor))
    set_clock.forward(timedelta(minutes=3))
    following.mark_watched()
    aggregate_bucket(handed_out(*markers.BUCKETS), LambdaContext())
    assert heard()["takip/default/live/board/plant"]["as_of"] == "2026-01-05T08:03:00.000Z"


def test_a_topic_has_one_hint_a_second_and_none_is_missing(floor: Plant, heard: Heard, set_clock: SetClock) -> None:
    topic, begun = "takip/default/live/issues", set_clock()
    hint("default", [topic])
    assert heard() == {topic: {"at": "2026-01-05T08:00:00.000Z"}}
    hint("default", [topic])  # this second is taken
    assert heard() == {topic: {"at": "2026-01-05T08:00:01.000Z"}}
    set_clock.set(begun)
    hint("default", [topic])  # the next one is taken too, after what this is about
    assert heard() == {}


def test_what_cannot_be_published_is_logged_and_fails_nothing(
    floor: Plant, monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise REFUSED

    monkeypatch.setattr(live, "publish", fail)
    floor.order()
    assert send()["failed"] == 0
    assert "a live message could not be published" in [line["message"] for line in told()]


@pytest.mark.parametrize("status", [501, 500])
def test_where_there_is_no_live_nothing_is_published_and_pages_hear_nothing(
    floor: Plant, heard: Heard, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    client = chalicelib.aws.client
    monkeypatch.setattr(chalicelib.aws, "client", lambda name: NoIot(status) if name == "iot" else client(name))
    set_up(floor)
    floor.order()
    send()
    reply = floor.worker.post("/live")
    assert heard() == {}
    assert (reply.status, reply.body.get("data")) == ((200, {"live": None}) if status == 501 else (503, None))
    page = floor.stranger.get("/plan", Accept="text/html").headers["Content-Security-Policy"]
    assert "connect-src 'self';" in page


def test_a_page_may_hear_where_live_messages_are_and_nowhere_else(floor: Plant) -> None:
    for path in ("/plan", "/board"):
        policy = floor.stranger.get(path, Accept="text/html").headers["Content-Security-Policy"]
        assert "connect-src 'self' ws://iot.eu-central-1.amazonaws.com;" in policy
    assert "connect-src 'self';" in floor.stranger.get("/docs").headers["Content-Security-Policy"]


class NoIot:
    """An AWS that answers with this status when it is asked where its IoT is."""

    def __init__(self, status: int) -> None:
        self._error: Any = {"Error": {"Code": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}

    def describe_endpoint(self, **_: str) -> None:
        raise ClientError(self._error, "DescribeEndpoint")


def users(*people: Person) -> set[str]:
    return {f"takip/default/live/user/{person.id}" for person in people}
