"""The small answer of a command: what a client needs that knows what it sent."""

from typing import Any

from chalicelib.schemas.base import Out, left_out


class MinimalOut(Out):
    """The id of what the command was given for, and what of it changes with every command.

    A session has no status, and only a stage and an order have a version and commands that are allowed.
    """

    id: str
    status: str | None = left_out()
    version: int | None = left_out()
    allowed: list[str] | None = left_out()


def minimal(data: dict[str, Any]) -> dict[str, Any]:
    """The answer of a command, or the answers of a batch of commands, with the small data."""
    if "items" in data:
        return data | {"items": [each | _small(each) for each in data["items"]]}
    return {name: data[name] for name in MinimalOut.model_fields if name in data}


def _small(result: dict[str, Any]) -> dict[str, Any]:
    return {"data": minimal(result["data"])} if "data" in result else {}
