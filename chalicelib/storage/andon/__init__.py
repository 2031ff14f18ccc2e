"""Storage of what belongs to issues: their attachments."""
