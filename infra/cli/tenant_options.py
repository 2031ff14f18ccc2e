"""The options of `takip.py tenant`: one for each setting, with the form in which it is written."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import rich_click as click

from chalicelib.domain.escalation import Awaited, QuietHours, Step, ordered
from chalicelib.domain.people.users import Role
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenant_settings import CountedPieces, IssueCause, WithoutStates
from infra import spans

Command = Callable[..., None]


class Share(click.ParamType[Decimal]):
    """A share between 0 and 1."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Read a share."""
        try:
            return Decimal(value)
        except InvalidOperation:
            self.fail(f"{value!r} is no number; five percent is 0.05.", param, ctx)


class Span(click.ParamType[timedelta | None]):
    """A span of time. With `endless`, `none` means no limit."""

    name = "span"

    def __init__(self, *, endless: bool = False) -> None:
        self._endless = endless

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta | None:
        """Read a span."""
        if self._endless and value == "none":
            return None
        try:
            return spans.parsed(value)
        except ValueError:
            without = ", or none" if self._endless else ""
            self.fail(f"{value!r} is no span of time; write it like 90m, 12h, 30d or 1d12h{without}.", param, ctx)


class Cause(click.ParamType[IssueCause]):
    """A cause of issues with its labels."""

    name = "cause"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> IssueCause:
        """Read a cause."""
        code, _, labels = value.partition("=")
        tr, _, en = labels.partition("/")
        if not (code and tr.strip() and en.strip()):
            self.fail(f"{value!r} is no cause; write it like wear=Aşınma/Wear.", param, ctx)
        return IssueCause(code, tr.strip(), en.strip())


class EscalationStep(click.ParamType[Step | None]):
    """A step of the escalation; `none` is none."""

    name = "step"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Step | None:
        """Read a step. Who is told is a role, or the id of a person."""
        if value == "none":
            return None
        when, _, names = value.partition("=")
        try:
            priority, awaited, minutes = when.split("/")
            told = [name.strip() for name in names.split(",") if name.strip()]
            roles = tuple(Role(name) for name in told if name in list(Role))
            people = tuple(name for name in told if name not in list(Role))
            return Step(Priority(priority), Awaited(awaited), int(minutes), roles, people)
        except ValueError:
            self.fail(f"{value!r} is no step; write it like high/acknowledged/15=planner,admin.", param, ctx)


class Hours(click.ParamType[QuietHours | None]):
    """Hours of every day; `none` is none."""

    name = "hours"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> QuietHours | None:
        """Read the hours. The domain checks the two times."""
        if value == "none":
            return None
        start, dash, end = value.partition("-")
        if not dash:
            self.fail(f"{value!r} are no hours; write them like 22:00-06:00, or none.", param, ctx)
        return QuietHours(start.strip(), end.strip())


def _steps(_: click.Context, __: click.Parameter, value: tuple[Step | None, ...]) -> tuple[Step, ...]:
    """The steps in their order, without `none`."""
    return ordered([step for step in value if step is not None])


_SETTINGS = (
    click.option(
        "--timezone", metavar="ZONE", help="The time zone, such as Europe/Istanbul; fixed by the first order."
    ),
    click.option("--tolerance", type=Share(), help="The share that may be made beyond an order; five percent is 0.05."),
    click.option("--grace", type=Span(), help="A stage counts as late only beyond this delay."),
    click.option(
        "--retention",
        "readings_kept",
        type=Span(endless=True),
        help="The highest age of an accepted reading, and how long it is kept; none for ever.",
    ),
    click.option("--rollups-within", type=Span(), help="A reading changes the numbers of its hour within this time."),
    click.option("--max-carry", type=Span(), help="The last state or count of a machine holds for this time at most."),
    click.option("--stop-reason-after", type=Span(), help="A stop of a machine of at least this asks for a reason."),
    click.option(
        "--counted-pieces",
        type=click.Choice([each.value for each in CountedPieces]),
        help="Whether pieces that machines count are only shown, proposed as good pieces, or booked as such.",
    ),
    click.option(
        "--without-states",
        type=click.Choice([each.value for each in WithoutStates]),
        help="What the time of a machine is that tells no states: unknown, or that of the sessions that name it.",
    ),
    click.option("--late-window", type=Span(), help="How long an hour or a day accepts late data."),
    click.option("--alarm-window", type=Span(), help="How long a value waits for late ones before it is an alarm."),
    click.option("--forgotten-after", type=Span(), help="A session open for longer is shown as forgotten."),
    click.option("--terminal-session", type=Span(), help="How long people stay signed in at a shared terminal."),
    click.option(
        "--self-registration/--no-self-registration",
        default=None,
        help="Whether people may register themselves; an admin then activates them.",
    ),
    click.option(
        "--pause-reason",
        "pause_reasons",
        multiple=True,
        metavar="CODE",
        help="A reason to pause work. Repeat it: the given codes are the whole list. It must include other.",
    ),
    click.option(
        "--scrap-reason",
        "scrap_reasons",
        multiple=True,
        metavar="CODE",
        help="A reason for scrap. Repeat it: the given codes are the whole list. It must include other.",
    ),
    click.option(
        "--stop-reason",
        "stop_reasons",
        multiple=True,
        metavar="CODE",
        help="A reason for stops of machines. Repeat it: the given codes are the whole list. It must include other.",
    ),
    click.option(
        "--issue-cause",
        "issue_causes",
        multiple=True,
        type=Cause(),
        metavar="CODE=TR/EN",
        help="A cause of issues with its labels in Turkish and English, such as wear=Aşınma/Wear. Repeat it: the given "
        "causes are the whole list. It must include other.",
    ),
    click.option(
        "--escalate",
        "escalation",
        multiple=True,
        type=EscalationStep(),
        callback=_steps,
        metavar="PRIORITY/AWAITED/MINUTES=WHO",
        help="Who is told of an issue that waits, such as high/acknowledged/15=planner,admin: roles, or ids of people. "
        "AWAITED is acknowledged or resolved. Repeat it: the given steps are all of them; none for no steps.",
    ),
    click.option(
        "--quiet-hours",
        type=Hours(),
        metavar="HH:MM-HH:MM",
        help="Hours of every day in which nobody is told, except of critical issues, such as 22:00-06:00; or none.",
    ),
    click.option(
        "--minimum-app-version",
        metavar="VERSION",
        callback=lambda _, __, value: None if value == "none" else value,
        help="Apps that say that they are older are refused, such as 1.4.0; or none.",
    ),
    click.option(
        "--old-app/--no-old-app", default=None, help="Whether the mobile app of the old system may be used, under /v0."
    ),
)


def with_settings(command: Command) -> Command:
    """Give a command the option of each setting."""
    for option in reversed(_SETTINGS):
        command = option(command)
    return command
