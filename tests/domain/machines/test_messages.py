"""A machine's message: what it may contain, and that anything else is named and does no harm."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.machines.machines import MachineStatus
from chalicelib.domain.machines.messages import Checked, check, decode, encode, unfold
from chalicelib.domain.machines.readings import LIMIT, Reading, moment
from chalicelib.domain.machines.sensors import Sensor
from tests.domain.reading_messages import AT, GOOD, M1, NOW, READ, checked, code_of
from tests.domain.reading_strategies import HOUR, HOUR_BEGINS, json_values, readings


def body_code(body: str | bytes) -> tuple[str, str]:
    return code_of(check(decode(body), M1, NOW))


def test_a_message_gives_its_readings() -> None:
    message = decode(json.dumps({"machine_id": "M1", "readings": [GOOD]}))
    assert (message.tenant, message.machine_id) == ("default", "M1")
    assert check(message, M1, NOW) == Checked((READ,), ())


def test_a_message_names_its_tenant() -> None:
    assert decode(json.dumps({"machine_id": "M1", "tenant": "acme", "readings": [GOOD]})).tenant == "acme"


@pytest.mark.parametrize("names", [("type", "at"), ("reading_type", "timestamp")])
def test_one_bare_reading_is_a_message_under_both_names(names: tuple[str, str]) -> None:
    bare = {"machine_id": "M1", names[0]: "temperature", "value": 81.5, names[1]: AT}
    expected = Reading("M1", "main", "temperature", HOUR_BEGINS + 250_000, 81.5)
    assert check(unfold(bare), M1, NOW) == Checked((expected,), ())


def published(payload: bytes | str) -> str:
    """A message as the topic's rule makes it of a payload without readings."""
    encoded = payload if isinstance(payload, str) else base64.b64encode(payload).decode()
    return json.dumps({"tenant": "default", "machine_id": "M1", "unreadable": encoded})


def test_a_bare_reading_on_a_topic_is_that_of_the_topics_machine() -> None:
    bare = {"machine_id": "M9", "tenant": "acme", "reading_type": "temperature", "value": 81.5, "timestamp": AT}
    message = decode(published(json.dumps(bare).encode()))
    expected = Reading("M1", "main", "temperature", HOUR_BEGINS + 250_000, 81.5)
    assert check(message, M1, NOW) == Checked((expected,), ())


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"81.5 degrees", "unreadable"),
        (b"\xff\x00", "unreadable"),
        (b"", "unreadable"),
        ("no base64", "unreadable"),
        ("ü", "unreadable"),
        (b"[1, 2]", "not_an_object"),
        (b'{"unreadable": ""}', "not_an_object"),
        (b'{"value": 1, "value": 2}', "not_an_object"),
        (b'{"temperature": 81.5}', "required"),
    ],
)
def test_what_a_topic_carries_and_nobody_can_use_keeps_its_machine(payload: bytes | str, code: str) -> None:
    message = decode(published(payload))
    assert (message.tenant, message.machine_id) == ("default", "M1")
    assert code_of(check(message, M1, NOW)) == ("readings", code)


def test_a_topics_payload_that_is_not_text_is_named() -> None:
    assert body_code('{"machine_id": "M1", "unreadable": 7}') == ("readings", "unreadable")


def test_a_bare_reading_names_its_fields_without_an_index() -> None:
    assert code_of(check(unfold({"machine_id": "M1", "type": "humidity", "at": AT, "value": "50"}), M1, NOW)) == (
        "value",
        "not_a_number",
    )


def test_a_field_under_both_of_its_names_is_refused() -> None:
    assert code_of(checked(reading_type="humidity")) == ("readings[0].type", "twice")
    assert code_of(checked(timestamp=AT)) == ("readings[0].at", "twice")


def test_good_readings_are_kept_beside_wrong_ones_and_every_error_is_named() -> None:
    wrong = {"type": "warmth", "value": 1, "at": "yesterday", "sensor": "a b", "seq": -1}
    verdict = check(unfold({"machine_id": "M1", "readings": [wrong, GOOD, 7]}), M1, NOW)
    assert verdict.readings == (READ,)
    assert [(problem.field, problem.code) for problem in verdict.problems] == [
        ("readings[0].sensor", "bad_id"),
        ("readings[0].type", "unknown_type"),
        ("readings[0].at", "not_an_instant"),
        ("readings[0].seq", "bad_seq"),
        ("readings[2]", "not_an_object"),
    ]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ("", "", "unreadable"),
        ("{", "", "unreadable"),
        (b"\xff\xfe\xfa", "", "unreadable"),
        ("[" * 100_000, "", "unreadable"),
        ('{"value": ' + "9" * 5_000 + "}", "", "unreadable"),
        ("x" * (256 * 1024 + 1), "", "too_large"),
        ("ü" * (128 * 1024 + 1), "", "too_large"),
        ("7", "", "not_an_object"),
        ("[]", "", "not_an_object"),
        ('{"machine_id": "M1", "machine_id": "M2", "readings": []}', "", "not_an_object"),
        ('{"readings": [1]}', "machine_id", "required"),
        ('{"machine_id": 7, "readings": [1]}', "machine_id", "bad_id"),
        ('{"machine_id": "M1#", "readings": [1]}', "machine_id", "bad_id"),
        ('{"machine_id": "M1\\n", "readings": [1]}', "machine_id", "bad_id"),
        ('{"machine_id": "\\ud800", "readings": [1]}', "machine_id", "bad_id"),
        ('{"machine_id": "M1", "tenant": "", "readings": [1]}', "tenant", "bad_id"),
        ('{"machine_id": "M1"}', "readings", "required"),
        ('{"machine_id": "M1", "readings": null, "value": 1}', "readings", "twice"),
        ('{"machine_id": "M1", "readings": {}}', "readings", "not_a_list"),
        ('{"machine_id": "M1", "readings": []}', "readings", "bad_length"),
        ('{"machine_id": "M1", "readings": [' + "1," * 1_000 + "1]}", "readings", "bad_length"),
    ],
)
def test_a_message_that_cannot_be_used_at_all_says_why(body: str | bytes, field: str, code: str) -> None:
    assert body_code(body) == (field, code)


