"""The door for commands that a phone collected offline. Each command has a result of its own."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from chalicelib.domain.errors import Conflict, FieldError, Invalid, InvalidFields, NotFound, TakipError
from chalicelib.domain.floor.clocks import skew
from chalicelib.domain.instants import wire
from chalicelib.domain.orders import issues
from chalicelib.domain.orders.work_orders import order_id_of
from chalicelib.domain.people.permissions import authorize
from chalicelib.domain.sentences import say
from chalicelib.domain.text import halved
from chalicelib.schemas.base import CommandBody
from chalicelib.schemas.batches import SynchronisedBatchOut
from chalicelib.schemas.issues import WriteNote
from chalicelib.schemas.sync import OfflineCommand, Synchronise
from chalicelib.services.floor.stage_commands import STAGE_COMMANDS
from chalicelib.services.idempotency import Answer, Request
from functions import _request
from functions._batches import outcome, within
from functions._commands import BODIES, change_issue, give
from functions._endpoint import Call, Doors

doors = Doors(__name__)


# What a phone may collect: the permission and the body of each command. The target of a note is an issue.
OFFLINE: Mapping[str, tuple[str, type[CommandBody]]] = {
    **{name: (STAGE_COMMANDS[name].action, body) for name, body in BODIES.items()},
    "note": ("issue.change", WriteNote),
}


class UnknownCommand(Invalid):
    """The command is not a command of a stage."""

    code = "ERR_SYNC_UNKNOWN_COMMAND"
    title = "There is no such command"


class EarlierFailed(Conflict):
    """An earlier command on the same order failed. This one may depend on it, so it was not tried."""

    code = "ERR_SYNC_EARLIER_FAILED"
    title = "An earlier command on the same order failed"


@doors.route(
    "POST",
    "/sync/commands",
    action="command.sync",
    body=Synchronise,
    answers=SynchronisedBatchOut,
    refuses=(Conflict,),
    brief=True,
)
def synchronise(call: Call) -> Answer:
    """Send commands that were collected offline, in order. Each result is applied, duplicate, conflict or rejected."""
    stuck: dict[str, str] = {}
    ahead = skew(call.body.sent_at, call.received_at)

    def synced(number: int, sent: Any) -> dict[str, Any]:
        given = partial(_in_turn, call, f"commands[{number}]", sent, stuck, ahead)
        return {"id": _text(sent, "id")} | outcome(given, "applied", call.reader)

    told = {"clock_skew_seconds": round(ahead.total_seconds())} if call.body.sent_at else {}
    return Answer({"items": [synced(number, sent) for number, sent in enumerate(call.body.commands)], **told})


def _in_turn(call: Call, place: str, sent: Any, stuck: dict[str, str], ahead: timedelta) -> Answer:
    """Give one command, unless an earlier one failed on the same order. `stuck` maps an order to its failed command."""
    order_id, barred = _order_of(sent), None
    if order_id in stuck:
        form = "It was not tried, because of {command_id}. Settle that, then send this again."
        barred = EarlierFailed(say(form, command_id=stuck[order_id]))
    try:
        with within(place):
            wanted = _request.read(sent, OfflineCommand)
        return _given(call, wanted, ahead, barred)
    except TakipError:
        if order_id is not None:
            stuck.setdefault(order_id, _text(sent, "id") or place)
        raise


def _order_of(sent: Any) -> str | None:
    """The order of a command, also if the command is malformed. None if it names no stage and no issue."""
    target = _text(sent, "target") or ""
    for order_id_in in (order_id_of, issues.order_id_of):
        with suppress(NotFound):
            return order_id_in(target)
    return None


def _text(sent: Any, field: str) -> str | None:
    """The text of a field of a command before it is checked; None if it is no text that an answer can hold."""
    value = sent.get(field) if isinstance(sent, dict) else None
    return value if isinstance(value, str) and not halved(value) else None


def _given(call: Call, wanted: OfflineCommand, ahead: timedelta, barred: TakipError | None) -> Answer:
    """Do what the door of the command does, under the command's own key. Raises its errors, and `barred`."""
    if wanted.command not in OFFLINE:
        form = "{command} is unknown; use one of {allowed}."
        raise UnknownCommand(say(form, command=wanted.command, allowed=list(OFFLINE)))
    action, shape = OFFLINE[wanted.command]
    authorize(call.actor, action)
    at = {"at": wire(wanted.at)} if wanted.at else {}
    if at and {"at", "timestamp"} & wanted.payload.keys():
        raise InvalidFields([FieldError("payload.at", say("must be left out beside the command's own at"), "twice")])
    with within("payload"):
        body = _request.read(wanted.payload | at, shape)
    request = Request(wanted.id, dry_run=call.request.dry_run)
    if isinstance(body, WriteNote):
        return change_issue(call.actor, wanted.target, body, call.received_at, request, ahead=ahead, barred=barred)
    return give(call.actor, wanted.command, wanted.target, body, call.received_at, request, ahead=ahead, barred=barred)
