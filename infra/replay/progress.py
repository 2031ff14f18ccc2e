"""The interface for the progress of a long run."""

from typing import Protocol


class Progress(Protocol):
    """Receives the progress of a run. Several threads may call it."""

    def begin(self, what: str, total: int) -> None:
        """Start the next part of the run, with so many steps."""

    def advance(self, steps: int = 1) -> None:
        """Count so many more steps as done."""
