"""References: which fields of a payload name people and machines, and whether those exist and may be named."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from chalicelib.domain.errors import FieldError, refuse
from chalicelib.domain.kept import Kept
from chalicelib.domain.machines.machines import MachineStatus
from chalicelib.domain.sentences import say
from chalicelib.services.machines import known_machines
from chalicelib.services.people import known_people

Named = Iterable[tuple[str, str | Kept | None]]


@dataclass(frozen=True)
class References:
    """The fields of a payload that hold ids of people, of machines, and of neither.

    A field of a nested shape is named with a dot: `stages.machine_id`. With `former`, inactive people may be named too.
    With `retired`, machines that are out of use may be named too.
    """

    people: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()
    neither: tuple[str, ...] = ()
    former: bool = False
    retired: bool = False

    def check(self, tenant: str, payload: object, *, known: str | None = None) -> None:
        """Refuse people and machines of a payload that the plant does not know.

        The person with id `known` is not checked.

        Costs and raises what the function `check` does.
        """
        ids = list(_ids(payload))
        people = [(path, value) for field, path, value in ids if field in self.people and value != known]
        machinery = [(path, value) for field, path, value in ids if field in self.machines]
        check(tenant, people=people, machinery=machinery, former=self.former, retired=self.retired)


def check(
    tenant: str, *, people: Named = (), machinery: Named = (), former: bool = False, retired: bool = False
) -> None:
    """Refuse ids that the plant does not know.

    Each name is a pair of field and id; an id that is None or KEPT is not checked. With `former`, inactive people pass
    too. With `retired`, machines that are out of use pass too.

    Raises InvalidFields naming every field. Costs one read for people and one for machines, if some were not read in
    the last minute.
    """
    asked_people = [(field, (tenant, user_id)) for field, user_id in people if isinstance(user_id, str)]
    asked_machines = [(field, (tenant, machine_id)) for field, machine_id in machinery if isinstance(machine_id, str)]
    users_known = known_people.find(name for _, name in asked_people)
    machines_known = known_machines.find(name for _, name in asked_machines)
    able = {name for name, user in users_known.items() if user.active or former}
    usable = {name for name, m in machines_known.items() if m.status is not MachineStatus.RETIRED or retired}
    person = say("no user has this id") if former else say("no active user has this id")
    machine = say("no machine has this id") if retired else say("no machine in use has this id")
    refuse(
        [
            *(FieldError(field, person, "unknown") for field, name in asked_people if name not in able),
            *(FieldError(field, machine, "unknown") for field, name in asked_machines if name not in usable),
        ]
    )


def _ids(value: Any, field: str = "", path: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text in a payload, as field name, path and text."""
    if isinstance(value, str):
        yield field, path, value
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _ids(item, field, f"{path}[{number}]")
    elif is_dataclass(value):
        for part in fields(value):
            prefix = (f"{field}.", f"{path}.") if field else ("", "")
            yield from _ids(getattr(value, part.name), prefix[0] + part.name, prefix[1] + part.name)
