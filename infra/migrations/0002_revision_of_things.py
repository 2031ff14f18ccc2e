"""Every machine, product and webhook has a revision.

The first releases wrote version 1 of these without a revision. Whoever compares versions had to know both forms.
"""

from chalicelib.domain.schema import Values

KINDS = frozenset({"machine", "product", "webhook"})


def up(item: Values) -> Values:
    """An item without a revision is at version 1."""
    return {"revision": 1, **item}


def down(item: Values) -> Values:
    """The first schema reads an item with a revision too."""
    return item
