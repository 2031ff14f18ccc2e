"""The shape of the catalogue of metrics."""

from typing import Any

from chalicelib.domain.numbers import catalogue
from chalicelib.domain.numbers import catalogue_of_inputs as inputs
from chalicelib.domain.numbers.catalogue_entries import Entry, Of
from chalicelib.domain.numbers.inputs import Kind
from chalicelib.schemas.base import Out
from chalicelib.schemas.metrics import MetricOut


class EntryOut(Out):
    """A metric: its formula id, its unit, its formula in words, and the source of the formula.

    `of` names what it is a number of. `reasons` are all reasons for which it can be null, `doubts` all for which it can
    be implausible. `made_of` are the kinds of inputs that explain it. `worked` is its value in the example of that
    name.
    """

    name: str
    unit: str
    formula: str
    words: str
    source: str
    of: list[Of]
    reasons: list[str]
    doubts: list[str]
    made_of: list[Kind]
    example: str
    worked: MetricOut


class InputNamesOut(Out):
    """What the inputs of metrics are, by kind; why they count in part or not at all; and what else is used of them."""

    kinds: dict[str, str]
    reasons: dict[str, str]
    names: dict[str, str]


class CatalogueOut(Out):
    """The catalogue of metrics. `reasons` and `doubts` are explained by their names, `examples` are inputs by name.

    `inputs` explains what `explain=1` lists.
    """

    metrics: list[EntryOut]
    reasons: dict[str, str]
    doubts: dict[str, str]
    examples: dict[str, dict[str, Any]]
    inputs: InputNamesOut


def catalogue_out() -> CatalogueOut:
    """Show the catalogue. The values of its examples are computed now."""
    return CatalogueOut(
        metrics=[_entry_out(entry) for entry in catalogue.ENTRIES],
        reasons=dict(catalogue.REASONS),
        doubts=dict(catalogue.DOUBTS),
        examples={example.name: dict(example.inputs) for example in catalogue.EXAMPLES},
        inputs=InputNamesOut(
            kinds={kind.value: words for kind, words in inputs.KINDS.items()},
            reasons={**catalogue.REASONS, **inputs.REASONS},
            names=dict(inputs.NAMES),
        ),
    )


def _entry_out(entry: Entry) -> EntryOut:
    return EntryOut(
        name=entry.name,
        unit=entry.unit,
        formula=entry.formula,
        words=entry.words,
        source=entry.source,
        of=list(entry.of),
        reasons=list(entry.reasons),
        doubts=list(entry.doubts),
        made_of=list(inputs.MADE_OF.get(entry.name, ())),
        example=entry.example.name,
        worked=MetricOut.model_validate(entry.worked),
    )
