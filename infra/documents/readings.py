"""The table of the types of readings."""

from chalicelib.domain.machines.readings import TYPES


def types_table() -> str:
    """Every type of reading: its unit, and its plausible range unless the machine has another."""
    lines = ["| type | unit | values |", "|---|---|---|"]
    for name, kind in TYPES.items():
        values = ", ".join(kind.words) or f"{kind.low:,.15g} to {kind.high:,.15g}"
        lines.append(f"| `{name}` | {kind.unit or '–'} | {values} |")
    return "\n".join(lines) + "\n"
