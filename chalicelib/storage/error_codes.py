"""The codes of DynamoDB's errors, and what they mean."""

from pynamodb.exceptions import PynamoDBException

THROTTLED = frozenset({"ThrottlingError", "ProvisionedThroughputExceeded"})
"""Codes of a transaction's items."""
BUSY = frozenset({"ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"})
AWAY = BUSY | {
    "InternalServerError",
    "ResourceNotFoundException",
    "ServiceUnavailable",
    "TransactionInProgressException",
}


def code_of(error: PynamoDBException) -> str | None:
    """DynamoDB's error code; None if it did not answer."""
    answer = getattr(error.cause, "response", None) or {}
    code: str | None = answer.get("Error", {}).get("Code")
    return code
