"""What the last test run says of a component, as Markdown: its tests, their times, and its cover."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter

from infra.report.last_run import Case, Run

MOST_FILES = 40
SLOWEST = 5


def summary(run: Run) -> str:
    """The last test run in one line."""
    outcomes = [case.outcome for case in run.cases]
    return (
        f"The last whole test run began at {run.at}: {outcomes.count('passed')} tests passed, "
        f"{outcomes.count('failed')} failed, {outcomes.count('skipped')} were skipped."
    )


def tests_table(cases: Sequence[Case]) -> str:
    """The tests by file, those that took longest first, at most `MOST_FILES`, and the slowest tests."""
    if not cases:
        return "No test imports it or sends it a request. What imports it has tests that run it."
    files = [(name, list(found)) for name, found in groupby(cases, attrgetter("module"))]
    files.sort(key=lambda each: (-_seconds(each[1]), each[0]))
    lines = ["| tests of | passed | failed | skipped | seconds |", "|---|---|---|---|---|"]
    lines += [_row(f"`{name.replace('.', '/')}.py`", found) for name, found in files[:MOST_FILES]]
    if rest := files[MOST_FILES:]:
        lines.append(_row(f"{len(rest)} more files", [case for _, found in rest for case in found]))
    lines.append(_row("all", cases))
    slowest = sorted(cases, key=lambda case: (-case.seconds, case.module, case.name))[:SLOWEST]
    lines += ["", "The slowest tests:", ""]
    return "\n".join(lines + [f"- {case.seconds:.2f} s: `{case.name}`" for case in slowest])


def requests_table(cases: Iterable[Case], endpoints: Sequence[str]) -> str:
    """How many requests these tests sent to each endpoint, and how long one took on average; empty without endpoints.

    They ran in the process of the tests, on a table in memory: it is the time of the code, not of AWS.
    """
    if not endpoints:
        return ""
    lines = ["| endpoint | requests of tests | milliseconds each, in memory |", "|---|---|---|"]
    sent = [case.requests for case in cases]
    for endpoint in endpoints:
        counted = [each[endpoint] for each in sent if endpoint in each]
        times, seconds = sum(times for times, _ in counted), sum(seconds for _, seconds in counted)
        lines.append(f"| `{endpoint}` | {times} | {f'{1000 * seconds / times:.1f}' if times else '–'} |")
    return "\n".join(lines)


def covered(run: Run, paths: Sequence[str]) -> str:
    """The cover of each of these files."""
    lines = ["| file | statements | branches |", "|---|---|---|"]
    for path in paths:
        cover = run.cover.get(path)
        lines.append(f"| `{path}` | {' | '.join(cover.shares if cover else ('not measured', '–'))} |")
    return "\n".join(lines)


def _row(name: str, cases: Sequence[Case]) -> str:
    outcomes = [case.outcome for case in cases]
    counts = " | ".join(str(outcomes.count(outcome)) for outcome in ("passed", "failed", "skipped"))
    return f"| {name} | {counts} | {_seconds(cases):.2f} |"


def _seconds(cases: Iterable[Case]) -> float:
    return sum(case.seconds for case in cases)
