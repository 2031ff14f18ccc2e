"""The command line of takip.py: one module per verb."""

from infra.cli.commands import main

__all__ = ["main"]
