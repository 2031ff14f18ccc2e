"""Quarantine for the operator: of a tenant, or of no tenant; and markers that cannot be read."""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.instants import parse
from chalicelib.domain.machines.quarantine import Chosen, Quarantined
from chalicelib.schemas.quarantine import CHARACTERS_READ, quarantined_out, replayed_out
from chalicelib.services.machines import quarantine, tending
from chalicelib.services.numbers import aggregation


def every(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Tell of the newest messages of no tenant, `limit` of them, then of every marker."""
    for message in quarantine.strays(limit=given["limit"]):
        yield {"what": "message", **quarantined_out(message).plain()}
    for marker in aggregation.unreadable():
        yield {"what": "marker", "id": marker.id, "reason": marker.unreadable}


def find(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Tell of the newest chosen messages, `limit` of them."""
    for message in _chosen(given):
        yield quarantined_out(message).plain()


def show(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Tell of the message `id` with its original."""
    yield quarantined_out(tending.read(given["tenant"], given["id"]), CHARACTERS_READ).plain()


def replay(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Take in the chosen messages: tell how many they are, then what came of each."""
    messages = _chosen(given)
    yield {"total": len(messages)}
    for judged in tending.take_in(given["tenant"], messages, dry_run=given["dry_run"]):
        yield replayed_out(judged.before, judged.after).plain()


def delete(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Delete the chosen messages: tell how many they are, then each time how many are gone."""
    messages = _chosen(given)
    yield {"total": len(messages)}
    if not given["dry_run"]:
        for gone in tending.delete(given["tenant"], messages, _filters(given)):
            yield {"gone": gone}


def _chosen(given: dict[str, Any]) -> list[Quarantined]:
    """The message `id`, or the newest that the filters choose."""
    if given["id"]:
        return [tending.read(given["tenant"], given["id"])]
    return tending.choose(given["tenant"], _filters(given), limit=given["limit"])


def _filters(given: dict[str, Any]) -> Chosen:
    since, until = (parse(given[name]) if given[name] else None for name in ("since", "until"))
    return Chosen(given["machine_id"], given["code"], since, until)
