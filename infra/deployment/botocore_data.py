"""Botocore's descriptions of AWS in the zip: only those of the services that Takip's functions call.

Botocore describes every service of AWS. That is more than half of what would ship.
"""

import shutil
from pathlib import Path

# The services, as botocore names them.
SERVICES = frozenset({"dynamodb", "sqs", "ssm"})


def trim(packages: Path) -> None:
    """Delete the descriptions of all other services. Files that belong to no service stay."""
    for service in (packages / "botocore" / "data").iterdir():
        if service.is_dir() and service.name not in SERVICES:
            shutil.rmtree(service)
