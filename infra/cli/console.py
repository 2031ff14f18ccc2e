"""How the command line speaks: steps with their time, lines to copy, problems."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)

INTERRUPTED = 130  # what a shell expects after Ctrl-C


@contextmanager
def step(sentence: str) -> Iterator[None]:
    """Show what is being done, and afterwards that it is done and how long it took."""
    began = time.monotonic()
    with console.status(f"{sentence} ..."):
        yield
    console.print(f"[green]✓[/] {sentence} [dim]{time.monotonic() - began:.1f} s[/]")


def say(sentence: str) -> None:
    """Say something; `[bold]` and the like are understood."""
    console.print(sentence)


def heading(text: str) -> None:
    """Begin a part."""
    console.print(f"\n[bold]{text}[/]")


def line(text: str) -> None:
    """Print a line as it is, unwrapped, so that it can be copied or read by a program."""
    console.print(text, soft_wrap=True, markup=False)


def complain(problem: str) -> None:
    """Say what is wrong and what can be done about it, on standard error."""
    first, _, rest = problem.partition("\n")
    _errors.print(f"[red]✗[/] [bold]{first.replace('[', chr(92) + '[')}[/]")
    if rest:
        _errors.print(rest, markup=False, soft_wrap=True)
