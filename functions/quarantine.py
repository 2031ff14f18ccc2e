"""The doors of quarantine: messages of machines that cannot be used, read, counted, taken in again and deleted."""

from functools import partial
from http import HTTPStatus
from typing import Any

from chalicelib.domain.errors import Conflict
from chalicelib.domain.machines.quarantine import Chosen, Quarantined
from chalicelib.schemas.languages import Language
from chalicelib.schemas.quarantine import (
    CHARACTERS_READ,
    CHARACTERS_SHOWN,
    ChooseQuarantined,
    ClearingOut,
    ListQuarantined,
    QuarantineCountsOut,
    QuarantinedOut,
    ReplayedOut,
    ReplayQuarantined,
    counts_out,
    quarantined_out,
    replayed_out,
)
from chalicelib.services.idempotency import Answer
from chalicelib.services.machines import quarantine
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route(
    "GET", "/machines/quarantine", action="quarantine.read", query=ListQuarantined, answers=ListOf(QuarantinedOut)
)
def list_quarantine(call: Call) -> Answer:
    """List the quarantined messages, newest first: of a machine, with a reason of a code, sent in [from, to)."""
    query = call.query
    page = quarantine.page(call.actor, query.chosen(), limit=query.limit, cursor=query.cursor)
    return page_of((_shown_to(call, message) for message in page.items), page.next_cursor)


@doors.route(
    "GET",
    "/machines/quarantine/counts",
    action="quarantine.read",
    query=ChooseQuarantined,
    answers=QuarantineCountsOut,
)
def count_quarantine(call: Call) -> Answer:
    """Count the quarantined messages by reason and by machine: all, or the newest 20 MB of them."""
    return Answer(counts_out(quarantine.counts(call.actor, call.query.chosen())).plain())


@doors.route("GET", "/machines/quarantine/{message_id}", action="quarantine.read", answers=QuarantinedOut)
def read_quarantined(call: Call, message_id: str) -> Answer:
    """Read a quarantined message with its original, up to 256 KB of it."""
    return Answer(_shown_to(call, quarantine.read(call.actor, message_id), CHARACTERS_READ).plain())


@doors.route(
    "POST",
    "/machines/quarantine/replay",
    action="quarantine.clear",
    body=ReplayQuarantined,
    answers=ClearingOut,
    statuses=(HTTPStatus.ACCEPTED, HTTPStatus.OK),  # OK: the answer to the same request before
    refuses=(Conflict,),
)
def replay_quarantine(call: Call) -> Answer:
    """Judge quarantined messages again, in the background, and take in those that can be used now."""
    return quarantine.take_in_all(call.actor, call.body.payload(), call.request, _clearing)


@doors.route(
    "POST",
    "/machines/quarantine/{message_id}/replay",
    action="quarantine.clear",
    answers=ReplayedOut,
    refuses=(Conflict,),
)
def replay_quarantined(call: Call, message_id: str) -> Answer:
    """Judge a quarantined message again, and take it in if it can be used now."""
    return quarantine.take_in(call.actor, message_id, call.request, partial(_replayed, language=call.reader.language))


@doors.route(
    "DELETE",
    "/machines/quarantine",
    action="quarantine.clear",
    query=ChooseQuarantined,
    answers=ClearingOut,
    statuses=(HTTPStatus.ACCEPTED, HTTPStatus.OK),  # OK: the answer to the same request before
    refuses=(Conflict,),
)
def delete_quarantine(call: Call) -> Answer:
    """Delete quarantined messages that were sent until now, in the background; with the filters of the list."""
    return quarantine.delete_all(call.actor, call.query.chosen(), call.request, call.source, _clearing)


@doors.route(
    "DELETE",
    "/machines/quarantine/{message_id}",
    action="quarantine.clear",
    answers=QuarantinedOut,
    refuses=(Conflict,),
)
def delete_quarantined(call: Call, message_id: str) -> Answer:
    """Delete a quarantined message."""
    return quarantine.delete(
        call.actor, message_id, call.request, call.source, lambda gone: _shown_to(call, gone).plain()
    )


def _shown_to(call: Call, message: Quarantined, most: int = CHARACTERS_SHOWN) -> QuarantinedOut:
    return quarantined_out(message, most, call.reader.language)


def _shown(call: Call, message: Quarantined) -> dict[str, Any]:
    return _shown_to(call, message).plain()


def _replayed(before: Quarantined, after: Quarantined | None, language: Language) -> dict[str, Any]:
    return replayed_out(before, after, language).plain()


def _clearing(chosen: Chosen) -> dict[str, Any]:
    return ClearingOut.model_validate(chosen).plain()
