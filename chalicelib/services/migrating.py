"""Migrating: every item of some kinds in the next schema, or back, while people go on working.

The table is read in segments, a page of each at a time. Where each segment is, is kept in the table, so a run that was
interrupted goes on there. An item is written only if it still is what was read. If somebody changed it meanwhile, it is
left to the next pass, which `migrate` makes until nothing is left, or until it has made `MOST_PASSES`.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from chalicelib import clock
from chalicelib.domain.schema import WRITTEN, Direction, Migration, Run, TableSchema, begun, ended
from chalicelib.storage import schema

MOST_PASSES = 3


@dataclass(frozen=True)
class Step:
    """What a step of a pass did: items it looked at, wrote, and left to the next pass."""

    seen: int = 0
    written: int = 0
    left: int = 0


def state() -> TableSchema:
    """The schema of the table. A table that has none noted is of the first."""
    return schema.find() or TableSchema()


def note_first() -> None:
    """Note that an empty table has the schema in which this release writes."""
    if schema.find() is None and schema.is_empty():
        schema.put(TableSchema(WRITTEN, WRITTEN, revision=1))


def counted(migration: Migration, direction: Direction) -> Iterator[Step]:
    """Look at the whole table and write nothing: `written` counts the items that would be."""
    for page in schema.pages():
        yield Step(len(page.items), sum(migration.moved(item, direction) is not None for item in page.items))


def migrate(migration: Migration, direction: Direction, by: str) -> Iterator[Step]:
    """Move the whole table, a step at a time. A run that was interrupted goes on.

    Raises OtherMigrationRuns. The last pass looks at the whole table too: what it leaves, it has told in its steps.
    """
    before = state()
    standing = _noted(begun(before, migration, direction, by, clock.now()))
    if before.run is None:
        standing = _with_places(standing)
    for passes in range(MOST_PASSES):
        if passes:
            standing = _with_places(standing)
        while _run(standing).places:
            step, standing = _stepped(migration, standing)
            yield step
        if not _run(standing).left:
            break
    _noted(ended(standing, _run(standing), clock.now()))


def _run(standing: TableSchema) -> Run:
    assert standing.run  # noqa: S101  it was begun, and only `ended` takes it away
    return standing.run


def _with_places(standing: TableSchema) -> TableSchema:
    """At the beginning of each segment, for another pass."""
    places: dict[str, dict[str, str]] = {str(number): {} for number in range(schema.SEGMENTS)}
    return _noted(replace(standing, run=replace(_run(standing), places=places, left=0)))


def _stepped(migration: Migration, standing: TableSchema) -> tuple[Step, TableSchema]:
    """Move a page of each segment that has not ended, and note how far it is."""
    run = _run(standing)
    with ThreadPoolExecutor(schema.SEGMENTS) as threads:
        done = list(threads.map(lambda at: _moved(migration, run, *at), run.places.items()))
    step = Step(
        *(sum(counts) for counts in zip(*((each.seen, each.written, each.left) for each, _ in done), strict=True))
    )
    places = {number: place for number, (_, place) in zip(run.places, done, strict=True) if place}
    after = replace(
        run,
        places=places,
        seen=run.seen + step.seen,
        written=run.written + step.written,
        left=run.left + step.left,
    )
    return step, _noted(replace(standing, run=after))


def _moved(migration: Migration, run: Run, number: str, place: dict[str, str]) -> tuple[Step, dict[str, str]]:
    """Move a page of a segment. Returns what was done, and the place behind it."""
    page = schema.segment(int(number), place)
    tried = [
        schema.rewrite(item, after)
        for item in page.items
        if (after := migration.moved(item, run.direction)) is not None
    ]
    return Step(len(page.items), tried.count(True), tried.count(False)), dict(page.place)


def _noted(standing: TableSchema) -> TableSchema:
    """The state, written."""
    after = replace(standing, revision=standing.revision + 1)
    schema.put(after)
    return after
