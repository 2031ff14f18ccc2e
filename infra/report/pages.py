"""The pages: Markdown, the same for the same code and the same test run."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from functions._rules import RULES, Rule
from infra.documents.api import endpoints_table
from infra.documents.derived import load_everything
from infra.report.components import Component, Offered, components
from infra.report.imports import Imports, imports
from infra.report.last_run import Case, Run, last_run
from infra.report.results import covered, requests_table, summary, tests_table

INDEX = "index.md"
NO_RUN = "There was no whole test run on this machine: run `python takip.py test`, then `python takip.py report` again."
_HEAD = "Made from the code by `python takip.py report`. Do not change it by hand."


def write(folder: Path) -> int:
    """Write a page for each component, and the index; returns how many components there are.

    Pages of components that are gone are deleted. Files that no report wrote stay.
    """
    found, run = components(), last_run()
    graph = imports(found)
    load_everything()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.md"):
        if _HEAD in old.read_text(encoding="utf-8", errors="replace"):
            old.unlink()
    for component in found:
        (folder / component.page).write_text(page(component, graph, run), encoding="utf-8")
    (folder / INDEX).write_text(index(found, graph, run), encoding="utf-8")
    return len(found)


def index(found: Sequence[Component], graph: Imports, run: Run | None) -> str:
    """The index page: every component with what it is, and its results in the last test run."""
    lines = ["# Components", "", _HEAD, "", summary(run) if run else NO_RUN, ""]
    lines += ["| component | what it is | tests | statements | branches |", "|---|---|---|---|---|"]
    for each in found:
        cells = [f"[{each.title}]({each.page})", _cell(_first_paragraph(_says(each)))]
        cells += _results(each, graph, run)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def page(component: Component, graph: Imports, run: Run | None) -> str:
    """The page of a component."""
    parts = [
        f"# {component.title}\n\n{_HEAD} [All components]({INDEX})",
        f"## Input and output\n\n{_input_and_output(component)}",
        f"## Dependencies\n\n{_dependencies(component, graph)}",
        f"## How it works\n\n{_how_it_works(component)}",
        f"## The last test run\n\n{_last_run(component, graph, run)}",
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def rules_of(component: Component) -> list[Rule]:
    """The endpoints of a module of doors."""
    names = {each.name for module in component.modules for each in module.offers} if component.is_door else set()
    return [rule for rule in RULES if rule.name in names]


def cases_of(component: Component, graph: Imports, run: Run) -> list[Case]:
    """The tests of a component: those of files that import something of it, or that sent its endpoints a request."""
    return run.of(graph.tests_of(component), [rule.endpoint for rule in rules_of(component)])


def _input_and_output(component: Component) -> str:
    if rules := rules_of(component):
        return endpoints_table(rules)
    offered = [each for module in component.modules for each in module.offers]
    if not offered:
        return "It offers no public function and no class."
    lines = ["| offered | takes | gives | |", "|---|---|---|---|"]
    lines += [
        f"| `{each.name}` | {_code(each.takes)} | {_code(each.gives)} | {_cell(_first_paragraph(each.says))} |"
        for each in offered
    ]
    called = [f"Called by: `{each}`." for one in offered for each in one.decorated if each.startswith("bp.")]
    return "\n\n".join([*called, "\n".join(lines)])


def _dependencies(component: Component, graph: Imports) -> str:
    titles = {
        "It imports": _linked(graph.needed_by(component)),
        "Libraries": ", ".join(f"`{name}`" for name in graph.libraries_of(component)) or "none",
        "Imported by": _linked(graph.that_need(component)),
    }
    registered = "\n- Registered in `app.py`." if component.is_door else ""
    return "\n".join(f"- {title}: {names}." for title, names in titles.items()) + registered


def _how_it_works(component: Component) -> str:
    parts = []
    for module in component.modules:
        parts.append(f"### {module.path}\n\n{module.says or 'An empty module.'}")
        parts.append("\n".join(_told(each) for each in module.offers if each.says))
    return "\n\n".join(filter(None, parts))


def _told(each: Offered) -> str:
    """The docstring of a function or class, as an entry of a list."""
    return f"- `{each.name}`: " + each.says.replace("\n", "\n  ").replace("\n  \n", "\n\n")


def _last_run(component: Component, graph: Imports, run: Run | None) -> str:
    if run is None:
        return NO_RUN
    cases = cases_of(component, graph, run)
    return "\n\n".join(
        filter(
            None,
            [
                f"It began at {run.at}.",
                tests_table(cases),
                requests_table(cases, [rule.endpoint for rule in rules_of(component)]),
                covered(run, [module.path for module in component.modules]),
            ],
        )
    )


def _results(component: Component, graph: Imports, run: Run | None) -> list[str]:
    """The cells of the index: how many tests passed, and the cover in percent."""
    if run is None:
        return ["–"] * 3
    cases = cases_of(component, graph, run)
    passed = sum(case.outcome == "passed" for case in cases)
    cover = run.cover_of(module.path for module in component.modules)
    return [f"{passed} of {len(cases)} passed", *cover.shares]


def _says(component: Component) -> str:
    """What a component is, in the words of its package or of its only module."""
    own = next((module.says for module in component.modules if module.name == component.name), "")
    return own or (component.modules[0].says if len(component.modules) == 1 else "")


def _linked(names: Iterable[str]) -> str:
    return ", ".join(f"[{name}]({name}.md)" for name in names) or "nothing"


def _first_paragraph(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{_cell(text)}`" if text else "–"
