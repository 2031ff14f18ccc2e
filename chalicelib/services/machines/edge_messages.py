"""Messages of edge nodes: births are stored, and metrics are read with the birth before them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib import clock
from chalicelib.domain.instants import CLOCK_GRACE
from chalicelib.domain.machines.births import Birth, Births, Names, Run, names_of
from chalicelib.domain.machines.edge_nodes import NOTHING, Known, Published, Sorted, needs_birth, sort_out
from chalicelib.domain.machines.readings import microseconds
from chalicelib.domain.markers import MachineHour
from chalicelib.remembered import Known as Remembered
from chalicelib.services.machines import waiting
from chalicelib.services.retries import until_won
from chalicelib.storage import markers
from chalicelib.storage.machines import births as storage
from chalicelib.storage.machines import chunks

BIRTHS_KEPT, NAMES_KEPT = timedelta(days=7), timedelta(days=400)
"""How long each birth is kept, and what it says. A birth may be so late and still count as if it had come in time. Each
birth that says the same keeps it for as long again."""
MachineName = tuple[str, str]
"""Tenant and machine."""

_names = Remembered(storage.known_names)


class EdgeMessage(NamedTuple):
    """A message of an edge node, of a known machine, and when it came into the queue."""

    tenant: str
    machine_id: str
    published: Published
    sent_at: datetime

    @property
    def machine(self) -> MachineName:
        """The tenant and the machine."""
        return self.tenant, self.machine_id

    @property
    def is_birth(self) -> bool:
        """Whether it says what counts from then on. A birth from a clock that is ahead says nothing of the future."""
        return self.published.is_birth and self.published.at * 1_000 <= microseconds(self.sent_at + CLOCK_GRACE)


class Named(NamedTuple):
    """The births that gave metrics their names, and when their message was sent (milliseconds since 1970)."""

    run: Run
    sent: int


class Read(NamedTuple):
    """The metrics of a message, and which birth gave them names (None: they were sent with them)."""

    metrics: Sorted
    named: Named | None


def read_all(messages: Sequence[EdgeMessage]) -> list[Read]:
    """Store the births among these messages, and sort out the metrics of each.

    Costs nothing if there are no births, and every metric has a name and a type. Else one read of the machines' births,
    and one of what they say, if that was not read in the last minute. Births are written, and what counts of them.
    Raises StorageUnavailable, LostRace.
    """
    births = [each for each in messages if each.is_birth]
    open_ones = [each for each in messages if needs_birth(each.published)]
    known = _read({each.machine for each in (*births, *open_ones)})
    for machine, said in _learned(births).items():
        known[machine] = _with_births(machine, known[machine], said)
    runs = {id(each): known[each.machine].run_at(each.published.at) for each in open_ones}
    found = _names.find((each.tenant, run.names) for each in open_ones if (run := runs[id(each)]) is not None)
    return [_read_one(each, runs.get(id(each)), found) for each in messages]


def _read_one(message: EdgeMessage, run: Run | None, found: Mapping[MachineName, Known]) -> Read:
    names = None if run is None else found.get((message.tenant, run.names))
    named = None if run is None or names is None else Named(run, message.published.at)
    return Read(sort_out(message.published, names or NOTHING), named)


def _read(machines: Iterable[MachineName]) -> dict[MachineName, Births]:
    by_tenant: dict[str, list[str]] = {}
    for tenant, machine_id in machines:
        by_tenant.setdefault(tenant, []).append(machine_id)
    return {
        (tenant, machine_id): births
        for tenant, machine_ids in by_tenant.items()
        for machine_id, births in storage.of_machines(tenant, sorted(machine_ids)).items()
    }


def _learned(messages: Iterable[EdgeMessage]) -> dict[MachineName, list[Birth]]:
    """Store births and what they say. Returns them by machine."""
    learned: dict[MachineName, list[Birth]] = {}
    by_tenant: dict[str, list[tuple[Birth, Names]]] = {}
    for each in messages:
        names = names_of(each.published.metrics)
        birth = Birth(each.machine_id, each.published.at, names.digest)
        by_tenant.setdefault(each.tenant, []).append((birth, names))
        learned.setdefault(each.machine, []).append(birth)
    for tenant, births in by_tenant.items():
        storage.write(tenant, births, clock.now() + BIRTHS_KEPT, clock.now() + NAMES_KEPT)
    return learned


def _with_births(machine: MachineName, known: Births, said: Sequence[Birth]) -> Births:
    """Store what counts of a machine's births after these. Messages that waited for them are taken in soon after.

    That is asked for before they count, so that a crash in between loses nothing.
    """
    tenant, machine_id = machine
    just_read = [known]

    def attempt() -> Births:
        before = just_read.pop() if just_read else _read([machine])[machine]
        others = [birth for run in before.parted(said) for birth in storage.within(tenant, machine_id, run)]
        after = before.with_births([*said, *others])
        if not after.reads_as(before):
            waiting.take_in_of(tenant, [machine_id])
        if after is not before:
            storage.put(tenant, after)
        return after

    after = until_won(attempt)
    _mark_misread(tenant, after, said)
    return after


def _mark_misread(tenant: str, births: Births, said: Iterable[Birth]) -> None:
    """Have the hours made again whose payloads may have been read with older births, before these came.

    It does not ask whether these are new: if a run before this one has died, they are not.
    """
    now = clock.now()
    for birth in said:
        hours = births.hours_after(birth.at, now)
        if hours:
            others = chunks.other_hours(tenant, birth.machine_id, hours[0])
            marked = {MachineHour(birth.machine_id, hour) for hour in (*hours, *others)}
            markers.write_hours(tenant, sorted(marked, key=lambda each: each.hour), now)
