"""The shape of a person's first screen."""

from chalicelib.domain.floor.home import Home
from chalicelib.domain.orders.session_records import OpenSession
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor, User
from chalicelib.schemas.base import Out
from chalicelib.schemas.issues import IssueOut, issue_out
from chalicelib.schemas.notifications import UnreadOut
from chalicelib.schemas.sessions import OpenSessionOut
from chalicelib.schemas.stages import StageOut, stage_out
from chalicelib.schemas.users import ColleagueOut, UserOut, user_out
from chalicelib.schemas.values import InstantOut


class PlantOut(Out):
    """The plant: its time zone, and the codes of the reasons that its people choose from."""

    tenant: str
    time_zone: str
    pause_reasons: list[str]
    scrap_reasons: list[str]
    stop_reasons: list[str]


class OnStageOut(ColleagueOut):
    """A colleague on a stage. `at_work_since` is null while they are assigned and not at work."""

    at_work_since: InstantOut | None


class WorkOut(StageOut):
    """A stage of mine, with the name of its machine and who else is on it."""

    machine_name: str | None
    others: list[OnStageOut]


class OwnSessionOut(OpenSessionOut):
    """An open session of mine, and its stage."""

    stage_id: str


class HomeOut(Out):
    """The first screen: me, my plant, and what is mine. With a `more_…` there are more than are shown.

    `issues` are those that I reported, those that I must solve and those of my stages, the most urgent first; for those
    who plan also those that nobody must solve yet.
    """

    me: UserOut
    plant: PlantOut
    work: list[WorkOut]
    more_work: bool
    open_sessions: list[OwnSessionOut]
    issues: list[IssueOut]
    more_issues: bool
    notifications: UnreadOut


def home_out(home: Home, actor: Actor) -> HomeOut:
    """Show the first screen of the actor."""
    settings = home.settings
    return HomeOut(
        me=user_out(home.me),
        plant=PlantOut(
            tenant=actor.tenant,
            time_zone=settings.timezone,
            pause_reasons=list(settings.pause_reasons),
            scrap_reasons=list(settings.scrap_reasons),
            stop_reasons=list(settings.stop_reasons),
        ),
        work=[_work_out(home, order, stage, actor) for order, stage in home.work],
        more_work=home.more_work,
        open_sessions=[_own_out(stage, session) for stage, session in home.at_work],
        issues=list(map(issue_out, home.issues)),
        more_issues=home.more_issues,
        notifications=UnreadOut.model_validate(home.unread),
    )


def _work_out(home: Home, order: Order, stage: Stage, actor: Actor) -> WorkOut:
    machine = home.machines.get(stage.machine_id or "")
    others = (home.people[person] for person in stage.people if person != actor.user_id and person in home.people)
    return WorkOut(
        **dict(stage_out(order, stage, actor)),
        machine_name=machine.name if machine else None,
        others=[_on_stage_out(stage, person) for person in others],
    )


def _on_stage_out(stage: Stage, person: User) -> OnStageOut:
    session = stage.session_of(person.id)
    return OnStageOut(id=person.id, name=person.name, at_work_since=session.started_at if session else None)


def _own_out(stage: Stage, session: OpenSession) -> OwnSessionOut:
    return OwnSessionOut(**dict(OpenSessionOut.model_validate(session)), stage_id=stage.id)
