"""`takip.py admin audit`, `export-person` and `erase-person`: who may come in, and the data of one person."""

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import rich_click as click
from rich.table import Table

from infra.administration import ask
from infra.cli.console import console, line, say
from infra.cli.environments import aws_of, stage_option, tenant_option
from infra.cli.leaving import shown
from infra.problem import Problem

_who = click.argument("who", metavar="PERSON")
_also = click.option(
    "--also", multiple=True, help="Another name that texts call them, such as a first name. Repeatable."
)


@click.command()
@click.option("--tenant", help="Of this tenant alone.")
@stage_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def audit(*, tenant: str | None, stage: str, as_json: bool) -> None:
    """Tell who has which role, who is active, when each was seen last, and all terminals, screens, keys and webhooks.

    A person was seen when one of their devices was used; devices are forgotten 7 days after their last use. A key was
    seen on a day.
    """
    found = list(ask(aws_of(stage), stage, "audit", {"tenant": tenant}))
    if as_json:
        line(json.dumps(found))
        return
    for name, rows in groupby(found, key=lambda row: row["tenant"]):
        table = Table("What", "Name", "Role or place", "Active", "Since", "Last seen", "How", title=name)
        for row in rows:
            active, seen = "yes" if row["active"] else "no", (row["seen"] or "never")[:16]
            how = ", ".join(row["how"])
            table.add_row(row["what"], row["name"], row["role"], active, row["since"][:10], seen, how)
        console.print(table)


@click.command("export-person")
@_who
@_also
@tenant_option
@click.option("--to", "path", type=click.Path(dir_okay=False, path_type=Path), required=True, help="A new file.")
@stage_option
def export_person(who: str, *, also: tuple[str, ...], tenant: str, path: Path, stage: str) -> None:
    """Write everything that names a person into a JSON file, for them. PERSON is a username or an id.

    It holds their account, devices, sessions, reports, commands, and what others wrote with their name. Other people
    are in it by ids alone. It reads the whole table.
    """
    if path.exists():
        raise Problem(f"{path} exists already. Name a new file.")
    given = {"tenant": tenant, "who": who, "also": also, "to": str(path.absolute())}
    *_, told = shown(ask(aws_of(stage), stage, "take person along", given))
    say(f"{told['items']:,} items that name them are in {path}. Give it to nobody else.")


@click.command("erase-person")
@_who
@_also
@tenant_option
@click.option("--dry-run", is_flag=True, help="Only count the items that name them.")
@stage_option
def erase_person(who: str, *, also: tuple[str, ...], tenant: str, dry_run: bool, stage: str) -> None:
    """Erase a person: their name goes everywhere, their work stays under an id. It cannot be undone. Asks first.

    PERSON is a username or an id. Their account is closed, and their username is free for others. Devices, PIN, badge
    and notifications are deleted. Texts that name them, in whole words, name `Silinmiş kişi` and four letters of the id
    instead. What is in photos and documents stays: delete those by hand. docs/leaving.md says more.
    """
    if not dry_run and click.prompt(f"Type {who} to erase them", default="", show_default=False) != who:
        raise Problem("Nobody was erased.")
    given = {"tenant": tenant, "who": who, "also": also, "dry_run": dry_run}
    done = 0

    def count(each: dict[str, Any]) -> dict[str, Any]:
        nonlocal done
        done += each.get("done", 0)
        return each

    *_, told = shown(map(count, ask(aws_of(stage), stage, "erase person", given)))
    if told["was_erased"]:
        say(f"They were erased already: {told['person']}.")
    elif dry_run:
        say(f"{done:,} items name them: {told['person']}.")
    else:
        say(f"They are erased, and {done:,} items were changed or deleted. Their work stays under {told['person']}.")


ABOUT_PEOPLE = (audit, export_person, erase_person)
"""What `takip.py admin` can do beside making people."""
