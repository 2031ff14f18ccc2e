"""A machine's tags: what a value that is sent with a tag means, and everything that can be wrong with tags."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.machines.messages import Checked, check, unfold
from chalicelib.domain.machines.readings import TYPES
from chalicelib.domain.machines.tag_guessing import guessed_type, suggestion
from chalicelib.domain.machines.tags import Tag, kept_tags, tag_errors
from tests.domain.reading_messages import AT, M1, NOW, code_of
from tests.domain.reading_strategies import json_values

MODE = Tag("Mode", "state", "door", states={"3": "producing", "0": "off", "true": "idle", "Fault": "unplanned_stop"})
OIL = Tag("Oil/Temp", "temperature", "oil", scale=0.1, offset=-40.0)
PARTS = Tag("Parts", "cycle_count")
TAGGED = replace(M1, tags=(MODE, OIL, PARTS))


def sent(tag: object, value: object, **others: object) -> Checked:
    part = {"tag": tag, "value": value, "at": AT} | others
    return check(unfold({"machine_id": "M1", "readings": [part]}), TAGGED, NOW)


@pytest.mark.parametrize(
    ("tag", "value", "series", "meaning"),
    [
        ("Oil/Temp", 1_215, ("oil", "temperature"), 81.5),
        ("Oil/Temp", True, ("oil", "temperature"), -39.9),
        (" Oil/Temp\u00a0", 1_215.0, ("oil", "temperature"), 81.5),
        ("Parts", 7, ("main", "cycle_count"), 7.0),
        ("Parts", True, ("main", "cycle_count"), 1.0),
        ("Mode", 3, ("door", "state"), "producing"),
        ("Mode", 3.0, ("door", "state"), "producing"),
        ("Mode", "3", ("door", "state"), "producing"),
        ("Mode", False + 0, ("door", "state"), "off"),
        ("Mode", True, ("door", "state"), "idle"),
        ("Mode", " Fault ", ("door", "state"), "unplanned_stop"),
        ("Mode", "setup", ("door", "state"), "setup"),
    ],
)
def test_what_is_sent_with_a_tag_is_what_the_machine_says_of_it(
    tag: str, value: object, series: tuple[str, str], meaning: object
) -> None:
    verdict = sent(tag, value)
    assert verdict.problems == ()
    (reading,) = verdict.readings
    assert ((reading.sensor, reading.type), reading.value) == (series, meaning)


@pytest.mark.parametrize(
    ("tag", "value", "problem"),
    [
        ("Oil", 1, ("readings[0].tag", "unmapped_tag")),
        ("oil/temp", 1, ("readings[0].tag", "unmapped_tag")),
        (7, 1, ("readings[0].tag", "bad_tag")),
        (None, 1, ("readings[0].tag", "bad_tag")),
        ("x" * 129, 1, ("readings[0].tag", "bad_tag")),
        ("a\u200bb", 1, ("readings[0].tag", "bad_tag")),
        (" ", 1, ("readings[0].tag", "bad_tag")),
        ("Mode", 4, ("readings[0].value", "unmapped_state")),
        ("Mode", "paused", ("readings[0].value", "unmapped_state")),
        ("Mode", [3], ("readings[0].value", "unknown_state")),
        ("Mode", 1e300, ("readings[0].value", "unknown_state")),
        ("Mode", None, ("readings[0].value", "required")),
        ("Oil/Temp", 1e300, ("readings[0].value", "out_of_range")),
        ("Oil/Temp", 10**400, ("readings[0].value", "out_of_range")),
        ("Oil/Temp", 1e400, ("readings[0].value", "not_finite")),
        ("Oil/Temp", "81", ("readings[0].value", "not_a_number")),
        ("Oil/Temp", None, ("readings[0].value", "required")),
    ],
)
def test_what_cannot_be_used_is_named(tag: object, value: object, problem: tuple[str, str]) -> None:
    assert code_of(sent(tag, value)) == problem


def test_an_unknown_tag_and_an_unknown_state_say_what_to_add() -> None:
    (tag,), (state,) = sent("Motor/Hız", 7).problems, sent("Mode", 4).problems
    assert '{"tag": "Motor/Hız", "type": "speed", "sensor": "Motor_Hiz"}' in tag.message
    assert "PATCH /machines/M1" in tag.message
    assert "4 has no state" in state.message
    assert "tag Mode" in state.message


def test_beside_a_type_a_tag_is_ignored_and_beside_a_sensor_it_is_an_error() -> None:
    assert sent("nobody", 7, type="temperature").readings[0][:3] == ("M1", "main", "temperature")
    assert sent("nobody", 7, reading_type="humidity").readings[0][:3] == ("M1", "main", "humidity")
    assert code_of(sent("Parts", 7, sensor="main")) == ("readings[0].tag", "twice")


def test_every_error_of_a_tagged_reading_is_named_at_once() -> None:
    wrong = sent("nobody", None, at="yesterday", seq=-1, machine_id="M2")
    assert [(problem.field, problem.code) for problem in wrong.problems] == [
        ("readings[0].machine_id", "other"),
        ("readings[0].tag", "unmapped_tag"),
        ("readings[0].at", "not_an_instant"),
        ("readings[0].seq", "bad_seq"),
        ("readings[0].value", "required"),
    ]


@given(st.sampled_from(["Mode", "Oil/Temp", "Parts", "nobody"]) | json_values, json_values)
def test_a_tagged_reading_is_good_or_named_whatever_it_is(tag: object, value: object) -> None:
    verdict = sent(tag, value)
    assert bool(verdict.readings) is not bool(verdict.problems)


@given(st.floats(-1e6, 1e6), st.floats(-1e3, 1e3).filter(bool), st.floats(-1e6, 1e6))
def test_a_number_is_scaled_and_moved_as_it_would_be_by_hand(value: float, scale: float, offset: float) -> None:
    assert Tag("t", "custom", scale=scale, offset=offset).meaning(value) == scale * value + offset


def test_tags_that_can_be_are_fine_and_states_without_content_are_not_kept() -> None:
    assert tag_errors(TAGGED.tags) == []
    assert kept_tags((replace(MODE, states={}), OIL)) == (replace(MODE, states=None), OIL)


@pytest.mark.parametrize(
    ("tag", "problem"),
    [
        (Tag("t", "smell"), ("type", "unknown")),
        (Tag("t", "state", scale=2.0), ("scale", "no_numbers")),
        (Tag("t", "state", offset=2.0), ("offset", "no_numbers")),
        (Tag("t", "state", states={"1": "asleep"}), ("states", "unknown")),
        (Tag("t", "power", states={"1": "idle"}), ("states", "no_states")),
        (Tag("t", "power", scale=0.0), ("scale", "zero")),
    ],
)
def test_a_tag_that_cannot_be_is_named(tag: Tag, problem: tuple[str, str]) -> None:
    (error,) = tag_errors((OIL, tag))
    assert (error.field, error.code) == (f"tags[1].{problem[0]}", problem[1])


def test_a_tag_stands_once_and_all_together_have_an_end() -> None:
    assert [(each.field, each.code) for each in tag_errors((OIL, MODE, OIL))] == [("tags[2].tag", "duplicate")]
    many = [Tag(f"{n:0128d}", "cycle_count") for n in range(500)]
    assert tag_errors(many) == []
    (error,) = tag_errors([replace(tag, tag="ğ" * 120 + tag.tag[-8:]) for tag in many])
    assert (error.field, error.code) == ("tags", "too_large")


@pytest.mark.parametrize(
    ("tag", "value", "guessed"),
    [
        ("Temperature", 81.5, "temperature"),
        ("SICAKLIK_1", 81.5, "temperature"),
        ("Line/CycleCount", 1041, "cycle_count"),
        ("üretilen adet", 3, "cycle_count"),
        ("State", "producing", "state"),
        ("Anything", "running", "state"),
        ("MachineMode", 3, "state"),
        ("DB1.DW20", 3, "custom"),
    ],
)
def test_a_type_is_guessed_from_the_name_and_the_value(tag: str, value: Any, guessed: str) -> None:
    assert guessed_type(tag, value) == guessed


@given(st.text(min_size=1, max_size=128), json_values)
def test_a_suggestion_is_a_tag_that_can_be_added(tag: str, value: object) -> None:
    made = Tag(**json.loads(suggestion(tag, value)))
    assert made.type in TYPES
    assert made.tag == tag
    assert len(made.sensor) <= 64
    assert tag_errors((made,)) == []
