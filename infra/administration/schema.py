"""Migrating the stored items of an environment, and telling how far it is."""

import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from chalicelib.domain.instants import wire
from chalicelib.domain.schema import OLDEST_READ, WRITTEN, Run
from chalicelib.services import migrating
from infra.migrations import migrations, next_of


def note_first(_: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Note that an empty table has the schema of this release."""
    migrating.note_first()
    yield from told({})


def told(_: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the table holds, what this release knows, what is to be run, what was begun, and what has run."""
    state = migrating.state()
    yield {
        "table": [state.lowest, state.highest],
        "release": [OLDEST_READ, WRITTEN],
        "is_known": state.is_known(),
        "to_run": [{"number": each.number, "name": each.name} for each in next_of(min(state.lowest, WRITTEN), "up")],
        "run": _run(state.run) if state.run else None,
        "history": [_run(each) for each in state.history],
    }


def move(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Run the migrations of a `direction` in the name of `by`: an answer for each step.

    `rate` is the largest number of items written a second. With `dry_run` nothing is written, and `written` counts
    what would be.
    """
    state, direction = migrating.state(), given["direction"]
    standing = [each for each in migrations() if state.run and each.number == state.run.number]
    for migration in standing or next_of(state.lowest if direction == "up" else state.highest, direction):
        yield {"part": f"{migration.number:04} {direction}: {migration.name}"}
        if given["dry_run"]:
            steps = migrating.counted(migration, direction)
        else:
            steps = migrating.migrate(migration, direction, given["by"])
        began, written = time.monotonic(), 0
        for step in steps:
            yield asdict(step)
            written += step.written
            if not given["dry_run"]:
                time.sleep(max(0.0, written / given["rate"] - (time.monotonic() - began)))


def _run(run: Run) -> dict[str, Any]:
    return {
        **{name: getattr(run, name) for name in ("number", "name", "direction", "by", "seen", "written", "left")},
        "began": wire(run.began),
        "ended": run.ended and wire(run.ended),
    }
