"""Paths in a clone of the project."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
KEPT = PROJECT / ".takip"  # all files that the tools make; git-ignored, safe to delete
