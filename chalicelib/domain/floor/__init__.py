"""The floor: work on stages and sessions."""
