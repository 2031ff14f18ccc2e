"""`takip.py quarantine`: messages of machines that cannot be used, of a tenant or of none."""

import json
from collections.abc import Callable
from typing import Any

import rich_click as click

from chalicelib.domain.instants import NotAnInstant, parse
from infra.administration import ask
from infra.aws import Aws
from infra.cli.console import INTERRUPTED, line, say
from infra.cli.environments import aws_of, stage_option, tenant_option
from infra.cli.progress import ShownProgress

MOST = 100
MOST_AT_ONCE = 100_000
CHARACTERS_SHOWN = 200

Verb = Callable[..., None]


def _instant(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    """Refuse what is not an instant before anything is asked."""
    try:
        parse(given or "2026-01-01T00:00:00Z")
    except NotAnInstant as wrong:
        raise click.BadParameter(wrong.message) from None
    return given


def _choosing(verb: Verb) -> Verb:
    """The options that choose messages."""
    for option in (
        tenant_option,
        click.option("--strays", is_flag=True, help="Messages that belong to no tenant, instead of a tenant's."),
        click.option("--machine", "machine_id", help="Only of this machine."),
        click.option("--code", help="Only with a reason of this code, such as unknown_machine."),
        click.option("--from", "since", callback=_instant, help="Only sent at or after this instant (RFC 3339)."),
        click.option("--to", "until", callback=_instant, help="Only sent before this instant (RFC 3339)."),
        stage_option,
    ):
        verb = option(verb)
    return verb


def _limit(usual: int) -> Callable[[Verb], Verb]:
    return click.option(
        "--limit",
        type=click.IntRange(1, MOST_AT_ONCE),
        default=usual,
        show_default=True,
        help="How many messages at most, the newest first.",
    )


_dry_run = click.option("--dry-run", is_flag=True, help="Only say what would be done.")


@click.group(invoke_without_command=True)
@click.option("--limit", type=click.IntRange(1, MOST), default=20, show_default=True, help="How many messages to show.")
@stage_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def quarantine(context: click.Context, /, limit: int, stage: str, *, as_json: bool) -> None:
    """Show the newest machine messages that belong to no tenant, and markers that cannot be read.

    A message names no tenant that is there where its tenant is mistyped: set up the sender anew, and send it again; or
    create the tenant, and take it in with `quarantine replay --strays`.
    """
    if context.invoked_subcommand is not None:
        return
    found = list(ask(aws_of(stage), stage, "list quarantine", {"limit": limit}))
    if as_json:
        line(json.dumps(found))
    elif found:
        for each in found:
            _show(each)
    else:
        say(f"Nothing waits on {stage}.")


@quarantine.command(name="list")
@_choosing
@_limit(20)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_messages(stage: str, *, as_json: bool, **chosen: Any) -> None:
    """List messages, newest first: when each was sent, why it waits, and how it begins."""
    found = list(ask(aws_of(stage), stage, "find quarantine", _given(**chosen)))
    if as_json:
        line(json.dumps(found))
    for each in [] if as_json else found:
        line(each["id"])
        _show(each)


@quarantine.command()
@click.argument("message_id", metavar="ID")
@tenant_option
@click.option("--strays", is_flag=True, help="A message that belongs to no tenant.")
@stage_option
def show(message_id: str, tenant: str, stage: str, *, strays: bool) -> None:
    """Show a message with its first reasons and its original, as JSON."""
    given = {"tenant": None if strays else tenant, "id": message_id}
    for each in ask(aws_of(stage), stage, "show quarantine", given):
        line(json.dumps(each, indent=1, ensure_ascii=False))


@quarantine.command()
@click.argument("message_id", metavar="[ID]", required=False)
@_choosing
@_limit(1_000)
@_dry_run
def replay(message_id: str | None, stage: str, **chosen: Any) -> None:
    """Judge the message ID again, or all chosen ones, and take in what can be used now.

    Repair the cause first: register the machine, widen a range, map a tag. What is still wrong stays, with its reasons
    of now. It may be repeated.
    """
    answers = _said(aws_of(stage), stage, "replay quarantine", _given(message_id, **chosen))
    done = [each for each in answers if "taken_in" in each]
    taken = sum(each["taken_in"] for each in done)
    say(f"{taken:,} {'can be' if chosen['dry_run'] else 'were'} taken in, {len(done) - taken:,} are still wrong.")
    for each in [each for each in done if not each["taken_in"]][:MOST]:
        line(f"{each['id']}: {each['reasons'][0]['field']} {each['reasons'][0]['message']}")


@quarantine.command()
@click.argument("message_id", metavar="[ID]", required=False)
@_choosing
@_limit(1_000)
@_dry_run
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(message_id: str | None, stage: str, *, yes: bool, **chosen: Any) -> None:
    """Delete the message ID, or all chosen ones, for ever."""
    if not (yes or chosen["dry_run"]):
        click.confirm("Their readings are lost then. Delete them?", abort=True)
    answers = _said(aws_of(stage), stage, "delete quarantine", _given(message_id, **chosen))
    total, gone = answers[0]["total"], sum(each["gone"] for each in answers[1:])
    say(f"{total:,} would be deleted." if chosen["dry_run"] else f"{gone:,} were deleted.")


def _said(aws: Aws, stage: str, verb: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    """What the verb answers, with a bar of how far it is."""
    answers: list[dict[str, Any]] = []
    try:
        with ShownProgress() as progress:
            for each in ask(aws, stage, verb, given):
                answers.append(each)
                if "total" in each:
                    progress.begin("Messages", each["total"])
                else:
                    progress.advance(each.get("gone", 1))
    except KeyboardInterrupt:
        say("\nStopped. The same command goes on with the rest.")
        raise SystemExit(INTERRUPTED) from None
    return answers


def _given(message_id: str | None = None, *, tenant: str, strays: bool, **chosen: Any) -> dict[str, Any]:
    return {"tenant": None if strays else tenant, "id": message_id, **chosen}


def _show(each: dict[str, Any]) -> None:
    """Show what waits: when it was sent, why it waits, and how it begins."""
    if each.get("what") == "marker":
        line(f"marker {each['id']}: {each['reason']}")
        return
    line(f"message of {each['sent_at']}, {each['size_bytes']} bytes")
    for reason in each["reasons"]:
        line(f"  {reason['field']} {reason['message']}")
    line(f"  {each['original'][:CHARACTERS_SHOWN]}")
