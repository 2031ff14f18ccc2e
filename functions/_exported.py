"""Exports over HTTP: rows as CSV (RFC 4180) or as NDJSON, as the request's Accept asks, page after page.

The pages of an export can be put one behind the other: only the first has the line with the names of the columns.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from chalice.app import Request as HttpRequest

from chalicelib.domain.errors import BadParameter
from chalicelib.domain.sentences import say
from chalicelib.schemas.base import Out
from chalicelib.schemas.exports import ListExport, Separator
from functions._request import parameters
from functions._response import NotOffered

CSV, NDJSON = "text/csv", "application/x-ndjson"
OFFERED = (CSV, NDJSON)
BOM = "\ufeff"
# A spreadsheet takes a text that begins with one of these for a formula; some also take the full-width forms.
FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20"
# Where a cell can begin: with the text, and at what a program that splits by other separators takes for an end. There a
# quotation mark may come first: it stands twice in the file, and such a program takes that for an empty quoted text.
DANGEROUS = {
    between: re.compile(rf"\A(?=[{FORMULA}\t\r\n])|(?<=[{others}\t\r\n])(?=\"*[{FORMULA}])")
    for between, others in ((",", ";"), (";", ";,"))
}
QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


@dataclass(frozen=True)
class Form:
    """The form of a page: its media type, whether it is the first one, whether it begins with a BOM, and the separator.

    Where a semicolon is between the cells, numbers have a decimal comma, as Excel reads them with Turkish settings.
    """

    media_type: str
    first: bool
    bom: bool
    separator: str

    @property
    def content_type(self) -> str:
        """The value of Content-Type."""
        if self.media_type == NDJSON:
            return NDJSON
        return f"{CSV}; charset=utf-8; header={'present' if self.first else 'absent'}"

    def written(self, shape: type[Out], rows: Iterable[Mapping[str, Any]]) -> str:
        """The rows as text. A byte order mark and the names of the columns are in the first page only."""
        if self.media_type == NDJSON:
            return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self.separator, lineterminator="\r\n")
        columns = list(shape.model_fields)
        if self.first:
            text.write(BOM if self.bom else "")
            writer.writerow(columns)
        writer.writerows([_cell(row[column], self.separator) for column in columns] for row in rows)
        return text.getvalue()


def form_of(request: HttpRequest, asked: ListExport) -> Form:
    """The form that a request asks for. Raises NotOffered, BadParameter."""
    media_type = _chosen(str(request.headers.get("accept") or "*/*"))
    if asked.bom and media_type != CSV:
        raise BadParameter(say("bom is for {media_type}; JSON has none.", media_type=CSV))
    if asked.separator and media_type != CSV:
        raise BadParameter(say("separator is for {media_type}; JSON has none.", media_type=CSV))
    separator = ";" if asked.separator is Separator.SEMICOLON else ","
    return Form(media_type, first=asked.cursor is None, bom=asked.bom, separator=separator)


def following(request: HttpRequest, cursor: str | None) -> dict[str, str]:
    """The headers that lead to the next page; none if this is the last one."""
    if cursor is None:
        return {}
    given = {name: values[-1] for name, values in parameters(request).items()}
    query = urlencode(given | {"cursor": cursor})
    return {"Next-Cursor": cursor, "Link": f'<?{query}>; rel="next"'}


def _chosen(accept: str) -> str:
    """The offered media type that the client likes best; CSV if it likes both as well. Raises NotOffered."""
    liked = {offered: max(_liking(accept, offered), default=(0, 0.0))[1] for offered in OFFERED}
    best = max(OFFERED, key=lambda offered: liked[offered])
    if not liked[best]:
        raise NotOffered(say("Send the header Accept with one of {offered}.", offered=list(OFFERED)))
    return best


def _liking(accept: str, offered: str) -> Iterator[tuple[int, float]]:
    """How precisely each range of Accept names a media type, and how much it is liked (q), from 0 to 1."""
    precisions = {"*/*": 1, f"{offered.partition('/')[0]}/*": 2, offered: 3}
    for each in accept.lower().split(","):
        media_range, *parameters = (part.strip() for part in each.split(";"))
        if media_range in precisions:
            named = dict(parameter.split("=", 1) for parameter in parameters if "=" in parameter)
            quality = QUALITY.fullmatch(named.get("q", "1"))
            yield precisions[media_range], float(quality[0]) if quality else 1.0


def _cell(value: Any, separator: str) -> Any:
    """A value in a cell. Nothing is an empty cell; a list or an object is a text with spaces between its parts.

    A table keeps the names of an object in no order, so they are sorted.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return _safe(" ".join(map(str, value)), separator)
    if isinstance(value, dict):
        parts = (f"{name}={_cell(each, separator)}" for name, each in sorted(value.items()))
        return _safe(" ".join(parts), separator)
    if isinstance(value, str):
        return _safe(value, separator)
    return value if value is None or separator == "," else str(value).replace(".", ",")


def _safe(text: str, separator: str) -> str:
    """A text that no spreadsheet takes for a formula, also if it splits at another separator. Numbers are no texts."""
    return DANGEROUS[separator].sub("'", text)
