"""What is exported: which rows of which days, in which form, and from where."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

MEDIA_TYPES = {"csv": "text/csv", "ndjson": "application/x-ndjson"}
COMMA, SEMICOLON = "comma", "semicolon"
SEPARATORS = {COMMA: ",", SEMICOLON: ";"}
WHAT = ("daily", "orders", "stages", "sessions", "issues")
GROUPS = ("product", "customer", "stage", "worker", "machine", "line", "shift")
ROWS_A_PAGE = 400


@dataclass(frozen=True)
class Asked:
    """An export: what, from the first to the last local day, the form, and from whose Takip."""

    url: str
    tenant: str
    what: str
    first: str
    last: str
    form: str
    bom: bool
    separator: str = COMMA
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The path of the endpoint."""
        return f"/exports/{self.what}"

    @property
    def media_type(self) -> str:
        """The media type of the rows."""
        return MEDIA_TYPES[self.form]

    def parameters(self, cursor: str | None) -> dict[str, str]:
        """The query of a page."""
        given = {"from": self.first, "to": self.last, "limit": str(ROWS_A_PAGE), **self.filters}
        given |= {"bom": "1"} if self.bom else {}
        given |= {} if self.separator == COMMA else {"separator": self.separator}
        return given | ({"cursor": cursor} if cursor else {})

    def rows_in(self, page: bytes, *, first: bool) -> int:
        """How many rows a page has. The names of the columns in the first page of CSV are no row."""
        text = page.decode()
        if self.form == "ndjson":
            return text.count("\n")
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=SEPARATORS[self.separator])
        return sum(1 for _ in lines) - first
