"""Boards: the state that a screen on the wall shows, and the screens."""
