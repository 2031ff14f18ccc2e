"""Replay: sends real factory data through Takip's public API and compares its numbers with checked answers."""
