"""References: known people and machines are remembered for a minute, unknown ones never."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.orders import references
from tests.conftest import SetClock
from tests.floor import Plant
from tests.machines import install, watched


def test_known_ones_are_remembered_for_60_seconds(plant: Plant, set_clock: SetClock) -> None:
    install("M1")

    def asked() -> list[str]:
        with watched() as called:
            references.check(DEFAULT_TENANT, people=[("a", plant.worker.id)], machinery=[("b", "M1")])
        return called

    assert asked() == ["BatchGetItem", "BatchGetItem"]
    assert asked() == []
    set_clock.forward(timedelta(seconds=59))
    assert asked() == []
    set_clock.forward(timedelta(seconds=1))
    assert asked() == ["BatchGetItem", "BatchGetItem"]


def test_unknown_ones_are_asked_for_every_time(plant: Plant, set_clock: SetClock) -> None:
    for _ in range(2):
        with pytest.raises(InvalidFields) as refused:
            references.check(DEFAULT_TENANT, machinery=[("x", "M1"), ("y", None), ("z", "M1")])
        assert [error.field for error in refused.value.errors] == ["x", "z"]

    install("M1")

    references.check(DEFAULT_TENANT, machinery=[("x", "M1")])
    assert plant.worker.id


def test_what_is_known_of_one_kind_or_tenant_is_not_known_of_another(plant: Plant) -> None:
    references.check(DEFAULT_TENANT, people=[("a", plant.worker.id)])

    with pytest.raises(InvalidFields):
        references.check(DEFAULT_TENANT, machinery=[("a", plant.worker.id)])
    with pytest.raises(InvalidFields):
        references.check("other", people=[("a", plant.worker.id)])


def test_nobody_named_costs_nothing(plant: Plant) -> None:
    with watched() as called:
        references.check(DEFAULT_TENANT, people=[("a", None)], machinery=[])

    assert called == []
    assert plant.admin.id
