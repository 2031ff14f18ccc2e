"""The files of a tenant in the bucket: listed, copied to a folder, and deleted with all their versions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chalicelib import aws, settings

KINDS = ("copies", "uploads", "thumbnails")
TAKEN = KINDS[:2]
"""Thumbnails are made of copies, so nobody takes them along."""

ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf"}


class TenantFiles:
    """The files of one tenant. Their keys begin with the kind of content and the tenant."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._client = aws.client("s3")
        account = aws.client("sts").get_caller_identity()["Account"]
        self._bucket = f"{settings.current().files_bucket}-{account}"

    def keys(self) -> list[str]:
        """The keys of what people uploaded."""
        pages = self._client.get_paginator("list_objects_v2")
        return [
            each["Key"]
            for kind in TAKEN
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix(kind))
            for each in page.get("Contents", ())
        ]

    def copy(self, key: str, folder: Path) -> Path:
        """Copy a file into a folder, as `ISSUE/ATTACHMENT.jpg`. One that is there in full is left as it is."""
        kind, _, issue, name = key.split("/")
        head = self._client.head_object(Bucket=self._bucket, Key=key)
        beside = folder if kind == TAKEN[0] else folder / "as uploaded"
        path = beside / issue / f"{name}{ENDINGS.get(head['ContentType'], '')}"
        if not path.exists() or path.stat().st_size != head["ContentLength"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read())
        return path

    def delete(self) -> Iterator[int]:
        """Delete all files with all their versions: how many, request by request."""
        pages = self._client.get_paginator("list_object_versions")
        for kind in KINDS:
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix(kind)):
                gone = [_named(each) for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))]
                if gone:
                    self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": gone, "Quiet": True})
                    yield len(gone)

    def _prefix(self, kind: str) -> str:
        return f"{kind}/{self._tenant}/"


def _named(version: dict[str, Any]) -> dict[str, str]:
    return {"Key": version["Key"], "VersionId": version["VersionId"]}
