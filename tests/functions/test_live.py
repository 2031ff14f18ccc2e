"""Live messages: the address that a caller is given, what it allows, and what is published after a commit."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.clock import now
from chalicelib.domain.people.users import Actor, Role
from chalicelib.domain.telling.live import Hearer, Topics, of_person
from chalicelib.outbound import live
from chalicelib.settings import Settings
from tests.boards import set_up
from tests.floor import Plant


def hear(floor: Plant, key: str, body: dict[str, Any] | None = None) -> Any:
    return floor.stranger.post("/live", body or {}, X_Screen_Key=key)


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
