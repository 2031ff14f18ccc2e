"""What takip.py runs: one module per verb."""

from infra.cli.commands import main

__all__ = ["main"]
