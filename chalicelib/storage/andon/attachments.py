"""The attachments of issues in the table: one item for each issue that has some."""

from chalicelib.domain.andon.attachments import Attachments
from chalicelib.storage import lookup, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import andon as keys
from chalicelib.storage.table import Check, Put
from chalicelib.storage.writes import Write


def of_issue(tenant: str, issue_id: str) -> Attachments:
    """Read the attachments of an issue, consistently. An issue to which nothing was ever attached has none."""
    return lookup.find(keys.attachments(tenant, issue_id), Attachments) or Attachments(issue_id)


def change(tenant: str, before: Attachments, after: Attachments) -> Write:
    """The write of changed attachments, on the condition that nobody else changed them since.

    If nothing is different, only the condition is checked.
    """
    key, unchanged = keys.attachments(tenant, after.issue_id), table.at_revision(before.version)
    if after == before:
        return Write(checks=(Check(key, unchanged),))
    changed = item(key, "attachments", after, revision=after.version, expires_at=after.expires_at)
    return Write((Put(changed, unchanged),))
