"""What a United Manufacturing Hub publishes: the topic says whose it is and which tag, the payload when and what."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.machines.messages import Message, check, decode, unfold
from chalicelib.domain.machines.readings import Reading
from chalicelib.domain.machines.tags import Tag
from tests.domain.reading_messages import M1, NOW, code_of
from tests.domain.reading_strategies import HOUR_BEGINS, json_values

AT = HOUR_BEGINS // 1000 + 250
TOPIC = "umh/v1/acme/izmir/hall1/M1/_raw/Temperature"
HUB = replace(M1, tags=(Tag("Temperature", "temperature"), Tag("Temperature.raw", "custom", "raw")))


def wrapped(topic: object, payload: bytes | str) -> str:
    """A message as the topic's rule makes it."""
    encoded = payload if isinstance(payload, str) else base64.b64encode(payload).decode()
    return json.dumps({"umh": encoded, "topic": topic})


def published(topic: object = TOPIC, **values: Any) -> Message:
    return decode(wrapped(topic, json.dumps({"timestamp_ms": AT} | values).encode()))


def tags(topic: str, **values: Any) -> dict[str, Any]:
    """The values that a message has, by tag."""
    parts: Any = published(topic, **values).parts
    return {part["tag"]: part["value"] for part in parts}


def test_a_value_is_a_reading_of_the_topics_machine() -> None:
    message = published(value=81.5, raw=7)
    assert (message.tenant, message.machine_id) == ("acme", "M1")
    at = HOUR_BEGINS + 250_000
    assert check(message, HUB, NOW).readings == (
        Reading("M1", "main", "temperature", at, 81.5),
        Reading("M1", "raw", "custom", at, 7.0),
    )


@pytest.mark.parametrize(
    ("behind", "values", "expected"),
    [
        ("_raw/Temperature", {"value": 1}, {"Temperature": 1}),
        ("_raw/Motor/Temperature", {"value": 1}, {"Motor.Temperature": 1}),
        ("_historian", {"temperature": 1, "pressure": 2}, {"temperature": 1, "pressure": 2}),
        ("_historian/head/pos", {"x": 1, "y": 2}, {"head.pos.x": 1, "head.pos.y": 2}),
        ("_historian", {"head": {"pos": {"x": 1}}}, {"head.pos.x": 1}),
        ("_historian", {"value": 1}, {"value": 1}),
        ("_raw/pump", {"value": {"x": 1}}, {"pump.value.x": 1}),
        ("_raw/_kpi/oee", {"value": 1}, {"_kpi.oee": 1}),
    ],
)
def test_the_tag_is_what_stands_behind_the_contract_and_the_keys(
    behind: str, values: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert tags(f"umh/v1/acme/M1/{behind}", **values) == expected


def test_two_values_of_one_tag_are_two_readings() -> None:
    assert len(published("umh/v1/acme/M1/_raw", **{"a.b": 1, "a": {"b": 2}}).parts) == 2


@pytest.mark.parametrize(
    "topic",
    [
        None,
        7,
        "",
        "umh/v1",
        "umh/v2/acme/M1/_raw/t",
        "takip/acme/machines/M1/readings",
        "umh/v1/_raw/t",
        "umh/v1/acme/_raw/t",
        "umh/v1/acme/M1/t",
    ],
)
def test_a_topic_without_tenant_machine_and_contract_is_named(topic: object) -> None:
    assert code_of(check(published(topic, value=1), None, NOW)) == ("topic", "bad_topic")


@pytest.mark.parametrize(
    ("topic", "tenant", "machine_id", "field"),
    [
        ("umh/v1/a b/M1/_raw/t", None, "M1", "tenant"),
        ("umh/v1//M1/_raw/t", None, "M1", "tenant"),
        ("umh/v1/acme/M.1/_raw/t", "acme", "", "machine_id"),
        ("umh/v1/acme//_raw/t", "acme", "", "machine_id"),
    ],
)
def test_a_level_that_can_be_no_id_is_named(topic: str, tenant: str | None, machine_id: str, field: str) -> None:
    message = published(topic, value=1)
    assert (message.tenant, message.machine_id) == (tenant, machine_id)
    assert code_of(check(message, None, NOW)) == (field, "bad_id")


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"81.5 degrees", "unreadable"),
        (b"\xff\x00", "unreadable"),
        ("no base64", "unreadable"),
        (b"[1]", "not_an_object"),
        (b'{"value": 1, "value": 2}', "not_an_object"),
        (b'{"value": 1}', "required"),
        (b'{"value": 1, "timestamp_ms": "1767607200250"}', "not_an_instant"),
        (b'{"value": 1, "timestamp_ms": true}', "not_an_instant"),
        (b'{"value": 1, "timestamp_ms": 1.5}', "not_an_instant"),
        (b'{"value": 1, "timestamp_ms": -1}', "not_an_instant"),
        (b'{"value": 1, "timestamp_ms": NaN}', "not_an_instant"),
        (b'{"value": 1, "timestamp_ms": 1e400}', "not_an_instant"),
        (b'{"timestamp_ms": 1767607200250}', "bad_length"),
        (json.dumps({"timestamp_ms": AT} | {f"k{n}": n for n in range(1_001)}).encode(), "bad_length"),
    ],
)
def test_what_nobody_can_use_keeps_its_machine(payload: bytes | str, code: str) -> None:
    message = decode(wrapped(TOPIC, payload))
    assert (message.tenant, message.machine_id) == ("acme", "M1")
    assert code_of(check(message, HUB, NOW)) == ("umh", code)


def test_what_is_wrong_with_a_value_is_named_where_it_is() -> None:
    assert code_of(check(published(value="hot"), HUB, NOW)) == ("value", "not_a_number")
    wrong = check(published(value="hot", other=1), HUB, NOW).problems
    assert [(each.field, each.code) for each in wrong] == [
        ("readings[0].value", "not_a_number"),
        ("readings[1].tag", "unmapped_tag"),
    ]


def test_a_float_without_a_fraction_is_an_instant_too() -> None:
    assert published(value=1, timestamp_ms=float(AT)).parts == published(value=1).parts


LEVELS = st.text(st.sampled_from("ab_./#+ü"), max_size=6)


@given(st.lists(LEVELS, max_size=8).map("/".join), json_values)
def test_only_the_topic_says_whose_it_is_whatever_the_payload_claims(behind: str, sent: object) -> None:
    message = decode(wrapped(f"umh/v1/acme/{behind}", json.dumps(sent).encode()))
    assert message.tenant == "acme" or [problem.code for problem in message.problems] == ["bad_topic"]
    assert message.machine_id in ("", *behind.split("/"))
    verdict = check(message, replace(M1, id=message.machine_id), NOW)
    assert verdict.readings or verdict.problems


@given(st.text(), st.binary())
def test_no_topic_and_no_bytes_crash_the_decoder(topic: str, payload: bytes) -> None:
    assert check(decode(wrapped(topic, payload)), M1, NOW).problems


def test_over_http_nobody_can_name_a_topic() -> None:
    claimed = json.loads(wrapped(TOPIC, json.dumps({"timestamp_ms": AT, "value": 1}).encode()))
    message = unfold(claimed | {"tenant": "mine", "machine_id": "M2"})
    assert (message.tenant, message.machine_id) == ("mine", "M2")
    assert code_of(check(message, HUB, NOW)) == ("readings", "required")
