"""Presence: saying that one is answering an issue, or not any more, and who else is."""

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib import clock
from chalicelib.domain.andon.presence import Answering, Presence
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.people.users import Actor
from chalicelib.services.andon import issues
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.people import known_people
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.andon import presence

Present = Callable[[Sequence[Answering]], Any]


def of_issue(actor: Actor, issue_id: str) -> tuple[Issue, Sequence[Answering]]:
    """Read an issue, and who else is answering it. Costs one request, as an issue alone does. Raises IssueNotFound."""
    issue, found = presence.with_issue(actor.tenant, issue_id)
    return issues.seen(actor, issue_id, issue), found.others(actor.user_id, clock.now())


def answer(actor: Actor, issue_id: str, request: Request, present: Present) -> Answer:
    """Say that the actor is answering an issue; it holds for less than a minute. Answers who else is.

    Costs what reading the issue costs, and a transaction of one item. Raises IssueNotFound.
    """
    (own,) = known_people.find([(actor.tenant, actor.user_id)]).values()

    def there(before: Presence) -> Presence:
        return before.with_one(actor.user_id, own.name, clock.now())

    return _written(actor, issue_id, request, present, "answer_issue", there)


def leave(actor: Actor, issue_id: str, request: Request, present: Present) -> Answer:
    """Say that the actor is not answering an issue any more. Costs and raises what `answer` does."""
    return _written(
        actor, issue_id, request, present, "leave_issue", lambda before: before.without(actor.user_id, clock.now())
    )


def _written(
    actor: Actor, issue_id: str, request: Request, present: Present, name: str, changed: Callable[[Presence], Presence]
) -> Answer:
    def prepare() -> Prepared:
        issue, before = presence.with_issue(actor.tenant, issue_id)
        issues.seen(actor, issue_id, issue)
        after, now = changed(before), clock.now()
        return Prepared(Answer(present(after.others(actor.user_id, now))), presence.put(actor.tenant, after, now))

    return carry_out(actor, name, None, request, prepare, target=issue_id)
