"""Edge nodes: births are kept, and a metric that has only an alias means what the birth before it says."""

from datetime import timedelta

import pytest

from chalicelib import remembered
from chalicelib.domain.machines import quarantine
from chalicelib.domain.machines.births import Birth, Births, Run
from chalicelib.domain.machines.machines import MachineStatus
from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.machines.rollups import HOUR
from chalicelib.domain.machines.tags import Tag
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import tenants
from chalicelib.services.machines.ingest import Ingested, ingest
from chalicelib.services.numbers.aggregation import aggregate
from chalicelib.storage.machines import chunks
from infra.sparkplug import BAD, DOUBLE, INT32, STALE, Metric, encode
from tests.conftest import SetClock
from tests.edge_nodes import SEVEN, aliased, birth, data, later, named, published
from tests.machines import arrived, install, message, part, standing, watched

pytestmark = pytest.mark.usefixtures("table", "set_clock")

TAGS = tuple(Tag(name, "custom", name) for name in ("A", "B"))


@pytest.fixture(autouse=True)
def machine(table: None) -> None:
    """A machine that maps the tags A and B to sensors of the same name."""
    install("M1", tags=TAGS)


def stored(machine_id: str = "M1") -> list[tuple[str, float | str]]:
    """The sensors and values that stand in the chunks of the hour from seven."""
    readings = chunks.readings_of("default", MachineHour(machine_id, SEVEN))
    return sorted((each.sensor, each.value) for each in readings)


def codes() -> list[list[str]]:
    """The codes of each message in quarantine."""
    messages = [each.read(Quarantined) for each in standing("quarantined")]
    return [[reason.code for reason in quarantine.reasons(each)] for each in messages]


def counting() -> Births:
    """What counts of the births of M1."""
    (kept,) = standing("births")
    return kept.read(Births)


def take(*bodies: str) -> Ingested:
    return ingest(arrived(*bodies))


def test_the_payload_of_an_edge_node_becomes_readings_of_the_device_by_the_names_of_its_metrics() -> None:
    result = take(data(10, named("A", 1.5, 10, DOUBLE), named("B", -7, 11)))
    assert result == Ingested(readings=2, chunks=1, quarantined=0)
    assert stored() == [("A", 1.5), ("B", -7.0)]
    assert standing("births") == []


def test_a_metric_that_is_not_mapped_waits_with_its_place_in_the_payload() -> None:
    take(data(10, Metric(None, later(9), name="A"), named("C", 1, 10)))
    (aside,) = standing("quarantined")
    (reason,) = quarantine.reasons(aside.read(Quarantined))
    assert (reason.field, reason.code) == ("metrics[1].tag", "unmapped_tag")


def test_a_message_of_the_edge_node_itself_is_of_the_machine_that_is_named_like_it() -> None:
    take(published(b"\x08\x01\x18\x01", "NDATA", device="gate"), data(10, named("A", 1, 10), device="gone"))
    assert codes() == [["unknown_machine"], ["unknown_machine"]]
    asides = [each.read(Quarantined).machine_id for each in standing("quarantined")]
    assert sorted(asides) == ["gate", "gone"]


def test_the_group_is_the_tenant() -> None:
    tenants.create("other", DEFAULT_SETTINGS)
    take(data(10, named("A", 1, 10), group="other"), data(10, named("A", 1, 10), group="nobody"))
    assert sorted(codes()) == [["unknown_machine"], ["unknown_tenant"]]


def test_nulls_and_values_of_doubtful_quality_are_counted() -> None:
    metrics = [
        Metric(value, later(1), name="A", quality=quality) for value, quality in ((1, BAD), (2, STALE), (3, 192))
    ]
    result = take(data(10, *metrics, Metric(None, later(1), name="A")))
    assert result == Ingested(readings=1, chunks=1, quarantined=0, nulls=1, doubtful=2)
    assert stored() == [("A", 3.0)]


def test_an_alias_means_what_the_birth_before_it_says_in_the_same_batch_too() -> None:
    result = take(
        data(20, aliased(7, 2, 20)), birth(0, {7: "A", 8: "B"}), data(30, aliased(8, -3, 30), aliased(7, 4, 30))
    )
    assert result == Ingested(readings=3, chunks=1, quarantined=0, nulls=2)
    assert stored() == [("A", 2.0), ("A", 4.0), ("B", -3.0)]


def test_an_alias_that_no_birth_names_waits_whole_while_the_others_are_taken() -> None:
    take(birth(50, {7: "A"}), birth(10, {8: "B"}))
    result = take(data(20, aliased(7, 1, 20), named("B", 2, 20)))
    assert (result.readings, result.quarantined) == (1, 1)
    assert stored() == [("B", 2.0)]
    assert codes() == [["unknown_alias"]]


def test_values_of_a_birth_are_readings_too() -> None:
    said = encode(later(0), [Metric(5, later(-1), INT32, name="A", alias=7)], seq=0)
    take(published(said, "DBIRTH"), data(20, aliased(7, 1, 20)))
    assert stored() == [("A", 1.0)]
    assert chunks.readings_of("default", MachineHour("M1", SEVEN - HOUR))[0].value == 5.0


