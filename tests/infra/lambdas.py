"""Functions of Takip in an empty account, as `chalice deploy` leaves them: small, and never called."""

import io
import zipfile

from infra.aws import Aws

API, INGEST, CLOCK, SENDER = (
    "takip-dev",
    "takip-dev-ingest_readings",
    "takip-dev-compute_aggregates",
    "takip-dev-send_events",
)
FUNCTIONS = (API, INGEST, CLOCK, SENDER)


def make(aws: Aws, *names: str) -> None:
    """Make functions with these names."""
    for name in names:
        aws.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role="arn:aws:iam::000000000000:role/takip",
            Handler="empty.x",
            Code={"ZipFile": zipped("empty.py")},
        )


def zipped(file: str) -> bytes:
    """A zip with an empty file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr(zipfile.ZipInfo(file), "")
    return content.getvalue()


def change(aws: Aws, release: int, *names: str) -> None:
    """Change the newest code of functions, as a deployment does."""
    for name in names:
        aws.client("lambda").update_function_configuration(
            FunctionName=name, Environment={"Variables": {"TAKIP_RELEASE": str(release)}}
        )


def delete(aws: Aws, *names: str) -> None:
    """Delete functions with all their versions."""
    for name in names:
        aws.client("lambda").delete_function(FunctionName=name)
