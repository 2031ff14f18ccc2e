"""Sparkplug B payloads are read as the protobuf library reads them, and nothing that is cut or wrong is a crash."""

import base64
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.machines.protobuf import Malformed
from chalicelib.domain.machines.sparkplug import GOOD, MAX_METRICS, Metric, Payload, TooMany, read, signed
from tests import tahu

PRINTED = (
    "CPrT5ey4MxIfCgtUZW1wZXJhdHVyZRj60+XsuDMgCmkAAAAAAGBUQBIYCgpDeWNsZUNvdW50GPrT5ey4MyAIWJEIEhsKBVN0YXRlGPrT5ey4MyAM"
    "eglwcm9kdWNpbmcYAw=="
)
AT = 1767607200250

Fields = dict[str, Any]

whole = st.sampled_from([0, 1, 127, 128, 255, 2**31, 2**32 - 1]) | st.integers(0, 2**32 - 1)
long = whole | st.integers(0, 2**64 - 1)
texts = st.text(st.characters(codec="utf-8"), max_size=10)
scalars: dict[str, st.SearchStrategy[Any]] = {
    "int_value": whole,
    "long_value": long,
    "float_value": st.floats(width=32),
    "double_value": st.floats(),
    "boolean_value": st.booleans(),
    "string_value": texts,
}
no_readings: dict[str, st.SearchStrategy[Any]] = {
    "bytes_value": st.binary(max_size=5),
    "dataset_value": st.just({}),
    "template_value": st.just({}),
    "extension_value": st.just({}),
}


def with_one_of(
    fields: dict[str, st.SearchStrategy[Any]], **kinds: st.SearchStrategy[Any]
) -> st.SearchStrategy[Fields]:
    """Any of these fields, and at most one of these values."""
    value: st.SearchStrategy[Fields] = st.just({}) | st.one_of(
        [st.fixed_dictionaries({name: each}) for name, each in kinds.items()]
    )
    return st.builds(dict.__or__, st.fixed_dictionaries({}, optional=fields), value)


properties = st.fixed_dictionaries(
    {
        "keys": st.lists(st.just("Quality") | texts, max_size=3),
        "values": st.lists(with_one_of({"type": whole, "is_null": st.booleans()}, **scalars), max_size=3),
    }
)
metrics = with_one_of(
    {
        "name": texts,
        "alias": long,
        "timestamp": long,
        "datatype": st.integers(0, 20) | whole,
        "is_historical": st.booleans(),
        "is_null": st.booleans(),
        "properties": properties,
    },
    **scalars,
    **no_readings,
)
payloads = st.fixed_dictionaries(
    {"metrics": st.lists(metrics, max_size=5)},
    optional={"timestamp": long, "seq": st.integers(0, 255) | long, "uuid": texts, "body": st.binary(max_size=9)},
).map(lambda fields: tahu.Payload(**fields).SerializeToString())


def meant(payload: bytes) -> Payload:
    """What the protobuf library reads. Raises DecodeError."""
    read_whole = tahu.Payload.FromString(payload)

    def given(message: Any, field: str) -> Any:
        return getattr(message, field) if message.HasField(field) else None

    def quality(message: Any) -> int:
        said = dict(zip(message.properties.keys, message.properties.values, strict=False)).get("Quality")
        kind = said and said.WhichOneof("value")
        return getattr(said, kind) if kind in ("int_value", "long_value") else GOOD

    def metric(message: Any) -> Metric:
        kind = message.WhichOneof("value")
        value = getattr(message, kind) if kind in scalars and not message.is_null else None
        name, at = message.name or None, given(message, "timestamp")
        return Metric(name, given(message, "alias"), at, message.datatype, value, quality(message))

    seq, at = given(read_whole, "seq"), given(read_whole, "timestamp")
    return Payload(at, seq, tuple(metric(each) for each in read_whole.metrics))


def outcome(reading: Callable[[bytes], Payload], payload: bytes) -> str | None:
    """What is read, as a text, because NaN is never equal; None if it is refused."""
    try:
        return repr(reading(payload))
    except (Malformed, DecodeError):
        return None


def test_the_printed_payload_is_read() -> None:
    assert read(base64.b64decode(PRINTED)) == Payload(
        at=AT,
        seq=3,
        metrics=(
            Metric("Temperature", None, AT, 10, 81.5, GOOD),
            Metric("CycleCount", None, AT, 8, 1041, GOOD),
            Metric("State", None, AT, 12, "producing", GOOD),
        ),
    )


@given(payloads)
def test_any_payload_is_read_as_protobuf_reads_it(payload: bytes) -> None:
    assert outcome(read, payload) == outcome(meant, payload) is not None


@given(payloads, st.data())
def test_a_payload_cut_anywhere_is_refused_where_protobuf_refuses_it(payload: bytes, data: st.DataObject) -> None:
    part = payload[: data.draw(st.integers(0, len(payload)))]
    assert outcome(read, part) == outcome(meant, part)


@given(payloads, payloads)
def test_two_payloads_in_a_row_are_one_as_protobuf_puts_them_together(first: bytes, second: bytes) -> None:
    assert outcome(read, first + second) == outcome(meant, first + second) is not None


@given(payloads | st.binary(max_size=60), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=4))
def test_bytes_that_are_wrong_are_refused_or_read_as_protobuf_reads_them(
    payload: bytes, changes: list[tuple[int, int]]
) -> None:
    changed = bytearray(payload)
    for place, byte in changes:
        changed[place : place + 1] = bytes([byte])
    ours, theirs = outcome(read, bytes(changed)), outcome(meant, bytes(changed))
    assert None in (ours, theirs) or ours == theirs


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"\x00\x01", "a field with the number 0"),
        (b"\x0b", "a group"),
        (b"\xf8\xff\xff\xff\xff\x01\x00", "a field number of more than 29 bits"),
        (b"\x08" + b"\x80" * 10 + b"\x00", "a number of more than ten bytes"),
        (b"\x08" + b"\xff" * 9 + b"\x02", "a number of more than 64 bits"),
        (b"\x08", "a number that is missing"),
        (b"\x12\x03\x0a\x01\xff", "a name that is not UTF-8"),
        (b"\x12\x05\x65\x00\x00\x00", "a field that ends after its message"),
    ],
)
def test_what_is_no_payload_is_refused(payload: bytes, why: str) -> None:
    with pytest.raises(Malformed):
        read(payload)


@pytest.mark.parametrize(
    ("datatype", "sent", "value"),
    [
        (1, 0xFF, -1),
        (1, 0xFFFF_FFFF, -1),  # some edge nodes extend the sign to 32 bits
        (1, 0x7F, 127),
        (2, 0x8000, -32768),
        (3, 0xFFFF_FFFE, -2),
        (4, 2**64 - 3, -3),
        (4, 2**63 - 1, 2**63 - 1),
        (7, 0xFFFF_FFFF, 0xFFFF_FFFF),
        (10, -1.5, -1.5),
        (3, True, True),
    ],
)
def test_a_signed_number_is_sent_in_twos_complement(datatype: int, sent: float, value: float) -> None:
    assert repr(signed(sent, datatype)) == repr(value)


def test_the_time_grows_with_the_number_of_metrics_and_a_hundred_thousand_are_not_read() -> None:
    def seconds(count: int) -> float:
        began = time.process_time()
        with pytest.raises(TooMany) if count > MAX_METRICS else nullcontext():
            assert len(read(b"\x12\x02\x10\x01" * count).metrics) == count
        return time.process_time() - began

    few = min(seconds(200) for _ in range(3))
    assert seconds(2_000) < 40 * few
    assert seconds(100_000) < 1_000 * few
