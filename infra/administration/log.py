"""The log of the administration: a stream beside those of the functions."""

import logging
from contextlib import suppress
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import clock
from infra.aws import Aws
from infra.deployment.chalice import log_group

_STREAM = "administration"
_logger = logging.getLogger(__name__)


class AdministrationLog:
    """The log stream of an environment. If it cannot be written, this is reported once and the work goes on."""

    def __init__(self, aws: Aws, environment: str) -> None:
        self._aws, self._group = aws, log_group(environment)
        self._is_lost = False

    def write(self, line: str) -> None:
        """Add a line in the form in which a function writes it."""
        if self._is_lost:
            return
        event = {"timestamp": int(clock.now().timestamp() * 1000), "message": line}
        try:
            self._client.put_log_events(logGroupName=self._group, logStreamName=_STREAM, logEvents=[event])
        except (BotoCoreError, ClientError) as error:
            self._is_lost = True
            _logger.warning("This could not be written to the log %s: %s", self._group, error)

    @cached_property
    def _client(self) -> Any:
        """The client for CloudWatch Logs. It and the stream are made at the first line."""
        client = self._aws.client("logs")
        with suppress(client.exceptions.ResourceAlreadyExistsException):
            client.create_log_stream(logGroupName=self._group, logStreamName=_STREAM)
        return client
