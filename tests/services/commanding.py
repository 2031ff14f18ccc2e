"""Helpers for tests of commands: running one, its answer, and the audit trail."""

from typing import Any

from tests.floor import Person, Reply
from tests.machines import standing


def give(person: Person, stage: str, command: str, body: dict[str, Any] | None = None, key: str | None = "k") -> Reply:
    """Give a command on a stage, under a key unless told otherwise."""
    return person.post(f"/stages/{stage}/{command}", body, key=key)


def essence(reply: Reply) -> tuple[int, Any, str | None]:
    """The part of an answer that a retry must get again."""
    return reply.status, reply.body, reply.headers.get("ETag")


def commands() -> list[str]:
    """The audit trail, in order."""
    return [each.data["command"] for each in sorted(standing("command"), key=lambda each: each.SK)]
