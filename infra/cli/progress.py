"""Progress bars of a long run."""

from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from infra.cli.console import console


class ShownProgress:
    """One bar for each part of the run."""

    def __init__(self, *, shown: bool = True) -> None:
        columns = TextColumn("{task.description:28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        self._bars = Bars(*columns, console=console, disable=not shown)
        self._current: TaskID | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def begin(self, what: str, total: int | None) -> None:
        """Show a new bar below the last one. Without a total it shows only how much is done."""
        self._current = self._bars.add_task(what, total=total)

    def advance(self, steps: int = 1) -> None:
        """Move the last bar."""
        if self._current is not None:
            self._bars.advance(self._current, steps)
