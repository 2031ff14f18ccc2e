"""The process that runs Takip's code for the tools: `python -m infra.administration VERB`.

The input is JSON on standard input. Each answer is a line of JSON on standard output, between log lines.
"""

import json
import sys
from collections.abc import Callable, Iterator
from signal import SIGINT, signal
from types import FrameType
from typing import Any

from chalicelib.domain.errors import TakipError
from infra.administration import (
    admins,
    aggregates,
    keys,
    leaving,
    old_people,
    old_system,
    people,
    person_leaving,
    quarantine,
    readings,
    schema,
    tenants,
)

Verb = Callable[[dict[str, Any]], Iterator[dict[str, Any]]]

VERBS: dict[str, Verb] = {
    "create admin": admins.create,
    "enrol people": people.enrol,
    "move logins": people.move_logins,
    "carry old people": old_people.carry,
    "audit": person_leaving.audit,
    "take person along": person_leaving.take,
    "erase person": person_leaving.erase,
    "key rotated": keys.rotated,
    "create tenant": tenants.create,
    "change tenant": tenants.change,
    "list tenants": tenants.every,
    "count old app": tenants.old_app_uses,
    "take tenant along": leaving.take,
    "close tenant": leaving.close,
    "reopen tenant": leaving.reopen,
    "look at tenant": leaving.hold,
    "delete tenant": leaving.delete,
    "count again": tenants.count_again,
    "rebuild aggregates": aggregates.rebuild,
    "schema": schema.told,
    "note first schema": schema.note_first,
    "migrate": schema.move,
    "bring old system": old_system.bring,
    "import readings": readings.take,
    "list quarantine": quarantine.every,
    "find quarantine": quarantine.find,
    "show quarantine": quarantine.show,
    "replay quarantine": quarantine.replay,
    "delete quarantine": quarantine.delete,
}


def main(verb: str) -> None:
    """Run the verb. After a Ctrl-C, work that has begun is finished and answered, and no more is begun."""
    stopped = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True

    signal(SIGINT, stop)
    for said in _said(verb, json.load(sys.stdin)):
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        if stopped:
            return


def _said(verb: str, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    try:
        for answer in VERBS[verb](given):
            yield {"answer": answer}
    except TakipError as refusal:
        wrong = [f"{error.field}: {error.message}" for error in refusal.errors]
        yield {"refused": [refusal.title, *(wrong or [refusal.detail])]}


if __name__ == "__main__":
    main(sys.argv[1])
