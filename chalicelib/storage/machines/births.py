"""Births of machines in the table: each is an immutable item, and one item per machine holds what counts of them."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.machines.births import Birth, Births, Names, Run, known, sent
from chalicelib.domain.machines.edge_nodes import Known
from chalicelib.storage import table
from chalicelib.storage.items import item
from chalicelib.storage.keys import machines as keys


def of_machines(tenant: str, machine_ids: Iterable[str]) -> dict[str, Births]:
    """Read the births of machines, 100 a request, consistently. A machine without births has none."""
    wanted = list(machine_ids)
    items = table.batch_get(keys.births(tenant, machine_id) for machine_id in wanted)
    found = {births.machine_id: births for births in (each.read(Births) for each in items.values())}
    return {machine_id: found.get(machine_id, Births(machine_id)) for machine_id in wanted}


def within(tenant: str, machine_id: str, run: Run) -> list[Birth]:
    """Read the births that were sent during a run, the first and the last included."""
    between = keys.births_between(sent(run.first), sent(run.last))
    return [each.read(Birth) for each in table.query(keys.births(tenant, machine_id).pk, between=between)]


def write(tenant: str, births: Iterable[tuple[Birth, Names]], births_end: datetime, names_end: datetime) -> None:
    """Write births and what they say, 25 a request, until they expire. Again, they only stay longer."""
    items = []
    for birth, names in births:
        key = keys.birth(tenant, birth.machine_id, sent(birth.at), birth.names)
        items.append(item(key, "birth", birth, expires_at=births_end))
        items.append(item(keys.metric_names(tenant, names.digest), "metric_names", names, expires_at=names_end))
    table.batch_put(list({each.key: each for each in items}.values()))


def put(tenant: str, births: Births) -> None:
    """Write what counts of a machine's births, if nobody else did since. Raises ConditionFailed."""
    written = item(keys.births(tenant, births.machine_id), "births", births, revision=births.revision)
    table.put(written, table.follows(written))


def known_names(tenant: str, digests: Iterable[str]) -> dict[str, Known]:
    """Read what births say of their metrics, by digest, 100 a request. What has expired is left out."""
    items = table.batch_get(keys.metric_names(tenant, digest) for digest in digests)
    return {names.digest: known(names) for names in (each.read(Names) for each in items.values())}
