"""Sends real factory data through Takip's public doors and compares what Takip makes of it with checked answers."""
