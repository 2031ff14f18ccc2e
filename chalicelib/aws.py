"""Clients of AWS, on one session of botocore. boto3 is not needed for them, and takes time at every cold start."""

from typing import Any

from botocore.config import Config
from botocore.session import Session, get_session

from chalicelib import remembered

# The gateway gives up after 29 s: every call to AWS must have succeeded or failed well before that.
_PATIENCE = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 3, "mode": "standard"})

_OF_ONE = {
    # Its forms and links otherwise have an older kind of signature in some regions, and the address of no region, which
    # answers for a new bucket with a redirection.
    "s3": Config(signature_version="s3v4", s3={"addressing_style": "virtual"}),
    # A function that is called may start first. What it did is not done again because its answer did not come.
    "lambda": Config(read_timeout=29, retries={"total_max_attempts": 1, "mode": "standard"}),
}


@remembered.cached
def session() -> Session:
    """The one session. It reads botocore's files and the credentials once."""
    return get_session()


def client(service: str) -> Any:
    """A client of a service, for example "sqs". `infra/deployment/botocore_data.py` must name what it calls."""
    return session().create_client(service, config=_PATIENCE.merge(_OF_ONE.get(service, Config())))
