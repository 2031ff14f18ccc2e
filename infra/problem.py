"""The one error that the tools show to a person."""


class Problem(Exception):
    """Something the person at the keyboard can do something about: what is wrong, and what to do."""
