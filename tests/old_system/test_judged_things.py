"""What becomes of machines, products, moulds and readings of the old system."""

from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.machines.machines import MachineStatus
from infra.old_system.tables import Row
from infra.old_system.verdicts import Outcome
from tests.old_system.rows import ISTANBUL, ORDER, STAGE, judge, verdict

COMES, DOUBTFUL, STAYS = Outcome.COMES, Outcome.DOUBTFUL, Outcome.STAYS
AT = "2025-11-03T05:00:00"
MACHINE: Row = {"id": 1, "name": "Enjeksiyon 1", "status": "active", "created_at": AT}
PRODUCT: Row = {"id": 1, "code": "KPK-40", "name": "Kapak", "cycle_time_sec": 24, "cavity_count": 8}
READING: Row = {"id": 1, "machine_id": 1, "reading_type": "temperature", "value": "181.5", "timestamp": AT}
MOULD: Row = {"id": 1, "code": "KLP-1", "name": "Kalıp 1", "product_id": 1, "status": "active"}


def test_the_id_of_a_machine_is_made_of_its_name() -> None:
    names = ["Enjeksiyon 1", "Montaj masası", "Pres-2", "pres 2", "...", None]
    found = judge(machines=[{"id": n, "name": name} for n, name in enumerate(names, start=1)])
    assert [machine.key for machine in found.plant.machines] == [
        "enjeksiyon-1", "montaj-masasi", "pres-2-3", "pres-2-4", "machine-5", "machine-6",
    ]  # fmt: skip
    assert [each.outcome for each in found.verdicts] == [COMES] * 5 + [DOUBTFUL]
    assert found.plant.machines[5].name == "machine-6"


def test_no_two_machines_have_one_id_whatever_they_are_called() -> None:
    names = ["M", "m", "M 1", "M-2", "***", "Machine 5"]
    found = judge(machines=[{"id": n, "name": name} for n, name in enumerate(names, start=1)])
    assert [machine.key for machine in found.plant.machines] == [
        "m-1-1",
        "m-2-2",
        "m-1",
        "m-2",
        "machine-5-5",
        "machine-5",
    ]


@pytest.mark.parametrize(
    ("table", "row", "told"),
    [
        ("machines", {**MACHINE, "location": "x" * 999, "machine_type": " "}, "Takip cannot keep its location."),
        ("products", {**PRODUCT, "part_weight_g": 6.1234, "mold_temp_c": 0}, "Takip cannot keep its part_weight_g."),
        ("products", {**PRODUCT, "description": "x" * 999}, "Takip cannot keep its description."),
        ("machines", {**MACHINE, "owner": "Ali", "colour": None, "updated_at": AT}, "Takip does not know its owner."),
    ],
)
def test_what_takip_does_not_keep_of_a_row_is_told(table: str, row: Row, told: str) -> None:
    said = verdict(judge(ISTANBUL, **{table: [row]}), table)
    assert (said.outcome, said.reason) == (DOUBTFUL, told)


@pytest.mark.parametrize(
    ("status", "taken", "outcome"),
    [
        ("active", MachineStatus.ACTIVE, COMES),
        ("Maintenance", MachineStatus.MAINTENANCE, COMES),
        (None, MachineStatus.ACTIVE, COMES),
        ("inactive", MachineStatus.MAINTENANCE, DOUBTFUL),
    ],
)
def test_the_status_of_a_machine(status: str | None, taken: MachineStatus, outcome: Outcome) -> None:
    found = judge(machines=[{**MACHINE, "status": status}])
    assert (found.plant.machines[0].status, verdict(found, "machines").outcome) == (taken, outcome)


@pytest.mark.parametrize(
    ("fields", "outcome", "standard"),
    [
        ({}, COMES, (Decimal(24), 8)),
        ({"cavity_count": None}, COMES, (Decimal(24), None)),
        ({"cavity_count": 0}, DOUBTFUL, (Decimal(24), None)),
        ({"cavity_count": "two"}, DOUBTFUL, (Decimal(24), None)),
        ({"cycle_time_sec": None}, COMES, (None, 8)),
        ({"cycle_time_sec": 0}, DOUBTFUL, (None, 8)),
        ({"name": None}, COMES, (Decimal(24), 8)),
    ],
)
def test_the_standard_of_a_product(fields: dict[str, Any], outcome: Outcome, standard: Any) -> None:
    found = judge(products=[{**PRODUCT, **fields}])
    product = found.plant.products[0]
    assert (verdict(found, "products").outcome, (product.cycle_seconds, product.cavities)) == (outcome, standard)


