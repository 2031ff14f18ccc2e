"""Machines and their readings in the table."""
