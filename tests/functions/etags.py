"""What an ETag says."""


def version_in(etag: str) -> int:
    """The version of the order that an ETag of it, or of one of its stages, names."""
    return int(etag.strip('"').partition("-")[0])
