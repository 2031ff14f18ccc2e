"""Boards in the table."""