def test_a_message_of_the_largest_size_is_taken() -> None:
    body = json.dumps({"machine_id": "M1", "readings": [GOOD] * 1_000})
    verdict = check(decode(body.ljust(256 * 1024)), M1, NOW)
    assert len(verdict.readings) == 1_000


def test_an_unknown_machine_is_a_problem() -> None:
    assert code_of(check(unfold({"machine_id": "M9", "readings": [GOOD]}), None, NOW)) == (
        "machine_id",
        "unknown_machine",
    )


def test_a_retired_machine_is_a_problem() -> None:
    retired = replace(M1, status=MachineStatus.RETIRED)
    verdict = check(unfold({"machine_id": "M1", "readings": [GOOD]}), retired, NOW)
    assert code_of(verdict) == ("machine_id", "retired_machine")


def test_a_machine_in_maintenance_still_speaks() -> None:
    repaired = replace(M1, status=MachineStatus.MAINTENANCE)
    assert check(unfold({"machine_id": "M1", "readings": [GOOD]}), repaired, NOW).readings == (READ,)


def test_a_reading_that_names_something_twice_harms_only_itself() -> None:
    good, twice = json.dumps(GOOD), '{"type": "humidity", "value": 1, "value": 2, "at": "2026-01-05T10:00:00Z"}'
    verdict = check(decode(f'{{"machine_id": "M1", "readings": [{good}, {twice}]}}'), M1, NOW)
    assert verdict.readings == (READ,)
    assert [(problem.field, problem.code) for problem in verdict.problems] == [("readings[1]", "not_an_object")]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_value_that_is_not_finite_harms_only_itself(number: str) -> None:
    bad = f'{{"type": "custom", "value": {number}, "at": "{AT}"}}'
    verdict = check(decode(f'{{"machine_id": "M1", "readings": [{bad}, {json.dumps(GOOD)}]}}'), M1, NOW)
    assert verdict.readings == (READ,)
    assert [(problem.field, problem.code) for problem in verdict.problems] == [("readings[0].value", "not_finite")]


def test_readings_older_than_they_are_kept_are_refused() -> None:
    message = unfold({"machine_id": "M1", "readings": [GOOD]})
    age = NOW - moment(READ.at)
    assert check(message, M1, NOW, retention=age).readings == (READ,)
    assert code_of(check(message, M1, NOW, retention=age - timedelta(microseconds=1))) == (
        "readings[0].at",
        "past_retention",
    )


@given(st.lists(readings, min_size=1, max_size=20))
def test_good_readings_travel_on_and_arrive_as_they_are(good: list[Reading]) -> None:
    message = decode(encode("acme", "M1", good))
    wide = replace(M1, sensors=(Sensor("main", "temperature", -LIMIT, LIMIT),))
    assert message.tenant == "acme"
    assert check(message, wide, HOUR + timedelta(hours=1)) == Checked(tuple(good), ())


@given(json_values)
def test_no_message_crashes_the_check(decoded: object) -> None:
    verdict = check(unfold(decoded), M1, NOW)
    assert verdict.readings or verdict.problems


@given(st.lists(json_values, min_size=1, max_size=5))
def test_every_part_is_either_good_or_named(parts: list[object]) -> None:
    verdict = check(unfold({"machine_id": "M1", "readings": [*parts, GOOD]}), M1, NOW)
    named = {problem.field.split(".")[0] for problem in verdict.problems}
    assert len(verdict.readings) + len(named) == len(parts) + 1
    assert READ in verdict.readings


@given(st.text() | st.binary())
def test_no_bytes_crash_the_decoder(body: str | bytes) -> None:
    assert check(decode(body), M1, NOW).problems


def test_a_lone_surrogate_is_read_as_far_as_it_goes() -> None:
    assert body_code("\ud800") == ("", "unreadable")
