"""Every payload field that holds an id is declared as one of a person, of a machine, or of neither."""

import dataclasses
import importlib
import inspect
import pkgutil
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib import domain
from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.floor.shifts import CloseSessions
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.issues import ChangeIssue
from chalicelib.domain.planning.opening import NewOrder
from chalicelib.domain.planning.routes import Route
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.andon import machine_issues
from chalicelib.services.floor import shifts
from chalicelib.services.floor.stage_commands import STAGE_COMMANDS
from chalicelib.services.orders.references import References
from chalicelib.services.planning import opening, routes
from tests.floor import Plant
from tests.machines import install

DECLARED: list[tuple[type[Any], References]] = [
    *((row.payload, row.references) for row in STAGE_COMMANDS.values()),
    (ChangeIssue, machine_issues.NAMED),
    (CloseSessions, shifts.NAMED),
    (NewOrder, opening.NAMED),
    (Route, routes.NAMED),
]


def fields_of(shape: type[Any], within: str = "") -> Iterator[str]:
    """The fields of a payload, those of the shapes in it with a dot."""
    for name, kind in typing.get_type_hints(shape).items():
        yield within + name
        for inner in {kind, *typing.get_args(kind)}:
            if dataclasses.is_dataclass(inner) and isinstance(inner, type):
                yield from fields_of(inner, f"{within}{name}.")


def undeclared(shape: type[Any], declared: References) -> set[str]:
    """The fields that hold ids and are not declared, and those that are declared and not there."""
    fields = set(fields_of(shape))
    named = [*declared.people, *declared.machines, *declared.neither]
    assert len(set(named)) == len(named)
    return {field for field in fields if field.endswith(("_id", "_ids"))} ^ set(named)


def payloads_of_rules() -> set[type[Any]]:
    """What the commands of all rules of the domain bring."""
    modules = [
        importlib.import_module(each.name) for each in pkgutil.walk_packages(domain.__path__, "chalicelib.domain.")
    ]
    rules = [rule for module in modules for _, rule in inspect.getmembers(module, inspect.isfunction)]
    kinds = [kind for rule in rules for kind in typing.get_type_hints(rule).values()]
    brought = [arg for kind in kinds if typing.get_origin(kind) is Command for arg in typing.get_args(kind)]
    return {payload for payload in brought if dataclasses.is_dataclass(payload) and isinstance(payload, type)}


@pytest.mark.parametrize(("shape", "declared"), DECLARED)
def test_every_id_in_a_payload_is_declared(shape: type[Any], declared: References) -> None:
    assert undeclared(shape, declared) == set()


def test_a_command_that_declares_nothing_brings_no_id() -> None:
    payloads = payloads_of_rules()
    assert {row.payload for row in STAGE_COMMANDS.values()} <= payloads
    others = payloads - {shape for shape, _ in DECLARED}
    assert others
    assert {shape: found for shape in others if (found := undeclared(shape, References()))} == {}


@dataclass(frozen=True)
class Part:
    machine_id: str | None = None
    helper_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Handover:
    to_worker_id: str
    note: str = "nobody"
    parts: tuple[Part, ...] = ()


NAMED = References(people=("to_worker_id", "parts.helper_ids"), machines=("parts.machine_id",))


def test_a_field_that_is_forgotten_or_misspelt_is_found() -> None:
    assert undeclared(Handover, NAMED) == set()
    assert undeclared(Handover, References(people=("to_worker_id",))) == {"parts.machine_id", "parts.helper_ids"}
    assert undeclared(Part, References(people=("helpers_ids",), neither=("machine_id",))) == {
        "helper_ids",
        "helpers_ids",
    }


def test_everybody_and_every_machine_that_is_not_there_is_told_with_its_place(plant: Plant) -> None:
    install("M1")
    wanted = Handover("nobody", parts=(Part("M1", (plant.worker.id, "who")), Part(), Part("M9")))

    with pytest.raises(InvalidFields) as refused:
        NAMED.check(DEFAULT_TENANT, wanted)

    assert [(each.field, each.message) for each in refused.value.errors] == [
        ("to_worker_id", "no active user has this id"),
        ("parts[0].helper_ids[1]", "no active user has this id"),
        ("parts[2].machine_id", "no machine in use has this id"),
    ]


def test_who_is_known_to_be_there_is_not_looked_up(plant: Plant) -> None:
    assert plant.worker.id
    NAMED.check(DEFAULT_TENANT, Handover("somebody"), known="somebody")
    with pytest.raises(InvalidFields):
        NAMED.check(DEFAULT_TENANT, Handover("somebody"), known="another")
