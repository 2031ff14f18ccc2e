"""Restoring the table: as it was before, beside the one that serves, and switching to it like to a release."""
