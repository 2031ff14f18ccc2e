"""Judging machines, products and moulds of the old system, and readings."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.machines.machines import Machine, MachineStatus
from chalicelib.domain.machines.messages import Message, check
from chalicelib.domain.machines.old_machines import named, number_of, slug_of
from chalicelib.domain.planning.moulds import MOST_MOULDS, Mould, MouldStatus
from chalicelib.domain.planning.routes import DEFAULT, MOST_CAVITIES
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.domain.text import folded
from infra.old_system import moments
from infra.old_system.plant import OldMachine, OldOrder, OldProduct, OldReading
from infra.old_system.remarks import LOOK, Remarks, by, comes, doubtful, lost, stays
from infra.old_system.tables import Row, Tables, identified
from infra.old_system.texts import amount_of, line_of, note_of

MACHINES, READINGS, PRODUCTS, MOULDS = "machines", "machine_readings", "products", "molds"
LONGEST_DESCRIPTION = 900
IN_QUARANTINE = "It is in quarantine: correct what sent it, or delete it there."
DELETED = "It was deleted in the old system."
RESTORE = "Restore it there and import again, if it should come."
STATUSES = {
    "active": MachineStatus.ACTIVE,
    "maintenance": MachineStatus.MAINTENANCE,
}
MOULD_STATUSES = {status.value: status for status in MouldStatus}


def machines(remarks: Remarks) -> tuple[OldMachine, ...]:
    """The machines that come over. Their ids are made of their names; where two would be the same, with the number."""
    named = [(row_id, row, line_of(row.get("name"))) for row_id, row in remarks.rows(MACHINES)]
    keys = _keys({row_id: slug_of(name or "") for row_id, _, name in named})
    found = []
    for row_id, row, name in named:
        key = keys[row_id]
        machine_type, location = line_of(row.get("machine_type")), line_of(row.get("location"))
        said = lost(row, machine_type=machine_type, location=location)
        if name is None:
            said.append(doubtful("It has no name that Takip can keep, so it has its id as its name.", LOOK))
        status = STATUSES.get(str(row.get("status") or "active").strip().lower())
        if status is None:
            way = "Retire it in Takip if it is gone for good; readings of a retired machine are refused."
            said.append(doubtful(f"It is {row.get('status')}, which Takip does not have: it is in maintenance.", way))
        found.append(
            OldMachine(
                id=row_id,
                key=key,
                name=name or key,
                machine_type=machine_type,
                location=location,
                status=status or MachineStatus.MAINTENANCE,
                created_at=moments.in_utc("created_at", row.get("created_at")).at,
            )
        )
        remarks.add(MACHINES, row_id, *said)
    return tuple(found)


def _keys(slugs: Mapping[int, str]) -> Mapping[int, str]:
    """The ids of machines, no two alike: those of one name, and those without, have their number in theirs."""
    times = Counter(slugs.values())
    keys = {row_id: slug for row_id, slug in slugs.items() if slug and times[slug] == 1}
    for row_id, slug in slugs.items():
        if row_id not in keys:
            key = f"{slug or 'machine'}-{row_id}"
            while key in keys.values():
                key = f"{key}-{row_id}"
            keys[row_id] = key
    return keys


def products(remarks: Remarks, orders: Iterable[OldOrder]) -> tuple[OldProduct, ...]:
    """The products that come over, with their moulds, and with the stages of most of their orders."""
    stages: dict[str, Counter[tuple[str, ...]]] = {}
    for order in orders:
        stages.setdefault(folded(order.product_code), Counter())[tuple(stage.name for stage in order.stages)] += 1
    moulds = by("product_id", remarks.rows(MOULDS))
    found: dict[str, OldProduct] = {}
    for row_id, row in remarks.rows(PRODUCTS):
        product = _product(row_id, row, remarks)
        if product is None:
            continue
        code = folded(product.code)
        if code in found:
            remarks.add(
                PRODUCTS, row_id, stays(f"Product {found[code].id} has this code too.", "Give it another code.")
            )
            continue
        usual = stages.get(code, Counter()).most_common(1)
        own = _moulds(moulds.get(row_id, ()), remarks)
        found[code] = replace(product, moulds=own, stages=usual[0][0] if usual else ())
    there = {product.id for product in found.values()}
    for product_id, rows in moulds.items():
        for row_id, _ in rows if product_id not in there else ():
            remarks.add(MOULDS, row_id, stays(f"Product {product_id} is not there, or stays.", RESTORE))
    return tuple(found.values())


def _product(row_id: int, row: Row, remarks: Remarks) -> OldProduct | None:
    code, name = line_of(row.get("code")), line_of(row.get("name"))
    if row.get("deleted_at") is not None:
        remarks.add(PRODUCTS, row_id, stays(DELETED, RESTORE))
        return None
    if code is None or folded(code) == DEFAULT:
        remarks.add(PRODUCTS, row_id, stays(f"Takip cannot keep its code, {row.get('code')}.", "Give it another code."))
        return None
    material, weight, note = line_of(row.get("material")), amount_of(row.get("part_weight_g")), _note(row)
    at_injection, of_mould = amount_of(row.get("injection_temp_c")), amount_of(row.get("mold_temp_c"))
    said = lost(
        row, name=name, material=material, part_weight_g=weight, injection_temp_c=at_injection, mold_temp_c=of_mould,
        description=note_of(row.get("description"), LONGEST_DESCRIPTION),
    )  # fmt: skip
    cycle, cavities = amount_of(row.get("cycle_time_sec")), row.get("cavity_count")
    if row.get("cycle_time_sec") is not None and not cycle:
        said.append(doubtful("The time of its cycle is no time, so it has no standard.", LOOK))
    fits = isinstance(cavities, int) and 1 <= cavities <= MOST_CAVITIES
    if cavities is not None and not fits:
        said.append(doubtful(f"It has {cavities} cavities; a mould has 1 to {MOST_CAVITIES}, so it counts as 1.", LOOK))
    if name is None:
        said.append(comes("It has no name, so it has its code as its name."))
    remarks.add(PRODUCTS, row_id, *said)
    return OldProduct(
        id=row_id,
        code=code,
        name=name or code,
        note=note,
        cycle_seconds=cycle or None,
        cavities=cavities if isinstance(cavities, int) and fits else None,
        material=material,
        part_weight_g=weight or None,
        injection_temperature_c=at_injection,
        mould_temperature_c=of_mould,
        created_at=moments.in_utc("created_at", row.get("created_at")).at,
    )


def _note(row: Row) -> str | None:
    """The description, and what Takip has no field for."""
    hourly = row.get("hourly_production")
    parts = (
        note_of(row.get("description"), LONGEST_DESCRIPTION),
        f"Old system: {hourly} an hour." if hourly is not None else None,
    )
    return note_of("\n".join(part for part in parts if part))


def _moulds(rows: Sequence[tuple[int, Row]], remarks: Remarks) -> tuple[tuple[int, Mould], ...]:
    found: dict[str, tuple[int, Mould]] = {}
    for row_id, row in rows:
        code, name = line_of(row.get("code")), line_of(row.get("name"))
        if row.get("deleted_at") is not None:
            remarks.add(MOULDS, row_id, stays(DELETED, RESTORE))
        elif code is None or folded(code) in found:
            remarks.add(MOULDS, row_id, stays("It has no code of its own that Takip can keep.", "Give it one."))
        elif len(found) == MOST_MOULDS:
            remarks.add(MOULDS, row_id, stays(f"A product has at most {MOST_MOULDS} moulds.", "Delete those of old."))
        else:
            status = MOULD_STATUSES.get(str(row.get("status") or "active").strip().lower())
            if status is None:
                reason = f"It is {row.get('status')}, which Takip does not have: it is in maintenance."
                remarks.add(MOULDS, row_id, doubtful(reason, "Retire it in Takip if it is gone for good."))
            note = note_of(row.get("description"), 200)
            remarks.add(MOULDS, row_id, *lost(row, name=name, description=note))
            found[folded(code)] = row_id, Mould(code, name or code, note, status or MouldStatus.MAINTENANCE)
    return tuple(found.values())


def readings(
    tables: Tables, remarks: Remarks, known: Mapping[int, OldMachine], now: datetime
) -> tuple[tuple[OldReading, ...], tuple[OldReading, ...]]:
    """The readings that count, and those that Takip's own rules put into quarantine, both by time."""
    of_machines: dict[object, list[tuple[int | str, dict[str, object]]]] = {}
    for row_id, row in identified(tables.get(READINGS, ())):
        of_machines.setdefault(row.get("machine_id"), []).append((row_id, _part(row)))
    good: list[OldReading] = []
    wrong: list[OldReading] = []
    for machine_id, rows in of_machines.items():
        old = known.get(machine_id) if isinstance(machine_id, int) else None
        if old is None:
            reason = f"Machine {machine_id} is not there."
            for row_id, part in rows:
                remarks.add(READINGS, row_id, doubtful(reason, IN_QUARANTINE))
                wrong.append(OldReading(f"old-{machine_id}", part))
            continue
        problems = _problems(old, [part for _, part in rows], now)
        for index, (row_id, part) in enumerate(rows):
            (wrong if index in problems else good).append(OldReading(old.key, part))
            if index in problems:
                remarks.add(READINGS, row_id, doubtful(problems[index], IN_QUARANTINE))
    return _by_time(good), _by_time(wrong)


def _part(row: Row) -> dict[str, object]:
    """A reading as a machine sends it. A type that Takip does not have is the sensor of a custom one."""
    at = moments.in_utc("timestamp", row.get("timestamp")).at
    value = row.get("value")
    return {
        **named(str(row.get("reading_type") or "")),
        "at": at.isoformat() if at else row.get("timestamp"),
        "value": number_of(value) if isinstance(value, str) else value,
    }


def _problems(old: OldMachine, parts: Sequence[dict[str, object]], now: datetime) -> Mapping[int, str]:
    """What Takip says to the readings of a machine that cannot be used, by their place."""
    machine = Machine(old.key, old.name, now)
    told: dict[int, list[str]] = {}
    for problem in check(Message(DEFAULT_TENANT, old.key, parts), machine, now).problems:
        place, _, field = problem.field.partition(".")
        told.setdefault(int(place.removeprefix("readings[").removesuffix("]")), []).append(f"{field} {problem.message}")
    return {index: "; ".join(reasons) + "." for index, reasons in told.items()}


def _by_time(found: Iterable[OldReading]) -> tuple[OldReading, ...]:
    return tuple(sorted(found, key=lambda each: (each.machine_id, str(each.part["at"]))))
