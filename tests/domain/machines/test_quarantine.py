"""Quarantine: nothing that a machine sent is lost, whatever its content."""

from datetime import UTC, datetime
from hashlib import shake_256

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines.quarantine import MAX_BYTES, original, reasons, set_aside

SENT = datetime(2026, 1, 5, 10, tzinfo=UTC)
PROBLEMS = [FieldError("readings[0].value", "must be finite", "not_finite"), FieldError("", "is wrong", "unreadable")]


@given(st.text())
def test_the_original_and_the_reasons_come_back(body: str) -> None:
    quarantined = set_aside(body, SENT, "M1", PROBLEMS)
    assert original(quarantined) == (body, True)
    assert reasons(quarantined) == PROBLEMS
    assert (quarantined.machine_id, quarantined.size_bytes) == ("M1", len(body.encode()))


def test_a_redelivered_message_has_the_same_name_whatever_is_found_wrong_with_it() -> None:
    assert set_aside("{}", SENT, "M1", PROBLEMS).digest == set_aside("{}", SENT, "M1", PROBLEMS[:1]).digest
    assert set_aside("{}", SENT, "M1", PROBLEMS).digest != set_aside("{ }", SENT, "M1", PROBLEMS).digest


def test_an_id_tells_the_day_it_was_sent_and_what_it_held() -> None:
    quarantined = set_aside("{}", SENT, "M1", PROBLEMS)
    assert quarantined.id == f"2026-01-05-{quarantined.digest}"


def test_an_original_that_does_not_compress_is_cut_and_says_so() -> None:
    body = shake_256(b"noise").digest(800 * 1024).decode("latin-1")
    quarantined = set_aside(body, SENT, "", PROBLEMS)
    beginning, whole = original(quarantined)
    assert len(quarantined.original) == MAX_BYTES
    assert not whole
    assert body.startswith(beginning.rstrip("\N{REPLACEMENT CHARACTER}"))


def test_the_reasons_of_the_worst_message_stay_small() -> None:
    problems = [
        FieldError(f"readings[{index}].{field}", "must be 1 to 64 letters, digits, _ or -", "bad_id")
        for index in range(1_000)
        for field in ("sensor", "type", "at", "seq", "value")
    ]
    assert len(set_aside("{}", SENT, "M1", problems).reasons) < 50 * 1024


def test_a_message_of_unpaired_surrogates_is_kept() -> None:
    assert original(set_aside("\ud800", SENT, "", PROBLEMS))[0]
