"""`takip.py tenant`: the tenants and their settings."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

import rich_click as click
from click.core import ParameterSource
from rich.table import Table

from chalicelib.domain.errors import FieldError
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, TenantSettings, problems
from chalicelib.domain.tenants import unnamable
from infra.administration import ask
from infra.administration.tenant_settings import packed, unpacked
from infra.cli.console import console, line, say
from infra.cli.environments import aws_of, stage_option
from infra.cli.tenant_options import with_settings
from infra.local import ENVIRONMENT
from infra.problem import Problem


@click.group()
def tenant() -> None:
    """Tenants, one company each: create them, and change their settings.

    A span of time is written like 90m, 12h, 30d or 1d12h.
    """


@tenant.command()
@click.argument("tenant_id", metavar="ID")
@with_settings
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
@with_settings
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


@tenant.command(name="old-app")
@click.argument("tenant_id", metavar="ID")
@click.option("--days", type=click.IntRange(1, 60), default=14, show_default=True, help="So many local days.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@stage_option
def old_app(tenant_id: str, stage: str, days: int, *, as_json: bool) -> None:
    """Show how many people still use the mobile app of the old system, day by day.

    Once nobody does, switch it off: tenant set ID --no-old-app.
    """
    counted = list(ask(aws_of(stage), stage, "count old app", {"id": tenant_id, "days": days}))
    if as_json:
        line(json.dumps(counted))
        return
    table = Table("Day", "People", title=f"People with the old app in {tenant_id} on {stage}", title_justify="left")
    for each in counted:
        table.add_row(each["day"], str(each["people"]))
    console.print(table)


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
        shown = f"{row['id']} (closed)" if row["closed_at"] else row["id"]
        for index, (name, option) in enumerate(_options().items()):
            value = row["settings"][name]
            table.add_row("" if index else shown, option.removeprefix("--"), _shown(name, value))
        table.add_section()
    console.print(table)


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, unpacked({name: value})[name])) or "none"
    if isinstance(value, dict):
        return str(unpacked({name: value})[name])
    return value or "none"
