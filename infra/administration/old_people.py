"""Carrying the people of an old system over, with the code that registers all users."""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.old_ids import Kind, OldIdNotFound
from chalicelib.domain.people.users import NewUser, Role, UsernameTaken
from chalicelib.services import old_ids, tenants
from chalicelib.services.leaving.people import find
from chalicelib.services.people import users
from infra.administration.old_system import planner_of
from infra.old_system.people import OldPerson

KIND: Kind = "user"


def carry(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Carry the `people` of an old system over into a `tenant`: an answer for each. `dry_run` only tells what would be.

    The `outcome` is carried over (perhaps with a `one_time_password`), came before (perhaps with a `changed` password),
    already there, or refused (with the `reasons`). `by` is the username of who imports, in Takip or among them. Raises
    UserNotFound, ActionForbidden if nobody who plans has it.
    """
    tenant = tenants.require(given["tenant"]).id
    people = [OldPerson(**each | {"role": Role(each["role"])}) for each in given["people"]]
    if not any(person.may_plan_as(given["by"]) for person in people):
        planner_of(tenant, given["by"])
    for person in people:
        yield _carried(tenant, person, dry_run=given["dry_run"])


def _carried(tenant: str, person: OldPerson, *, dry_run: bool) -> dict[str, Any]:
    try:
        known = old_ids.id_of(tenant, KIND, person.number)
    except OldIdNotFound:
        return _new(tenant, person, dry_run=dry_run)
    changed = not dry_run and users.carry_password(tenant, known, person.password_hash or "")
    return {"outcome": "came before", "changed": changed}


def _new(tenant: str, person: OldPerson, *, dry_run: bool) -> dict[str, Any]:
    """An interrupted run may have registered somebody without their number: then the next run keeps it."""
    new = NewUser(person.username, None, person.full_name, person.email, person.role, person.phone)
    try:
        carried = users.carry_over(tenant, new, person.password_hash, dry_run=dry_run)
    except UsernameTaken:
        _number(tenant, person, find(tenant, person.username).id, dry_run=dry_run)
        return {"outcome": "already there"}
    except InvalidFields as wrong:
        return {"outcome": "refused", "reasons": [f"{error.field}: {error.message}" for error in wrong.errors]}
    _number(tenant, person, carried.user.id, dry_run=dry_run)
    return {"outcome": "carried over", "one_time_password": None if dry_run else carried.one_time_password}


def _number(tenant: str, person: OldPerson, user_id: str, *, dry_run: bool) -> None:
    """Keep the number of the old system for somebody. Raises OldIdTaken if it or they have another one."""
    if not dry_run:
        old_ids.registered(tenant, KIND, {user_id: person.number})
