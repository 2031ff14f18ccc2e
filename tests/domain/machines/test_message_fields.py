"""The fields of a reading: the values that each accepts, and the errors for others."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.machines.messages import check, unfold
from chalicelib.domain.machines.readings import STATES, microseconds
from tests.domain.reading_messages import GOOD, NOW, checked, code_of, with_sensor


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("sensor", 7, "bad_id"),
        ("sensor", "x" * 65, "bad_id"),
        ("sensor", "", "bad_id"),
        ("type", ..., "required"),
        ("type", ["temperature"], "unknown_type"),
        ("at", ..., "required"),
        ("at", 1767607200, "not_an_instant"),
        ("at", "2026-01-05", "not_an_instant"),
        ("at", "2026-01-05T10:00Z", "not_an_instant"),
        ("at", "2026-13-05T10:00:00Z", "not_an_instant"),
        ("at", "2026-01-05T10:00:00+24:00", "not_an_instant"),
        ("at", "٢٠٢٦-01-05T10:00:00Z", "not_an_instant"),
        ("at", "2026-01-05T10:00:00", "no_offset"),
        ("at", "2026-01-05T10:06:00.000001Z", "in_the_future"),
        ("at", "2200-01-01T00:00:00Z", "in_the_future"),
        ("at", "1969-12-31T23:59:59.999999Z", "out_of_range"),
        ("at", "1970-01-01T00:00:00+00:01", "out_of_range"),
        ("at", "0001-01-01T00:00:00Z", "out_of_range"),
        ("seq", True, "bad_seq"),
        ("seq", 1.0, "bad_seq"),
        ("seq", "1", "bad_seq"),
        ("seq", 2**63, "bad_seq"),
        ("value", ..., "required"),
        ("value", None, "required"),
        ("value", True, "not_a_number"),
        ("value", "81.5", "not_a_number"),
        ("value", [81.5], "not_a_number"),
        ("value", -273.16, "out_of_range"),
        ("value", 3_001, "out_of_range"),
        ("value", 10**400, "out_of_range"),
    ],
)
def test_a_wrong_field_is_refused(field: str, value: object, code: str) -> None:
    assert code_of(checked(**{field: value})) == (f"readings[0].{field}", code)


@pytest.mark.parametrize("value", [1e300, -1e300, 1.0000000000000002e15, 10**15 + 1])
def test_no_value_is_larger_than_can_be_counted_whatever_the_machine_says(value: float) -> None:
    message = unfold({"machine_id": "M1", "readings": [GOOD | {"type": "custom", "value": value}]})
    assert code_of(check(message, with_sensor("custom", -1e308, 1e308), NOW)) == (
        "readings[0].value",
        "out_of_range",
    )


def test_a_machines_own_range_is_the_one_that_counts() -> None:
    message = unfold({"machine_id": "M1", "readings": [GOOD]})
    refused = check(message, with_sensor("temperature", None, 80.0), NOW)
    assert code_of(refused) == ("readings[0].value", "out_of_range")
    assert "80 °C" in refused.problems[0].message


@pytest.mark.parametrize("state", STATES)
def test_a_machine_tells_its_state_in_words(state: str) -> None:
    assert checked(type="state", value=state).readings[0].value == state


@pytest.mark.parametrize("value", ["running", 1, True, ["idle"]])
def test_an_unknown_state_is_refused(value: object) -> None:
    assert code_of(checked(type="state", value=value)) == ("readings[0].value", "unknown_state")


@pytest.mark.parametrize("value", [0, 0.0, -0.0])
def test_minus_zero_is_zero(value: float) -> None:
    read = checked(value=value).readings[0].value
    assert str(read) == "0.0"


def test_an_absent_sensor_is_main_and_an_absent_counter_is_none() -> None:
    for absent in (None, ...):
        (reading,) = checked(sensor=absent, seq=absent).readings
        assert (reading.sensor, reading.seq) == ("main", None)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-01-05T10:00:00Z", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("2026-01-05t10:00:00z", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("2026-01-05 13:00:00+03:00", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("2026-01-05T04:30:00.5-05:30", datetime(2026, 1, 5, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-01-05T10:00:00.000001Z", datetime(2026, 1, 5, 10, 0, 0, 1, tzinfo=UTC)),
        ("2026-01-05T10:00:00.123456999Z", datetime(2026, 1, 5, 10, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-01-05T10:00:00.0000005Z", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("2026-01-05T10:00:00.0000015Z", datetime(2026, 1, 5, 10, 0, 0, 1, tzinfo=UTC)),
        ("2026-01-05T10:00:00.0000025Z", datetime(2026, 1, 5, 10, 0, 0, 2, tzinfo=UTC)),
        ("1970-01-01T00:00:00.0000005Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("2026-01-05T10:06:00.0000005Z", datetime(2026, 1, 5, 10, 6, tzinfo=UTC)),
        ("2026-01-05T10:06:00Z", datetime(2026, 1, 5, 10, 6, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_any_offset_is_read_to_the_whole_microsecond(text: str, at: datetime) -> None:
    assert checked(at=text).readings[0].at == microseconds(at)


def test_an_instant_before_the_first_year_is_refused() -> None:
    assert code_of(checked(at="0001-01-01T00:00:00+01:00")) == ("readings[0].at", "not_an_instant")
