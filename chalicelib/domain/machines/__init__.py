"""Machines and their readings."""
