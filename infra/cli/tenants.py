"""`takip.py tenant`: the tenants and their settings."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import rich_click as click
from click.core import ParameterSource
from rich.table import Table

from chalicelib.domain.errors import FieldError
from chalicelib.domain.tenants import DEFAULT_SETTINGS, IssueCause, TenantSettings, problems, unnamable
from infra import spans
from infra.administration import ask
from infra.administration.tenant_settings import packed
from infra.cli.console import console, line, say
from infra.cli.environments import aws_of, stage_option
from infra.local import ENVIRONMENT
from infra.problem import Problem

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
    click.option("--late-window", type=Span(), help="How long an hour or a day accepts late data."),
    click.option("--forgotten-after", type=Span(), help="A session open for longer is shown as forgotten."),
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
        "--issue-cause",
        "issue_causes",
        multiple=True,
        type=Cause(),
        metavar="CODE=TR/EN",
        help="A cause of issues with its labels in Turkish and English, such as wear=Aşınma/Wear. Repeat it: the given "
        "causes are the whole list. It must include other.",
    ),
)


def _with_settings(command: Command) -> Command:
    for option in reversed(_SETTINGS):
        command = option(command)
    return command


@click.group()
def tenant() -> None:
    """Tenants, one company each: create them, and change their settings.

    A span of time is written like 90m, 12h, 30d or 1d12h.
    """


@tenant.command()
@click.argument("tenant_id", metavar="ID")
@_with_settings
@stage_option
@click.pass_context
def create(context: click.RichContext, /, tenant_id: str, stage: str, **_: Any) -> None:
    """Create a tenant. Settings that are not given have their defaults.

    ID consists of a-z, 0-9, _ and -, and can never be changed.
    """
    settings = _given(context)
    _refuse([*unnamable(tenant_id), *problems(replace(DEFAULT_SETTINGS, **settings))])
    given = {"id": tenant_id, "settings": packed(settings)}
    _show(ask(aws_of(stage), stage, "create tenant", given), f"New on {stage}")
    where = "" if stage == ENVIRONMENT else f" --stage {stage}"
    say("Make its first admin now:")
    line(f"  python takip.py admin create --tenant {tenant_id} --username NAME{where}")


@tenant.command(name="set")
@click.argument("tenant_id", metavar="ID")
@_with_settings
@stage_option
@click.pass_context
def change(context: click.RichContext, /, tenant_id: str, stage: str, **_: Any) -> None:
    """Change the given settings and no others. They take effect everywhere within a minute.

    Numbers that were computed before stay the same until their data changes. What is late now is counted again when
    --grace is given.
    """
    settings = _given(context)
    if not settings:
        raise click.UsageError("Name a setting to change, such as --grace 10m.")
    _refuse(problems(replace(DEFAULT_SETTINGS, **settings)))
    given = {"id": tenant_id, "settings": packed(settings)}
    _show(ask(aws_of(stage), stage, "change tenant", given), f"Now on {stage}, within a minute")


@tenant.command(name="list")
@stage_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_tenants(stage: str, *, as_json: bool) -> None:
    """List the tenants and their settings."""
    tenants = ask(aws_of(stage), stage, "list tenants", {})
    if as_json:
        line(json.dumps(list(tenants)))
    else:
        _show(tenants, f"Tenants of {stage}")


def _options() -> dict[str, str]:
    """The option of each setting on the command line."""
    spelt = {parameter.name: parameter.opts[0] for parameter in create.params}
    return {field.name: spelt[field.name] for field in fields(TenantSettings)}


def _given(context: click.RichContext) -> dict[str, Any]:
    """The settings that the command line gives, including those given as `none`."""
    return {
        name: context.params[name]
        for name in _options()
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }


def _refuse(wrong: Sequence[FieldError]) -> None:
    """Raise Problem with all field errors, each under its option."""
    if wrong:
        told = [f"{_options().get(error.field, 'ID')} {error.message}." for error in wrong]
        raise Problem("\n".join(["The tenant cannot be like this:", *told]))


def _show(tenants: Iterable[dict[str, Any]], title: str) -> None:
    """Print tenants as a table, one row per setting, under the name of its option."""
    table = Table("Tenant", "Setting", "Value", title=title, title_justify="left")
    for row in tenants:
        for index, (name, option) in enumerate(_options().items()):
            value = row["settings"][name]
            table.add_row("" if index else row["id"], option.removeprefix("--"), _shown(value))
        table.add_section()
    console.print(table)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(IssueCause(**each)) if isinstance(each, dict) else each for each in value)
    return value or "none"