def test_each_birth_is_kept_for_a_week_and_what_counts_of_them_in_one_item() -> None:
    take(birth(0, {7: "A"}), birth(60, {7: "A"}))
    take(birth(30, {7: "A"}), birth(90, {7: "B"}))
    kept = [each.read(Birth) for each in standing("birth")]
    a, b = kept[0].names, kept[-1].names
    start = int(SEVEN.timestamp() * 1000)
    assert [(each.at - start, each.names) for each in kept] == [(0, a), (30_000, a), (60_000, a), (90_000, b)]
    assert counting().runs == (Run(start, start + 60_000, a), Run(start + 90_000, start + 90_000, b))
    assert len(standing("metric_names")) == 2


def test_machines_of_one_make_share_what_their_births_say() -> None:
    install("M2", tags=TAGS)
    take(birth(0, {7: "A"}), birth(0, {7: "A"}, device="M2"))
    assert (len(standing("births")), len(standing("metric_names"))) == (2, 1)


def test_a_birth_that_comes_late_counts_from_its_own_time() -> None:
    take(birth(0, {7: "A"}), birth(60, {7: "A"}), birth(120, {7: "A"}))
    take(birth(30, {7: "B"}))
    take(*(data(at, aliased(7, at, at)) for at in (10, 40, 70)))
    assert stored() == [("A", 10.0), ("A", 70.0), ("B", 40.0)]


def test_a_birth_from_a_clock_that_is_ahead_says_nothing(set_clock: SetClock) -> None:
    take(birth(2 * 3600, {7: "A"}))
    assert standing("births") == []
    set_clock.forward(timedelta(hours=2))
    take(data(2 * 3600 + 60, aliased(7, 1, 60)))
    assert codes() == [["unknown_alias"]]


def test_births_of_a_machine_that_is_not_in_use_are_not_kept() -> None:
    install("M2", status=MachineStatus.RETIRED)
    take(birth(0, {7: "A"}, device="M2"), birth(0, {7: "A"}, device="M3"))
    assert standing("birth") + standing("births") + standing("metric_names") == []
    assert codes() == [["retired_machine"], ["unknown_machine"]]


def test_what_edge_nodes_cost_beside_the_writing_of_readings() -> None:
    install("M2", tags=TAGS)
    take(message("M1", part()), message("M2", part()))
    plain = ["BatchWriteItem", "BatchWriteItem"]

    def cost(*bodies: str) -> list[str]:
        with watched() as called:
            take(*bodies)
        return called

    assert cost(data(1, named("A", 1, 1)), data(1, named("A", 1, 1), device="M2")) == plain
    # What counts is read; the birth and what it says are written, then what waits is called, then what counts.
    assert cost(birth(0, {7: "A"})) == ["BatchGetItem", "BatchWriteItem", "BatchWriteItem", "PutItem"]
    aliases = [data(2, aliased(7, 1, 2)), data(3, aliased(7, 2, 3))]
    assert cost(*aliases) == ["BatchGetItem", "BatchGetItem", *plain]
    assert cost(*aliases, data(2, aliased(7, 1, 2), device="M2")) == ["BatchGetItem", *plain, "BatchWriteItem"]
    assert cost(birth(0, {7: "A"})) == ["BatchGetItem", "BatchWriteItem"]
    assert cost(birth(9, {7: "A"})) == ["BatchGetItem", "BatchWriteItem", "PutItem"]
    # Another meaning: the hours since then are looked at again.
    another = cost(birth(20, {7: "B"}))
    assert another == ["BatchGetItem", "BatchWriteItem", "BatchWriteItem", "PutItem", "Query", "BatchWriteItem"]


def test_what_waited_for_a_birth_is_taken_in_soon_after_it_came(set_clock: SetClock) -> None:
    take(data(20, aliased(7, 1, 20)), data(21, Metric(200, later(21), 0, name="B")))
    assert sorted(codes()) == [["unknown_alias"], ["unknown_datatype"]]
    take(birth(0, {7: "A", 8: "B"}))
    aggregate(lambda: timedelta(minutes=1))
    assert (stored(), codes()) == ([("A", 1.0), ("B", 200.0)], [])


def test_what_was_taken_of_a_payload_is_not_judged_again_with_other_tags(set_clock: SetClock) -> None:
    take(data(20, named("A", 1, 20), aliased(7, 2, 20)))
    install("M1", tags=tuple(Tag(name, "custom", f"{name}2") for name in ("A", "B")))
    remembered.forget_records()
    take(birth(0, {7: "B"}))
    aggregate(lambda: timedelta(minutes=1))
    assert (stored(), codes()) == ([("A", 1.0), ("B2", 2.0)], [])


def test_births_of_two_processes_at_once_both_count() -> None:
    others = [birth(60, {7: "B"})]

    def beside(operation: str, _: dict[str, object]) -> None:
        if operation == "PutItem" and others:
            take(others.pop())

    with watched(beside):
        take(birth(0, {7: "A"}))
    assert len(counting().runs) == 2
    take(data(20, aliased(7, 1, 20)), data(70, aliased(7, 2, 70)))
    assert stored() == [("A", 1.0), ("B", 2.0)]
