"""The small answers of a batch: what a client needs that knows what it sent."""

from typing import Any

from chalicelib.schemas.base import Adjusted, Out, left_out


class MinimalOut(Out):
    """The id of what a command was given for, and what of it changes with every command.

    A session has no status, and only a stage has a version and commands that are allowed. `adjusted` are the times that
    were moved because of a wrong clock: they are kept otherwise than the client sent them.
    """

    id: str
    status: str | None = left_out()
    version: int | None = left_out()
    allowed: list[str] | None = left_out()
    adjusted: Adjusted | None = left_out()


def minimal(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results of a batch, each with `minimal` instead of `data`."""
    return [{_name(name): _small(name, value) for name, value in each.items()} for each in results]


def _name(member: str) -> str:
    return "minimal" if member == "data" else member


def _small(member: str, value: Any) -> Any:
    return {name: value[name] for name in MinimalOut.model_fields if name in value} if member == "data" else value
