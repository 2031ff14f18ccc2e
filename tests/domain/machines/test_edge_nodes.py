"""Messages of edge nodes: whose they are, which metrics are readings, and what a birth must say first."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.machines.edge_nodes import NOTHING, Known, Published, needs_birth, sort_out, source_of
from chalicelib.domain.machines.message_fields import Wrong
from chalicelib.domain.machines.messages import Message, decode
from chalicelib.domain.machines.sparkplug import GOOD, MAX_METRICS, Metric, Value
from tests.domain.machines.test_sparkplug import AT, PRINTED
from tests.edge_nodes import data, named, published

TOPIC = "spBv1.0/default/DDATA/edge/M1"
READ_AT = "2026-01-05T10:00:00.250000Z"


def metric(
    value: Value = 1,
    name: str | None = "Tag",
    alias: int | None = None,
    at: int | None = AT,
    datatype: int = 3,
    quality: int = GOOD,
) -> Metric:
    return Metric(name, alias, at, datatype, value, quality)


def sorted_out(*metrics: Metric, known: Known = NOTHING) -> tuple[list[object], list[str], int, int]:
    """The tags and values of the readings, the codes of the problems, the nulls and the doubtful ones."""
    found = sort_out(Published(AT, metrics, is_birth=False), known)
    assert len(found.parts) == len(found.places)
    parts = [(part["tag"], part["value"]) for part in found.parts if isinstance(part, dict)]
    return [*parts], [problem.code for problem in found.problems], found.nulls, found.doubtful


def problem(message: Message) -> tuple[str | None, str, str, str]:
    """Whose an unusable message is, and what is wrong."""
    (wrong,) = message.problems
    assert message.parts == ()
    return message.tenant, message.machine_id, wrong.field, wrong.code


@pytest.mark.parametrize(
    ("topic", "machine", "is_birth"),
    [
        (TOPIC, "M1", False),
        ("spBv1.0/default/DBIRTH/edge/M1", "M1", True),
        ("spBv1.0/default/NDATA/edge", "edge", False),
        ("spBv1.0/default/NBIRTH/edge", "edge", True),
    ],
)
def test_the_topic_says_whose_a_message_is(topic: str, machine: str, *, is_birth: bool) -> None:
    assert source_of(topic) == ("default", machine, is_birth)


@pytest.mark.parametrize(
    "topic",
    [
        None,
        7,
        "",
        "spBv1.0",
        "spAv1.0/default/DDATA/edge/M1",
        "spBv1.0/default/DDEATH/edge/M1",
        "spBv1.0/default/NDEATH/edge",
        "spBv1.0/STATE/host",
        "spBv1.0/default/DDATA/edge",
        "spBv1.0/default/NDATA/edge/M1",
        "spBv1.0/default/DDATA/edge/M1/more",
    ],
)
def test_another_topic_holds_no_readings(topic: object) -> None:
    with pytest.raises(Wrong) as refused:
        source_of(topic)
    assert refused.value.code == "bad_topic"
    assert problem(decode(json.dumps({"sparkplug": PRINTED, "topic": topic})))[3] == "bad_topic"


def test_a_message_is_the_machines_that_the_topic_names_whatever_stands_beside_it() -> None:
    body = {"sparkplug": PRINTED, "topic": TOPIC, "tenant": "other", "readings": [{}]}
    message = decode(json.dumps(body))
    assert (message.tenant, message.machine_id, message.problems) == ("default", "M1", ())
    assert message.published is not None
    assert [each.name for each in message.published.metrics] == ["Temperature", "CycleCount", "State"]


def test_what_cannot_be_a_tenant_or_a_machine_is_told() -> None:
    def told(topic: str) -> tuple[str | None, str, str, str]:
        return problem(decode(json.dumps({"sparkplug": PRINTED, "topic": topic})))

    assert told("spBv1.0/Plant 1/DDATA/edge/M1") == (None, "M1", "tenant", "bad_id")
    assert told("spBv1.0/default/DDATA/edge/Press 1") == ("default", "", "machine_id", "bad_id")


@pytest.mark.parametrize("payload", [7, None, "no base64!", "", "AAAA", PRINTED[:-4], PRINTED[:40]])
def test_what_is_no_whole_payload_is_the_machines_and_unreadable(payload: object) -> None:
    message = decode(json.dumps({"sparkplug": payload, "topic": TOPIC}))
    assert problem(message) == ("default", "M1", "sparkplug", "unreadable")


def test_the_printed_payload_cut_anywhere_is_unreadable() -> None:
    whole = data(0, named("Tag", 1, 0))
    assert decode(whole).problems == ()
    payload = b"\x08\x01\x12\x04\x0a\x02\xc3\xa9\x18\x03"
    assert decode(published(payload)).problems == ()
    for end in range(len(payload)):
        assert problem(decode(published(payload[:end])))[3] == "unreadable"


def test_a_payload_has_ten_thousand_metrics_at_most() -> None:
    def of(count: int) -> Message:
        return decode(published(b"\x08\x01" + b"\x12\x02\x10\x01" * count + b"\x18\x03"))

    assert of(MAX_METRICS).problems == ()
    assert problem(of(MAX_METRICS + 1)) == ("default", "M1", "sparkplug", "bad_length")
    assert problem(decode(published(b"\x08\x01" + b"\x12\x00" * 95_000 + b"\x18\x03")))[3] == "bad_length"


def test_a_metric_is_a_reading_with_its_name_as_tag_at_its_own_time_or_the_payloads() -> None:
    found = sort_out(
        Published(AT, (metric(1.5), metric(2.5, at=None), metric(3.5, at=AT - 250)), is_birth=True), NOTHING
    )
    assert found.parts == (
        {"tag": "Tag", "value": 1.5, "at": READ_AT},
        {"tag": "Tag", "value": 2.5, "at": READ_AT},
        {"tag": "Tag", "value": 3.5, "at": "2026-01-05T10:00:00.000000Z"},
    )
    assert found.places == ("metrics[0]", "metrics[1]", "metrics[2]")


def test_an_instant_after_the_year_9999_is_shown_as_the_end_of_it() -> None:
    (part,) = sort_out(Published(AT, (metric(at=2**64 - 1),), is_birth=False), NOTHING).parts
    assert isinstance(part, dict)
    assert part["at"] == "9999-12-31T23:59:59.999000Z"
    assert datetime(9999, 12, 31, 23, 59, 59, 999_000, UTC) - datetime(1970, 1, 1, tzinfo=UTC) == timedelta(
        milliseconds=253_402_300_799_999
    )


def test_nulls_and_values_of_doubtful_quality_are_counted_and_are_no_readings() -> None:
    metrics = (metric(None), metric(1, quality=0), metric(2, quality=500), metric(3), metric(None, quality=0))
    assert sorted_out(*metrics) == ([("Tag", 3)], [], 2, 2)


def test_sparkplugs_own_metrics_are_no_readings() -> None:
    own = ("bdSeq", "Node Control/Rebirth", "Device Control/Scan Rate")
    assert sorted_out(*(metric(name=name) for name in own), metric(name="bdSeq2")) == ([("bdSeq2", 1)], [], 0, 0)


def test_a_signed_number_is_read_as_its_type_says_its_own_or_that_of_the_birth() -> None:
    known = Known({7: ("Tag", 3)}, {"Tag": 3})
    minus = 2**32 - 5
    metrics = (metric(minus), metric(minus, datatype=0), metric(minus, name=None, alias=7, datatype=0))
    assert sorted_out(*metrics, metric(minus, datatype=7), known=known)[0] == [("Tag", -5)] * 3 + [("Tag", minus)]


def test_an_alias_has_the_name_that_the_birth_gave_it_and_a_name_counts_before_it() -> None:
    known = Known({7: ("Oil/Temp", 10)}, {"Oil/Temp": 10})
    metrics = (metric(1.5, name=None, alias=7), metric(2.5, name="Own", alias=7), metric(3.5, name=None, alias=8))
    assert sorted_out(*metrics, known=known) == ([("Oil/Temp", 1.5), ("Own", 2.5)], ["unknown_alias"], 0, 0)


def test_a_metric_needs_a_name_or_an_alias() -> None:
    assert sorted_out(metric(name=None)) == ([], ["required"], 0, 0)


@pytest.mark.parametrize(
    ("one", "needs"),
    [
        (metric(name=None, alias=0), True),
        (metric(None, name=None, alias=0), False),
        (metric(name=None, alias=0, quality=0), False),
        (metric(name=None), False),
        (metric(128, datatype=0), True),
        (metric(127, datatype=0), False),
        (metric(128, datatype=7), False),
        (metric(128.5, datatype=0), False),
        (metric(datatype=0, value=True), False),
        (metric("128", datatype=0), False),
    ],
)
def test_a_birth_is_needed_for_an_alias_and_for_a_number_whose_sign_is_not_known(one: Metric, *, needs: bool) -> None:
    payload = Published(AT, (metric(), one), is_birth=False)
    assert needs_birth(payload) is needs
    waiting = {"unknown_alias", "unknown_datatype"} & {each.code for each in sort_out(payload, NOTHING).problems}
    assert bool(waiting) is needs
