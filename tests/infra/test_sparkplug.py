"""What Takip's own tools send as an edge node: the protobuf library reads it as it was meant."""

from datetime import UTC, datetime

import pytest

from infra.sparkplug import BAD, BOOLEAN, DOUBLE, FLOAT, INT32, INT64, STRING, UINT64, Metric, Value, encode, topic
from tests import tahu

AT = datetime(2026, 1, 5, 10, 0, 0, 250_000, tzinfo=UTC)
AT_MS = 1767607200250


@pytest.mark.parametrize(
    ("datatype", "value", "field", "sent"),
    [
        (DOUBLE, 81.5, "double_value", 81.5),
        (FLOAT, 0.5, "float_value", 0.5),
        (INT32, -1, "int_value", 2**32 - 1),
        (INT64, -2, "long_value", 2**64 - 2),
        (UINT64, 1041, "long_value", 1041),
        (BOOLEAN, True, "boolean_value", True),
        (STRING, "producing", "string_value", "producing"),
    ],
)
def test_a_metric_is_sent_as_its_type(datatype: int, value: Value, field: str, sent: Value) -> None:
    payload = tahu.Payload.FromString(encode(AT, [Metric(value, AT, datatype, name="Tag", alias=300)], seq=3))
    (metric,) = payload.metrics
    assert (payload.timestamp, payload.seq) == (AT_MS, 3)
    assert (metric.name, metric.alias, metric.timestamp, metric.datatype) == ("Tag", 300, AT_MS, datatype)
    assert metric.WhichOneof("value") == field
    assert getattr(metric, field) == sent
    assert not metric.HasField("properties")


def test_a_metric_may_be_null_have_a_quality_and_no_name() -> None:
    payload = tahu.Payload.FromString(encode(AT, [Metric(None, AT, alias=0, quality=BAD)], seq=255))
    (metric,) = payload.metrics
    assert (metric.is_null, metric.HasField("name"), metric.HasField("alias")) == (True, False, True)
    assert list(metric.properties.keys) == ["Quality"]
    assert [(each.type, each.int_value) for each in metric.properties.values] == [(INT32, BAD)]


def test_a_topic_names_the_group_the_edge_node_and_perhaps_a_device() -> None:
    assert topic("default", "DDATA", "edge", "M1") == "spBv1.0/default/DDATA/edge/M1"
    assert topic("default", "NBIRTH", "edge") == "spBv1.0/default/NBIRTH/edge"
