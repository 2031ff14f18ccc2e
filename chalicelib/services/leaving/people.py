"""The data of one person: found everywhere for them to take along, or erased. What they did stays, under their id."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chalicelib import clock
from chalicelib.domain.people import erasing
from chalicelib.domain.people.security_events import SYSTEM, EventKind
from chalicelib.domain.people.users import NO_USER, User, UserNotFound
from chalicelib.domain.schema import Values
from chalicelib.domain.sentences import say
from chalicelib.services import events, tenants
from chalicelib.services.people import throttling
from chalicelib.services.retries import until_won
from chalicelib.storage import owned, schema
from chalicelib.storage.people import users

MOST_PASSES = 4


def find(tenant_id: str, who: str) -> User:
    """A person by their username or id. Raises TenantNotFound, UserNotFound."""
    tenant = tenants.require(tenant_id).id
    login = users.find_login(tenant, who)
    user = login.user if login else users.find(tenant, who)
    if user is None:
        raise UserNotFound(say(NO_USER, user_id=who))
    return user


def everything(tenant_id: str, user: User, also: Sequence[str]) -> Iterator[tuple[int, list[Values]]]:
    """All items that name a person, for each page how many were seen. Costs the reading of the whole table."""
    person = erasing.person(user, also)
    for page in owned.pages(tenant_id):
        yield page.seen, [each for each in page.items if erasing.names(person, each)]


def erase(tenant_id: str, user: User, also: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Erase a person: for each page how many items were seen, and were deleted or changed.

    Their account is closed first and their own item is written last, so a run that was interrupted begins again. An
    item that somebody changes meanwhile is found in the next pass. Raises LastAdmin, LostRace.
    """
    if user.erased_at:
        return
    _deactivate(tenant_id, user.id)
    person, counted = erasing.person(user, also), throttling.name_of(user.username)
    for _ in range(MOST_PASSES):
        found = 0
        for page in owned.pages(tenant_id):
            gone = [each for each in page.items if erasing.goes(person, each, counted)]
            stays = [each for each in page.items if each not in gone]
            changed = [(each, after) for each in stays if (after := erasing.without(person, each))]
            owned.delete(gone)
            for before, after in changed:
                schema.rewrite(before, after)
            found += len(gone) + len(changed)
            yield page.seen, len(gone) + len(changed)
        if not found:
            break
    _write_erased(tenant_id, user.id)


def _deactivate(tenant: str, user_id: str) -> None:
    """Close the account, so that nothing new of the person comes."""

    def attempt() -> None:
        before = users.find(tenant, user_id)
        login = users.find_login(tenant, before.username) if before else None
        if login is None or not login.user.active:
            return
        after = login.changed(replace(login.user, active=False).without_devices(clock.now()))
        admins = users.find_admins(tenant)
        write = users.change(tenant, after)
        if login.user.administers:
            write += users.change_of_admins(tenant, admins, admins.after(after.user))
        happened = events.event(EventKind.USER_DEACTIVATED, user_id=user_id, actor_id=SYSTEM)
        events.record(tenant, happened, write)

    until_won(attempt)


def _write_erased(tenant: str, user_id: str) -> None:
    """Take the name out of the person's own item, and free their username."""

    def attempt() -> None:
        before = find(tenant, user_id)
        login = users.find_login(tenant, before.username)
        mine = login if login and login.user.id == user_id else None
        write = users.erasure(tenant, mine, erasing.erased(before, clock.now()))
        events.record(tenant, events.event(EventKind.USER_ERASED, user_id=user_id, actor_id=SYSTEM), write)

    until_won(attempt)
