"""The one error that the tools show to the user."""


class Problem(Exception):
    """An error that the user can fix: what is wrong, and what to do."""
