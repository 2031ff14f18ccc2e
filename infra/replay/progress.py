"""What a long run tells the person who waits for it."""

from typing import Protocol


class Progress(Protocol):
    """Somebody to tell what is being done and how far it is; may be told from several threads."""

    def begin(self, what: str, total: int) -> None:
        """Start the next part of the run, of so many steps."""

    def advance(self, steps: int = 1) -> None:
        """Say that so many more steps are done."""
