"""Projections: write an order's facts into its days, what remains of it into its plant, and its stages into lists.

Only differences are written. The sums of a day change with its facts, and the counts of what remains of a plant with
those of the order, in the same transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib import clock
from chalicelib.domain.numbers import remaining
from chalicelib.domain.numbers.day_facts import Fact, FactKey
from chalicelib.domain.numbers.order_facts import facts_of
from chalicelib.domain.numbers.projections import FactChange, ProjectedFact, Projection
from chalicelib.domain.numbers.remaining import OrderRemaining, Remaining
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import Order, OrderNotFound
from chalicelib.domain.priorities import Priority
from chalicelib.observability import logger
from chalicelib.services.machines import known_machines
from chalicelib.services.numbers.daily_sums import places_of, sums_after
from chalicelib.services.tenants import settings_of
from chalicelib.storage.numbers import aggregates, daily_sums
from chalicelib.storage.numbers.aggregates import Projected
from chalicelib.storage.numbers.daily_sums import Daily
from chalicelib.storage.numbers.remaining import PlantRemaining, Recount
from chalicelib.storage.orders import assignments, issues, work_orders
from chalicelib.storage.orders.assignments import Move
from chalicelib.storage.orders.work_orders import Worked

# A transaction holds 100 actions; the projection's head and two writes of what remains are among them.
STEP = 97


@dataclass(frozen=True)
class Action:
    """One thing to write: what becomes of a fact, or a change of an assignment in a worker's list."""

    fact: FactChange | None = None
    move: Move | None = None


def project(tenant: str, order_id: str, *, again: bool = False) -> None:
    """Update an order's facts, what remains of it and its workers' lists to the order as it is now.

    With `again` its facts are read and compared themselves; else the digests of what was written last are.

    Reads the projection first, then the order: so the write of a slower run fails, because the revision has changed.
    Reads all sessions of the order, and writes only differences. The other facts of a day are read only if a session
    went from it. If the order does not exist, nothing is done. Raises ConditionFailed, Collision.
    """
    made_at = clock.now()
    before = aggregates.projection(tenant, order_id)
    try:
        worked = work_orders.load_worked(tenant, order_id)
    except OrderNotFound:
        logger().warning("a marker names an order that does not exist", extra={"tenant": tenant, "order_id": order_id})
        return
    settings = settings_of(tenant)
    wanted = facts_of(worked.order, worked.sessions, settings, _lines(tenant, worked, before))
    remains = remaining.counted(
        [worked.order], worked.order.stages, _open_issues(tenant, worked.order), made_at, settings
    )
    actions = [
        *(Action(fact=change) for change in _differences(tenant, wanted, before, again=again)),
        *(Action(move=move) for move in assignments.moves(tenant, worked.order, worked.assignments)),
    ]
    noted = before.head.facts
    recounts = remains != before.remaining
    # A step without actions still raises the revision; otherwise a slower run could write older facts.
    for revision, step in enumerate(_steps(actions), before.head.revision + 1):
        noted = _left(noted, step)
        standing = daily_sums.standing(tenant, places_of(_changes(step)), plant=recounts)
        sums = sums_after(tenant, _changes(step), standing.sums, made_at)
        recount = _recount(before.remaining, remains, standing.plant, made_at) if recounts else None
        _write(tenant, order_id, Projection(noted, revision), step, sums, recount)
        recounts = False


def _differences(tenant: str, wanted: Mapping[FactKey, Fact], standing: Projected, *, again: bool) -> list[FactChange]:
    """What changes the stored facts into the wanted ones. A fact stored only in the head gets its entry.

    The stored facts that change or go are read: their groups say whose sums change. With `again` all are read.
    """
    entries = standing.entries
    unlike = {
        key: fact
        for key, fact in wanted.items()
        if key not in entries or entries[key].digest != aggregates.digest_of(fact)
    }
    gone = [key for key in standing.keys if key not in wanted]
    looked_at = [*(wanted if again else (key for key in unlike if key in standing.keys)), *gone]
    stored = aggregates.facts(tenant, looked_at)
    new = {key: fact for key, fact in wanted.items() if key in unlike or (again and stored.get(key) != fact)}
    return [
        *(change for key, fact in new.items() for change in _replacing(FactChange(key, stored.get(key), fact))),
        *(FactChange(key, before=stored.get(key)) for key in gone),
    ]


