"""The shape of what changed about a thing: its fields, each from what to what."""

from typing import Any

from pydantic import Field

from chalicelib.schemas.base import Out


class FieldChangeOut(Out):
    """The value of a field before and after a change. `from` is a word that Python keeps to itself."""

    source: Any = Field(alias="from")
    to: Any


def field_changes(before: Out, after: Out) -> dict[str, FieldChangeOut]:
    """The fields of a thing that changed, by name, each as the thing itself is shown. The version is left out."""
    was, became = before.plain(), after.plain()
    return {
        name: FieldChangeOut(source=was[name], to=value)
        for name, value in became.items()
        if name != "version" and value != was[name]
    }
