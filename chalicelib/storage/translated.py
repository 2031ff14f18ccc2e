"""Translated errors: what DynamoDB refuses, in the words of the domain."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from botocore.exceptions import ConnectionError as NotConnected
from botocore.exceptions import HTTPClientError
from pynamodb.exceptions import PynamoDBException, TransactWriteError

from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.sentences import say
from chalicelib.storage.conflicts import Collision, ConditionFailed
from chalicelib.storage.error_codes import AWAY, THROTTLED, code_of
from chalicelib.storage.keys.shape import Key

# Errors without an answer.
UNANSWERED = (HTTPClientError, NotConnected)
RETRY_AFTER_SECONDS = 2


@contextmanager
def in_our_words(keys: Sequence[Key] = ()) -> Iterator[None]:
    """Translate DynamoDB's errors to the domain's. Errors that are bugs of Takip pass through."""
    try:
        yield
    except PynamoDBException as error:
        reasons = error.cancellation_reasons if isinstance(error, TransactWriteError) else []
        codes = {reason.code for reason in reasons if reason is not None}
        failed = [key for key, reason in zip(keys, reasons, strict=False) if reason and "Conditional" in reason.code]
        if failed:
            raise ConditionFailed(failed) from None
        code = code_of(error)
        if code == "ConditionalCheckFailedException":
            raise ConditionFailed(keys) from None
        if "TransactionConflict" in codes or code == "TransactionConflictException":
            raise Collision from None
        unanswered = isinstance(error.cause, UNANSWERED)
        if unanswered or code in AWAY or codes & THROTTLED:
            raise away() from error
        raise


def away() -> StorageUnavailable:
    """The error for a table that cannot be reached, or that throttles requests."""
    return StorageUnavailable(say("Try again in a moment."), retry_after=RETRY_AFTER_SECONDS)
