"""The output of the command line: steps with their time, lines to copy, problems."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)

INTERRUPTED = 130  # the exit code after Ctrl-C that shells expect


@contextmanager
def step(sentence: str) -> Iterator[None]:
    """Show a step while it runs and, when it is done, how long it took."""
    began = time.monotonic()
    with console.status(f"{sentence} ..."):
        yield
    console.print(f"[green]✓[/] {sentence} [dim]{time.monotonic() - began:.1f} s[/]")


def say(sentence: str) -> None:
    """Print text; `[bold]` and similar markup is understood."""
    console.print(sentence)


def heading(text: str) -> None:
    """Print a heading."""
    console.print(f"\n[bold]{text}[/]")


def line(text: str) -> None:
    """Print a line as it is, without wrapping, so that people can copy it and programs can read it."""
    console.print(text, soft_wrap=True, markup=False)


def complain(problem: str) -> None:
    """Print on standard error what is wrong and what can be done about it."""
    first, _, rest = problem.partition("\n")
    _errors.print(f"[red]✗[/] [bold]{first.replace('[', chr(92) + '[')}[/]")
    if rest:
        _errors.print(rest, markup=False, soft_wrap=True)
