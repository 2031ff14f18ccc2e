"""Two tenants with the old app: no door shows one the data of the other, whichever number is tried."""

from collections.abc import Iterator
from itertools import permutations, product
from typing import Any

import pytest

from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import old_ids, tenants
from functions._rules import OLD_RULES
from tests.conftest import SetClock
from tests.floor import HOUR, Person, Plant
from tests.functions.old_requests import kind_of, knock
from tests.functions.two_tenants import House, found, touching
from tests.old_app import let_in
from tests.standing import Standing

ACME = "acme"
KINDS: dict[str, Any] = {
    "user": "user_id",
    "order": "order_id",
    "stage": "resting",
    "issue": "issue_id",
    "machine": "machine_id",
    "product": "product_code",
}
GUARDED = [rule for rule in OLD_RULES if rule.action is not None]


@pytest.fixture
def houses(plant: Plant, set_clock: SetClock) -> tuple[House, House]:
    """Two tenants with the old app. The numbers of one begin at 10, those of the other at 20."""
    tenants.create(ACME, DEFAULT_SETTINGS)
    made = found(plant.client, DEFAULT_TENANT), found(plant.client, ACME)
    set_clock.forward(HOUR)
    for first, house in zip((10, 20), made, strict=True):
        let_in(house.tenant)
        for kind, name in KINDS.items():
            own = {getattr(house.things, name): first}
            old_ids.registered(house.tenant, kind, own)  # type: ignore[arg-type]
    return made


def callers(houses: tuple[House, House]) -> Iterator[tuple[House, House, int, Person]]:
    """Everybody of either tenant, the other tenant, and the number under which the other has its things."""
    for (own, foreign), number in zip(permutations(houses), (20, 10), strict=True):
        yield from ((own, foreign, number, person) for person in own.people.values())


def test_the_numbers_of_another_tenant_mean_nothing(houses: tuple[House, House]) -> None:
    standing = Standing()
    naming = [rule for rule in GUARDED if kind_of(rule)]
    for (own, _, number, person), rule in product(callers(houses), naming):
        with touching() as touched:
            reply, missing = (knock(person, rule, each) for each in (number, 404))
        assert reply.status in {403, 404}, rule.name
        assert (reply.status, reply.body) == (missing.status, missing.body), rule.name
        assert touched <= {own.tenant}, rule.name
        assert standing.changed() <= {"old_app_use"}, rule.name


def test_what_is_shown_is_of_ones_own_tenant(houses: tuple[House, House]) -> None:
    standing = Standing()
    for (own, foreign, number, person), rule in product(callers(houses), GUARDED):
        with touching() as touched:
            reply = knock(person, rule, 30 - number)
        assert touched <= {own.tenant}, rule.name
        assert not [each for each in foreign.ids if each in str(reply.body)], rule.name
        standing.put_back()