def _lines(tenant: str, worked: Worked, standing: Projected) -> dict[str, str]:
    """The line of each session on a machine, by the session's id.

    A session keeps the line with which it was stored: the past stays where it was when a machine moves. So does its
    correction, if it names the same machine. A new one gets that of its machine, at most a minute old.
    """
    stored = {key.identity: entry.line for key, entry in standing.entries.items() if entry.line is not None}
    known = {session.id: session for session in worked.recorded}
    noted = {
        session.id: stored[earlier.id]
        for session in worked.sessions
        for earlier in reversed(list(_chain(session, known)))
        if earlier.id in stored and earlier.machine_id == session.machine_id
    }
    machine_of = {each.id: each.machine_id for each in worked.sessions if each.machine_id and each.id not in noted}
    machines = known_machines.find((tenant, machine_id) for machine_id in machine_of.values())
    found = {
        session_id: machines[tenant, machine_id].line
        for session_id, machine_id in machine_of.items()
        if (tenant, machine_id) in machines
    }
    return noted | {session_id: line for session_id, line in found.items() if line is not None}


def _chain(session: Session, known: Mapping[str, Session]) -> Iterator[Session]:
    """A session, the one that it corrects, the one that this corrects, and so on."""
    standing: Session | None = session
    while standing is not None:
        yield standing
        standing = known.get(standing.corrects or "")


def _replacing(change: FactChange) -> list[FactChange]:
    """What replaces a fact: two changes, one after the other, if its groups are too many for one transaction."""
    if _writes([Action(change)]) <= STEP:
        return [change]
    return [FactChange(change.key, before=change.before), FactChange(change.key, after=change.after)]


def _steps(actions: list[Action]) -> Iterator[list[Action]]:
    """Split actions into steps that each fit a transaction. There is always at least one step."""
    step: list[Action] = []
    for action in actions:
        if step and _writes([*step, action]) > STEP:
            yield step
            step = []
        step.append(action)
    yield step


def _writes(step: Sequence[Action]) -> int:
    """The number of writes of a step beside the head. A fact needs two, itself and its entry; each sum needs one."""
    changes = _changes(step)
    return len(step) + len(changes) + len(places_of(changes))


def _changes(step: Sequence[Action]) -> list[FactChange]:
    """What becomes of facts in a step."""
    return [action.fact for action in step if action.fact is not None]


def _left(noted: tuple[ProjectedFact, ...], step: Sequence[Action]) -> tuple[ProjectedFact, ...]:
    """The facts that are still in the head after a step."""
    moved = {change.key for change in _changes(step)}
    return tuple(fact for fact in noted if fact.key not in moved)


def _open_issues(tenant: str, order: Order) -> list[Priority]:
    """The priorities of an order's unresolved issues. They are read if a stage of an earlier release lacks them."""
    listed = [issue for stage in order.stages for issue in stage.open_issues]
    unknown = {issue.issue_id for issue in listed if issue.priority is None}
    found = [issues.find(tenant, issue_id) for issue_id in unknown]
    return [issue.priority for issue in [*listed, *found] if issue and issue.priority is not None]


def _recount(before: OrderRemaining, after: OrderRemaining, plant: PlantRemaining | None, made_at: datetime) -> Recount:
    """What remains of the order and of its plant, after what remains of the order changed."""
    known = plant or PlantRemaining(Remaining(), made_at, 0)
    counts = remaining.changed(known.counts, before.counts, after.counts)
    return Recount(after, PlantRemaining(counts, made_at, known.revision + 1))


def _write(
    tenant: str, order_id: str, head: Projection, step: list[Action], sums: list[Daily], recount: Recount | None
) -> None:
    """Write a step, with the sums and the counts of the plant that it changes."""
    changes = _changes(step)
    aggregates.write_projection(
        tenant,
        order_id,
        head,
        facts={change.key: change.after for change in changes if change.after is not None},
        gone=[change.key for change in changes if change.after is None],
        moves=[action.move for action in step if action.move is not None],
        sums=sums,
        recount=recount,
    )
