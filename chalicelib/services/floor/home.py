"""The first screen of a person, in one call."""

from collections.abc import Set as AbstractSet

from chalicelib.domain.floor.home import Home, Work
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.orders.issues import Issue, most_urgent_first
from chalicelib.domain.people.users import Actor, User, UserNotFound
from chalicelib.domain.sentences import say
from chalicelib.services.floor.stages import LONGEST_OWN_PAGE, StageFilters, page
from chalicelib.services.machines import known_machines
from chalicelib.services.people import known_people
from chalicelib.services.telling import inboxes
from chalicelib.services.tenants import settings_of
from chalicelib.storage.orders import issues, stages

MOST_BESIDES = 20
MOST_ISSUES = 20


def of(actor: Actor) -> Home:
    """Read the first screen of the actor. Raises UserNotFound.

    Costs six requests; one more for each of these: stages that wait for another stage, and people, machines and
    settings that were not read in the last minute. Two or three more if the actor has more than 40 stages.
    """
    settings = settings_of(actor.tenant)
    listed = page(actor, StageFilters(mine=True), limit=LONGEST_OWN_PAGE, cursor=None)
    more = listed.next_cursor is not None
    work = [*listed.items, *(_at_work_besides(actor, listed.items) if more else ())]
    people = _people(actor, work)
    if actor.user_id not in people:
        raise UserNotFound(say("This account does not exist any more."))
    waiting = _waiting(actor, {stage.id for _, stage in work})
    return Home(
        me=people[actor.user_id],
        settings=settings,
        work=work,
        more_work=more,
        at_work=[(stage, own) for _, stage in work if (own := stage.session_of(actor.user_id))],
        machines=_machines(actor, work),
        people=people,
        issues=waiting[:MOST_ISSUES],
        more_issues=len(waiting) > MOST_ISSUES,
        unread=inboxes.unread(actor),
    )


def _at_work_besides(actor: Actor, listed: Work) -> Work:
    """The stages at which the actor is at work and that are not listed, because so many others come first."""
    known = {stage.id for _, stage in listed}
    wanted = [stage.id for stage in stages.at_work(actor.tenant) if stage.session_of(actor.user_id)]
    found = stages.with_orders(actor.tenant, [each for each in wanted if each not in known][:MOST_BESIDES])
    return [(order, stage) for order, stage in found if stage.session_of(actor.user_id)]


def _waiting(actor: Actor, work: AbstractSet[str]) -> list[Issue]:
    """The open issues of these stages, and those that the actor reported or must solve, the most urgent first.

    Planners have those too that nobody is assigned to.
    """
    unresolved = issues.unresolved(actor.tenant)
    return most_urgent_first(each for each in unresolved if each.stage_id in work or each.waits_for(actor))


def _people(actor: Actor, work: Work) -> dict[str, User]:
    named = {person for _, stage in work for person in stage.people} | {actor.user_id}
    known = known_people.find((actor.tenant, person) for person in named)
    return {person: user for (_, person), user in known.items()}


def _machines(actor: Actor, work: Work) -> dict[str, Machine]:
    named = {stage.machine_id for _, stage in work if stage.machine_id}
    known = known_machines.find((actor.tenant, machine) for machine in named)
    return {machine_id: machine for (_, machine_id), machine in known.items()}
