"""Explanations of stops in the table: immutable, beside the machine's history, and in an index by time."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.machines.stops import LONGEST_EXPLANATION, Explanation
from chalicelib.storage import table
from chalicelib.storage.items import item
from chalicelib.storage.keys import machines as keys
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def creation(tenant: str, explanation: Explanation) -> Write:
    """The write of an explanation."""
    machine_id, started_at = explanation.machine_id, explanation.started_at
    key = keys.explanation(tenant, machine_id, started_at, explanation.id)
    place = keys.all_explanations(tenant), key.sk
    return Write((Put(item(key, "stop_explanation", explanation, by_state=place), table.absent()),))


def of_machine(tenant: str, machine_id: str, since: datetime, until: datetime) -> Iterator[Explanation]:
    """Read the explanations of a machine that touch a time, and others near it, consistently. Costs one query."""
    for stored in table.query(keys.explanations(tenant, machine_id), between=_between(since, until)):
        yield stored.read(Explanation)


def of_all(tenant: str, since: datetime, until: datetime) -> Iterator[Explanation]:
    """Read the explanations of all machines that touch a time, and others near it. Costs one query.

    Reads an index, which may be a moment late.
    """
    for stored in table.page("by_state", keys.all_explanations(tenant), between=_between(since, until)).items:
        yield stored.read(Explanation)


def _between(since: datetime, until: datetime) -> tuple[str, str]:
    """The sort keys between which every explanation lies that touches a time."""
    return keys.explanations_from(since - LONGEST_EXPLANATION), keys.explanations_from(until)
