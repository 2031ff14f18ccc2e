"""Messages that wait in quarantine until something is put right: asking for them to be taken in again."""

from collections.abc import Iterable

from chalicelib import clock, ids
from chalicelib.domain.markers import Clearing, Fate, Marker
from chalicelib.services import tenants
from chalicelib.storage import markers
from chalicelib.storage.writes import Write


def take_in(tenant: str, machine_id: str) -> Write:
    """The write that asks for it together with what puts it right: the machine, its sensors, its status."""
    return markers.put(marker(tenant, Clearing(Fate.TAKE_IN, machine_id)))


def take_in_of(tenant: str, machine_ids: Iterable[str]) -> None:
    """Ask for it after something was put right for these machines; 25 a request. Raises StorageUnavailable."""
    markers.write_all([marker(tenant, Clearing(Fate.TAKE_IN, machine_id)) for machine_id in machine_ids])


def rewrite_all() -> None:
    """Ask for messages of earlier releases to be written in today's form, in all tenants."""
    markers.write_all([marker(tenant.id, Clearing(Fate.REWRITE)) for tenant in tenants.every()])


def marker(tenant: str, *clearings: Clearing) -> Marker:
    """The marker that asks for clearings of a tenant's quarantine."""
    return Marker(ids.new(), tenant, clearings=clearings, at=clock.now())
