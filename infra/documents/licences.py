"""The licences of everything that ships."""

from infra.supply.shipped import libraries


def licences_table() -> str:
    """A row for each library that ships."""
    rows = [f"| {each.name} | {each.version} | {each.registry} | {each.licence} |" for each in libraries()]
    return "\n".join(["| library | version | registry | licence |", "|---|---|---|---|", *rows]) + "\n"
