"""Input and output of the rules are never changed in place."""

import dataclasses
import importlib
import inspect
import pkgutil
from typing import Any

import pytest

from chalicelib import domain

MODULES = [
    importlib.import_module(found.name) for found in pkgutil.walk_packages(domain.__path__, "chalicelib.domain.")
]
SHAPES: list[Any] = [
    shape
    for module in MODULES
    for _, shape in inspect.getmembers(module, inspect.isclass)
    if dataclasses.is_dataclass(shape) and shape.__module__ == module.__name__
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.__module__}.{shape.__qualname__}")
def test_a_shape_of_the_domain_is_frozen(shape: Any) -> None:
    assert shape.__dataclass_params__.frozen
