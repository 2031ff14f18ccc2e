"""Chunks: unpacked readings are exactly the packed ones, and the same readings always have the same name."""

from datetime import timedelta
from random import Random
from struct import pack as bits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.digests import digest
from chalicelib.domain.machines.chunks import MAX_BYTES, expires_at, pack, unpack
from chalicelib.domain.machines.readings import Reading, series_of
from tests.domain.reading_strategies import HOUR, HOUR_BEGINS, SECOND, readings

some_readings = st.lists(readings, min_size=1, max_size=20)


@given(some_readings, st.sampled_from([1, 150, MAX_BYTES]))
def test_readings_come_back_as_they_were(sent: list[Reading], max_bytes: int) -> None:
    chunks = pack(sent, max_bytes)
    back = [reading for chunk in chunks for reading in unpack("M1", chunk.content)]
    assert back == [reading for series in series_of(sent) for reading in series]
    assert sum(chunk.count for chunk in chunks) == len(back)


@given(st.floats(-1e15, 1e15))
def test_a_value_comes_back_to_the_last_bit(value: float) -> None:
    (chunk,) = pack([Reading("M1", "main", "custom", HOUR_BEGINS, value)])
    (back,) = unpack("M1", chunk.content)
    assert bits("d", float(back.value)) == bits("d", value)


@given(some_readings, st.sampled_from([150, MAX_BYTES]), st.randoms(use_true_random=False))
def test_the_same_readings_give_the_same_chunks(sent: list[Reading], max_bytes: int, random: Random) -> None:
    again = [*sent, *sent]
    random.shuffle(again)
    assert pack(again, max_bytes) == pack(sent, max_bytes)


@given(some_readings, readings)
def test_other_readings_give_another_name(sent: list[Reading], extra: Reading) -> None:
    names = {chunk.digest for chunk in pack(sent)} ^ {chunk.digest for chunk in pack([*sent, extra])}
    assert bool(names) == (extra not in sent)


def test_a_chunk_is_named_as_in_earlier_releases() -> None:
    """A message that an earlier release has stored and that comes again must not be stored under another name."""
    counted = [
        Reading("M1", f"s{n % 3}", "temperature", HOUR_BEGINS + n * SECOND, n * 0.1 - 5, n if n % 2 else None)
        for n in range(100)
    ]
    told = [Reading("M1", "main", "state", HOUR_BEGINS + n * 250_000, ("idle", "producing")[n % 2]) for n in range(20)]
    at_once = [Reading("M1", "main", "cycle_count", HOUR_BEGINS + n % 5, float(n)) for n in range(10)]
    (chunk,) = pack([*counted, *told, *at_once, *counted[:30]])
    assert (chunk.digest, chunk.count) == ("16390bffeb6874ecc933782d0076de8c", 130)


def test_a_chunk_begins_with_its_first_instant_whatever_the_sensor() -> None:
    sent = [
        Reading("M1", "a", "custom", HOUR_BEGINS + 9 * SECOND, 1.0),
        Reading("M1", "b", "custom", HOUR_BEGINS + SECOND, 1.0),
    ]
    (chunk,) = pack(sent)
    assert chunk.first_at == HOUR_BEGINS + SECOND


def test_an_hour_that_outgrows_a_chunk_is_split() -> None:
    sent = [Reading("M1", "main", "custom", HOUR_BEGINS + index * 997, index * 1.1**0.5) for index in range(20_000)]
    chunks = pack(sent)
    assert len(chunks) > 1
    assert all(len(chunk.content) <= MAX_BYTES for chunk in chunks)
    assert [reading for chunk in chunks for reading in unpack("M1", chunk.content)] == sent


def test_a_chunk_that_is_damaged_is_noticed() -> None:
    (chunk,) = pack([Reading("M1", "main", "custom", HOUR_BEGINS, 1.0)])
    with pytest.raises(Exception, match="decompress"):
        unpack("M1", chunk.content[:-6])


def test_chunks_outlive_the_last_reading_that_is_accepted_by_a_day_and_have_no_end_by_default() -> None:
    kept = timedelta(days=30)
    assert expires_at(HOUR, None) is None
    assert expires_at(HOUR, kept) == HOUR + timedelta(hours=1) + kept + timedelta(days=1)


def test_a_name_is_128_bits_of_the_content() -> None:
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb924"
