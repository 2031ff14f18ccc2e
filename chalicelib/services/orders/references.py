"""References: which fields of a payload name people and machines, and whether those are there and may be named."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from chalicelib.domain.errors import FieldError, refuse
from chalicelib.domain.kept import Kept
from chalicelib.domain.machines.machines import MachineStatus
from chalicelib.services.machines import known_machines
from chalicelib.services.people import known_people

Named = Iterable[tuple[str, str | Kept | None]]


@dataclass(frozen=True)
class References:
    """Which fields of a payload hold ids of people, of machines, and of neither.

    A field of a nested shape is named with a dot: `stages.machine_id`. With `former`, people who are not active any
    more may be named too; with `retired`, machines that are out of use.
    """

    people: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()
    neither: tuple[str, ...] = ()
    former: bool = False
    retired: bool = False

    def check(self, tenant: str, payload: object, *, known: str | None = None) -> None:
        """Refuse people and machines of a payload that the plant does not know; who is `known` to be there passes.

        Costs and raises what `check` does.
        """
        ids = list(_ids(payload))
        people = [(path, value) for field, path, value in ids if field in self.people and value != known]
        machinery = [(path, value) for field, path, value in ids if field in self.machines]
        check(tenant, people=people, machinery=machinery, former=self.former, retired=self.retired)


def check(
    tenant: str, *, people: Named = (), machinery: Named = (), former: bool = False, retired: bool = False
) -> None:
    """Refuse names that the plant does not know. Each is given as (field, id); ids that are None or kept pass.

    With `former`, people who are not active any more pass too; with `retired`, machines that are out of use.
    Raises InvalidFields naming every field. Costs one read for each kind that has names not seen in the last minute.
    """
    asked_people = [(field, (tenant, each)) for field, each in people if isinstance(each, str)]
    asked_machines = [(field, (tenant, each)) for field, each in machinery if isinstance(each, str)]
    users_known = known_people.find(name for _, name in asked_people)
    machines_known = known_machines.find(name for _, name in asked_machines)
    able = {name for name, user in users_known.items() if user.active or former}
    usable = {name for name, m in machines_known.items() if m.status is not MachineStatus.RETIRED or retired}
    person, machine = "user" if former else "active user", "machine" if retired else "machine in use"
    refuse(
        [
            *(_unknown(field, person) for field, name in asked_people if name not in able),
            *(_unknown(field, machine) for field, name in asked_machines if name not in usable),
        ]
    )


def _ids(value: Any, field: str = "", path: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text in a payload: the field that holds it, where exactly it stands, and the text itself."""
    if isinstance(value, str):
        yield field, path, value
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _ids(item, field, f"{path}[{number}]")
    elif is_dataclass(value):
        for each in fields(value):
            prefix = (f"{field}.", f"{path}.") if field else ("", "")
            yield from _ids(getattr(value, each.name), prefix[0] + each.name, prefix[1] + each.name)


def _unknown(field: str, what: str) -> FieldError:
    return FieldError(field, f"no {what} has this id", "unknown")
