"""Who imports whom, component by component, as grimp reads it from the code."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass

import grimp

from infra.report.components import ROOTS, Component

_TESTS = "tests"


@dataclass(frozen=True)
class Imports:
    """The graph of imports, and the component of each module. The standard library is left out."""

    graph: grimp.ImportGraph
    component_of: dict[str, str]

    def needed_by(self, component: Component) -> list[str]:
        """The names of the components of which this one imports something."""
        return self._others(component, self._imported(component))

    def that_need(self, component: Component) -> list[str]:
        """The names of the components that import something of this one."""
        return self._others(component, self._importing(component))

    def libraries_of(self, component: Component) -> list[str]:
        """The names of the libraries of which this component imports something."""
        return sorted(
            name
            for name in self._imported(component)
            if self.graph.is_module_squashed(name) and name not in sys.stdlib_module_names
        )

    def tests_of(self, component: Component) -> set[str]:
        """The modules of tests that import something of this component."""
        return {name for name in self._importing(component) if name.startswith(f"{_TESTS}.")}

    def _imported(self, component: Component) -> set[str]:
        found = (self.graph.find_modules_directly_imported_by(module.name) for module in component.modules)
        return set[str]().union(*found)

    def _importing(self, component: Component) -> set[str]:
        found = (self.graph.find_modules_that_directly_import(module.name) for module in component.modules)
        return set[str]().union(*found)

    def _others(self, component: Component, modules: Iterable[str]) -> list[str]:
        return sorted({self.component_of[name] for name in modules if name in self.component_of} - {component.name})


def imports(components: Iterable[Component]) -> Imports:
    """Read the imports of the code and of the tests. Takes a second."""
    graph = grimp.build_graph(*ROOTS, _TESTS, include_external_packages=True, cache_dir=None)
    return Imports(graph, {module.name: each.name for each in components for module in each.modules})
