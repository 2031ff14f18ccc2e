"""References: whether the people and machines that a request names are there, and may be named."""

from collections.abc import Iterable

from chalicelib.domain.errors import FieldError, refuse
from chalicelib.domain.kept import Kept
from chalicelib.domain.machines.machines import MachineStatus
from chalicelib.remembered import Known
from chalicelib.services.machines import known_machines
from chalicelib.storage.people import users

_people = Known(users.find_all)

Named = Iterable[tuple[str, str | Kept | None]]


def check(tenant: str, *, people: Named = (), machinery: Named = (), former: bool = False) -> None:
    """Refuse names that the plant does not know. Each is given as (field, id); ids that are None or kept pass.

    With `former`, people who are not active any more pass too.
    Raises InvalidFields naming every field. Costs one read for each kind that has names not seen in the last minute.
    """
    asked_people = [(field, (tenant, each)) for field, each in people if isinstance(each, str)]
    asked_machines = [(field, (tenant, each)) for field, each in machinery if isinstance(each, str)]
    users_known = _people.find(name for _, name in asked_people)
    machines_known = known_machines.find(name for _, name in asked_machines)
    able = {name for name, user in users_known.items() if user.active or former}
    in_use = {name for name, machine in machines_known.items() if machine.status is not MachineStatus.RETIRED}
    refuse(
        [
            *(_unknown(field, "user" if former else "active user") for field, name in asked_people if name not in able),
            *(_unknown(field, "machine in use") for field, name in asked_machines if name not in in_use),
        ]
    )


def _unknown(field: str, what: str) -> FieldError:
    return FieldError(field, f"no {what} has this id", "unknown")
