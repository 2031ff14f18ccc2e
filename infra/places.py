"""Where things lie in a clone of the project."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
KEPT = PROJECT / ".takip"  # everything the tools make; git-ignored, safe to delete
