"""Telling: what others are told of, and how it is written."""
