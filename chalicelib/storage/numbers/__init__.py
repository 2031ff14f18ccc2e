"""Aggregates in the table."""
