"""The catalogue of metrics as tables, and its worked examples with their computed values."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from chalicelib.domain import instants
from chalicelib.domain.numbers.catalogue import DOUBTS, ENTRIES, EXAMPLES, REASONS
from chalicelib.domain.numbers.catalogue_entries import Entry, Example
from chalicelib.domain.numbers.catalogue_of_inputs import KINDS, MADE_OF, NAMES
from chalicelib.domain.numbers.catalogue_of_inputs import REASONS as INPUT_REASONS
from chalicelib.domain.numbers.metrics import Metric
from chalicelib.domain.plain_json import number
from infra.documents.by_hand import BY_HAND


def metrics_tables() -> str:
    """All metrics; what reasons and doubts mean; the examples, with the values of the metrics that they check."""
    return "\n".join(
        [
            "## All metrics",
            "",
            *_entries(),
            "",
            "## Reasons for null",
            "",
            *_meanings(REASONS.items()),
            "",
            "## What is implausible",
            "",
            *_meanings(DOUBTS.items()),
            "",
            "## Inputs",
            "",
            "What `explain=1` lists, by `kind`:",
            "",
            *_meanings(KINDS.items()),
            "",
            "Why an input counts in part or not at all (`why`, `left_out_of`), beside the reasons for null:",
            "",
            *_meanings(INPUT_REASONS.items()),
            "",
            "The names in `amounts`, `times` and `facts`:",
            "",
            *_meanings(NAMES.items()),
            "",
            "## Worked examples",
            "",
            "The values are computed by the functions that compute every answer. In the middle: how to do it by hand.",
            "24:00 + 08:30 is 08:30 on the next day.",
            *(line for example in EXAMPLES for line in _example(example)),
            "",
        ]
    )


def _entries() -> Iterator[str]:
    yield from ["| metric | of | unit | formula | source | inputs | null because | implausible because |"]
    yield "|---|---|---|---|---|---|---|---|"
    for entry in ENTRIES:
        cells = (_codes([entry.formula]), ", ".join(entry.of), entry.unit, entry.words, entry.source)
        made_of = _codes(MADE_OF.get(entry.name, ()))
        yield f"| {' | '.join(cells)} | {made_of} | {_codes(entry.reasons)} | {_codes(entry.doubts)} |"


def _meanings(meanings: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield from ["| name | meaning |", "|---|---|"]
    yield from (f"| `{name}` | {meaning} |" for name, meaning in meanings)


def _example(example: Example) -> Iterator[str]:
    yield from ["", f"### {example.name.capitalize()}", "", "```json", json.dumps(example.inputs, indent=1), "```", ""]
    yield from ["| metric | computed | value |", "|---|---|---|"]
    measured = example.measured()
    yield from (_worked(entry, measured[entry.name]) for entry in ENTRIES if entry.example == example)


def _worked(entry: Entry, metric: Metric) -> str:
    return f"| `{entry.name}` | {_computed(entry, metric)} | {_text(metric.value)} {metric.unit} |"


def _computed(entry: Entry, metric: Metric) -> str:
    """The quotient; of what is none, how it is computed by hand."""
    if metric.denominator is None or metric.numerator is None:
        arithmetic, words = BY_HAND[entry.name]
        return f"{arithmetic} ({words})"
    times = "100 × " if metric.unit == "percent" else ""
    return f"{times}{_text(metric.numerator)} ÷ {_text(metric.denominator)}"


def _text(value: object) -> str:
    """A value as JSON shows it; an input with at most six digits after the point."""
    if isinstance(value, Decimal):
        return json.dumps(number(round(value, 6)))
    return instants.wire(value) if isinstance(value, datetime) else json.dumps(value)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"
