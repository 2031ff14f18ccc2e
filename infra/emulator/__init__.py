"""The embedded AWS for a laptop and for tests: MiniStack in an environment of its own."""
