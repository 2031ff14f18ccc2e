"""The floor: work on stages, sessions and issues."""
