"""Helpers for tests of exports: the loop of the documentation."""

from tests.floor import Person

MEDIA_TYPE = "text/csv"


def joined(person: Person, path: str) -> str:
    """The pages of an export in CSV, one behind the other. The path has a query already."""
    text, more = "", ""
    while True:
        reply = person.get(f"{path}{more}", Accept=MEDIA_TYPE)
        header = "absent" if more else "present"
        assert (reply.status, reply.headers["Content-Type"]) == (200, f"{MEDIA_TYPE}; charset=utf-8; header={header}")
        text += reply.body or ""
        if "Next-Cursor" not in reply.headers:
            return text
        more = f"&cursor={reply.headers['Next-Cursor']}"
