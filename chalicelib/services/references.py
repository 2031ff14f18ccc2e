"""References: whether the people and machines that a request names are there; known ones are remembered for a minute."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.domain.errors import FieldError, InvalidFields
from chalicelib.storage import machines, users

REMEMBERED = timedelta(seconds=60)

# Known to be there, until when; what is not there is never remembered.
_known: dict[tuple[str, str, str], datetime] = {}

Named = Iterable[tuple[str, str | None]]


def check(tenant: str, *, people: Named = (), machinery: Named = ()) -> None:
    """Refuse names that the plant does not know. Each is given as (field, id); ids that are None pass.

    Raises InvalidFields naming every field. Costs one read for each kind that has names not seen in the last minute.
    """
    errors = [
        *_unknown(tenant, "user", people, "no active user has this id"),
        *_unknown(tenant, "machine", machinery, "no machine in use has this id"),
    ]
    if errors:
        raise InvalidFields(errors)


def forget() -> None:
    """Forget what was known, as a new process does."""
    _known.clear()


def _unknown(tenant: str, kind: str, named: Named, message: str) -> list[FieldError]:
    now = clock.now()
    asked = [(field, each) for field, each in named if each is not None]
    unsure = {each for _, each in asked if _known.get((tenant, kind, each), now) <= now}
    if unsure:
        present = users.active_among(tenant, unsure) if kind == "user" else machines.in_use_among(tenant, unsure)
        _known.update({(tenant, kind, each): now + REMEMBERED for each in present})
        unsure -= present
    return [FieldError(field, message, "unknown") for field, each in asked if each in unsure]