@pytest.mark.parametrize("fields", [{"deleted_at": "2025-11-03T05:00:00"}, {"code": None}, {"code": "Default"}])
def test_products_that_stay_with_their_moulds(fields: dict[str, Any]) -> None:
    found = judge(products=[{**PRODUCT, **fields}], molds=[MOULD])
    assert [(each.outcome, bool(each.reason and each.way_out)) for each in found.verdicts] == [(STAYS, True)] * 2
    assert found.plant.products == ()


def test_of_two_products_with_one_code_the_first_comes() -> None:
    found = judge(products=[PRODUCT, {**PRODUCT, "id": 2, "code": "kpk-40"}])
    assert [each.outcome for each in found.verdicts] == [COMES, STAYS]


def test_a_product_has_the_stages_of_most_of_its_orders() -> None:
    orders = [{**ORDER, "id": n, "product_code": "kpk-40"} for n in (1, 2, 3)]
    stages = [{**STAGE, "id": n, "work_order_id": n, "stage_name": name} for n, name in ((1, "A"), (2, "B"), (3, "B"))]
    found = judge(products=[PRODUCT], work_orders=orders, work_order_stages=stages)
    assert found.plant.products[0].stages == ("B",)


def test_what_has_no_field_of_its_own_is_in_the_note() -> None:
    product = judge(products=[{**PRODUCT, "description": "blue", "hourly_production": 500}]).plant.products[0]
    assert product.note == "blue\nOld system: 500 an hour."


def test_moulds_are_those_of_their_product() -> None:
    others: list[Row] = [
        {"id": 2, "code": "klp-1"},
        {"id": 3, "deleted_at": AT},
        {"id": 4, "code": "K", "name": None},
        {"id": 5, "product_id": 9},
        {"id": 6, "code": "K6", "status": "lost"},
    ]
    found = judge(products=[PRODUCT], molds=[MOULD, *({**MOULD, **other} for other in others)])
    assert [(number, mould.name) for number, mould in found.plant.products[0].moulds] == [
        (1, "Kalıp 1"),
        (4, "K"),
        (6, "Kalıp 1"),
    ]
    told = [each.outcome for each in found.verdicts if each.table == "molds"]
    assert told == [COMES, STAYS, STAYS, COMES, STAYS, DOUBTFUL]


def test_more_moulds_than_a_product_may_have_stay() -> None:
    moulds = [{**MOULD, "id": n, "code": f"K{n}"} for n in range(1, 52)]
    found = judge(products=[PRODUCT], molds=moulds)
    assert len(found.plant.products[0].moulds) == 50
    assert verdict(found, "molds", 51).outcome is STAYS


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({}, {"type": "temperature", "value": 181.5}),
        ({"value": "181,5"}, {"type": "temperature", "value": 181.5}),
        ({"value": " -7 "}, {"type": "temperature", "value": -7.0}),
        ({"reading_type": "Temperature "}, {"type": "temperature", "value": 181.5}),
        ({"reading_type": "Yağ seviyesi"}, {"type": "custom", "sensor": "yag-seviyesi", "value": 181.5}),
        ({"reading_type": None}, {"type": "custom", "sensor": "unknown", "value": 181.5}),
    ],
)
def test_readings_that_count(fields: dict[str, Any], part: dict[str, object]) -> None:
    found = judge(machines=[MACHINE], machine_readings=[{**READING, **fields}])
    (reading,) = found.plant.readings
    assert (reading.machine_id, reading.part) == ("enjeksiyon-1", part | {"at": "2025-11-03T05:00:00+00:00"})
    assert verdict(found, "machine_readings").outcome is COMES


@pytest.mark.parametrize(
    "fields",
    [
        {"value": "running"},
        {"value": ""},
        {"value": "nan"},
        {"value": None},
        {"value": "1.234,5"},
        {"value": "9000"},
        {"timestamp": None},
        {"timestamp": "soon"},
        {"timestamp": "2027-01-01T00:00:00"},
        {"machine_id": 55},
        {"machine_id": None},
    ],
)
def test_readings_that_are_for_quarantine(fields: dict[str, Any]) -> None:
    found = judge(machines=[MACHINE], machine_readings=[{**READING, **fields}])
    told = verdict(found, "machine_readings")
    assert (found.plant.readings, len(found.plant.refused_readings), told.outcome) == ((), 1, DOUBTFUL)
    assert told.reason
    assert told.way_out


def test_tables_that_takip_has_no_use_for_stay() -> None:
    found = judge(notifications=[{"id": 1}], alembic_version=[{"version_num": "x"}], colours=[{"id": 1}])
    assert [(each.table, each.outcome) for each in found.verdicts] == [
        ("notifications", STAYS), ("alembic_version", STAYS), ("colours", STAYS),
    ]  # fmt: skip
