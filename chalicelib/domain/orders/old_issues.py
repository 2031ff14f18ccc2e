"""Types and statuses of issues in the old system, and Takip's for them."""

from collections.abc import Mapping

from chalicelib.domain.orders.issues import IssueStatus, IssueType
from chalicelib.domain.text import folded, unmarked

TYPES: Mapping[IssueType, tuple[str, ...]] = {
    IssueType.MACHINE_FAILURE: ("machine_breakdown", "machine", "breakdown", "ariza", "makine_arizasi", "makine"),
    IssueType.MATERIAL_SHORTAGE: ("material_shortage", "material", "malzeme", "malzeme_eksigi"),
    IssueType.QUALITY: ("quality", "kalite", "quality_issue"),
    IssueType.TOOLING: ("tooling", "mold", "mould", "tool", "kalip"),
    IssueType.SAFETY: ("safety", "guvenlik", "is_guvenligi"),
    IssueType.OPERATOR: ("operator", "personel"),
    IssueType.OTHER: ("diğer",),
}
"""The words that plants used. The first is what the old app is told."""

STATUSES: Mapping[str, IssueStatus] = {
    "open": IssueStatus.OPEN,
    "acknowledged": IssueStatus.ACK,
    "resolved": IssueStatus.RESOLVED,
}


def _plain(word: str) -> str:
    return unmarked(folded(word)).replace(" ", "_").replace("-", "_")


_BY_WORD = {_plain(word): kind for kind, words in TYPES.items() for word in (kind.value, *words)}


def type_of(word: str) -> IssueType | None:
    """Takip's type for a word, without case, marks and blanks; None if plants called no type so."""
    return _BY_WORD.get(_plain(word))


def described(word: str, description: str | None) -> str:
    """The description of an issue, behind the old word where Takip's type does not say it. It is never empty."""
    kind = type_of(word)
    parts = [part for part in ("" if kind is not None else word, description or "") if part]
    return ": ".join(parts) or word
