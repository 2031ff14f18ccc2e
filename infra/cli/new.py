"""`takip.py new`: what a change of Takip begins with."""

import rich_click as click

from infra.cli.console import line, say, step
from infra.entity.make import make, names_in_use
from infra.entity.names import entity as named
from infra.places import PROJECT


@click.group()
def new() -> None:
    """Make what a change of Takip begins with."""


@new.command()
@click.argument("name")
@click.option("--plural", help="Its plural, if it is not the name with an s.")
@click.option("--room", default="planning", show_default=True, help="The room of its subject (docs/architecture.md).")
@click.option("--turkish", help="What it is called in Turkish, as in `kesici takım`; without it, the name.")
def entity(name: str, plural: str | None, room: str, turkish: str | None) -> None:
    """Make an entity NAME (in snake_case, as in `cutting_tool`) through all rooms, with its tests and documents.

    It has an id, a name and a note. People register, list, read and change it and read its history. All tests pass at
    once; its own fields come next. Either everything is made, or nothing.
    """
    made = named(PROJECT, name, plural, room, turkish, names_in_use())
    with step(f"Making {made.words['words']} in the room {room}"):
        created, changed = make(PROJECT, made)
    for title, paths in (("New", created), ("Changed", changed)):
        say(f"{title}:")
        for path in paths:
            line(f"  {path}")
    say("Next:")
    for number, words in enumerate(_next(made.words, turkish), 1):
        line(f"  {number}. {words}")


def _next(words: dict[str, str], turkish: str | None) -> list[str]:
    """What is left to do, in order."""
    steps = [
        "python takip.py check",
        "Add its own fields: docs/changing.md, 'A new entity', says where.",
        f"Choose who may change it: {words['name']}.* in chalicelib/domain/people/permissions.py.",
        "Measure what it costs: a row in tests/e2e/test_costs.py and in docs/data-model.md.",
        "Say it better in CHANGELOG.md, and in docs/ what it is for.",
    ]
    if turkish is None:
        steps.insert(1, f"Say in chalicelib/schemas/turkish what {words['a']} {words['word']} is called in Turkish.")
    return steps
