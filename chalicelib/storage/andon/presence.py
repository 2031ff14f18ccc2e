"""Who is answering an issue, in the table: one item for each issue, which expires by itself."""

from datetime import datetime

from chalicelib.domain.andon.presence import Presence
from chalicelib.domain.orders.issues import Issue
from chalicelib.storage import lookup, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import andon as keys
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def with_issue(tenant: str, issue_id: str) -> tuple[Issue | None, Presence]:
    """Read an issue and who is answering it, consistently, in one request.

    Raises IssueNotFound if the id cannot be an issue's.
    """
    issue_at, presence_at = keys.issue(tenant, issue_id), keys.presence(tenant, issue_id)
    items = table.batch_get([issue_at, presence_at])
    presence = lookup.among(items, presence_at, Presence) or Presence(issue_id)
    return lookup.among(items, issue_at, Issue), presence


def put(tenant: str, presence: Presence, now: datetime) -> Write:
    """The write of who is there, on the condition that nobody else wrote it since it was read."""
    key, expires_at = keys.presence(tenant, presence.issue_id), presence.expires_at or now
    written = item(key, "presence", presence, revision=presence.revision, expires_at=expires_at)
    return Write((Put(written, table.follows(written)),))
