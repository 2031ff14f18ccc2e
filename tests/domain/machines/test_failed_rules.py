"""What a topic rule could not put on the queue is, put back, what the rule would have made of it."""

import json
from base64 import b64encode
from datetime import UTC, datetime

import pytest

from chalicelib.domain.machines.failed_rules import as_the_rule_sends_it
from chalicelib.domain.machines.messages import decode
from infra.replay.plan import Machine, Reading, Sensor
from infra.replay.roads import messages
from tests.roads import as_queued

AT = datetime(2026, 1, 5, 10, tzinfo=UTC)
PRESS = Machine("M1", "Press", "press", "hall", (Sensor("oil", "temperature", 0, 99),))


def dead(topic: object, payload: bytes) -> str:
    """A message in the form in which an error action of AWS IoT gets it."""
    failures = [{"failedAction": "SqsAction", "failedResource": "takip-dev-readings", "errorMessage": "throttled"}]
    told = {"ruleName": "takip_dev_readings", "topic": topic, "clientId": "gateway-1", "failures": failures}
    return json.dumps(told | {"base64OriginalPayload": b64encode(payload).decode()})


@pytest.mark.parametrize("road", ["mqtt", "umh", "sparkplug"])
@pytest.mark.parametrize("prefix", ["", "$aws/rules/takip_dev_readings/"])
def test_it_is_the_message_that_the_rule_would_have_sent(road: str, prefix: str) -> None:
    for message in messages(road, PRESS, [Reading("temperature", 81.5, AT, "oil")]):
        assert decode(dead(prefix + message.topic, message.body)) == decode(as_queued(road, message))


@pytest.mark.parametrize("payload", [b"{", b"[]", b'{"tenant": "other", "readings": 5}'])
def test_what_nobody_can_use_is_that_of_its_topic(payload: bytes) -> None:
    message = decode(dead("takip/north/machines/M1/readings", payload))
    assert (message.tenant, message.machine_id, len(message.problems)) == ("north", "M1", 1)


@pytest.mark.parametrize("topic", ["takip/north/machines/M1/other", "takip", "", None, 5, "$aws/rules"])
def test_on_another_topic_it_stays_as_it_is(topic: object) -> None:
    sent = json.loads(dead(topic, b"{}"))
    assert as_the_rule_sends_it(sent) is sent
    assert decode(dead(topic, b"{}")).problems


def test_a_message_that_names_its_machine_is_its_own_whatever_stands_beside_it() -> None:
    body = json.loads(dead("takip/north/machines/M2/readings", b"{}")) | {"machine_id": "M1", "readings": [{}]}
    assert (decode(json.dumps(body)).tenant, decode(json.dumps(body)).machine_id) == ("default", "M1")
