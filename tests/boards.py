"""Screens for tests: their keys, and what they are shown."""

from tests.floor import Plant, Reply


def look(floor: Plant, key: str, query: str = "", **headers: str) -> Reply:
    """Read the board as a screen does."""
    return floor.stranger.get(f"/board{query}", X_Screen_Key=key, **headers)


def set_up(floor: Plant, line: str | None = None) -> str:
    """Set up a screen, and give its key."""
    key: str = floor.planner.post("/screens", {"name": "Hall A", "line": line}).data["key"]
    return key


def wrong(key: str) -> str:
    """The same key with another secret."""
    return key[:-1] + ("A" if key[-1] != "A" else "B")
