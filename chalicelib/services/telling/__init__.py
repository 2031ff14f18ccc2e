"""Telling others of events."""
