"""Guards of every test: nothing leaves this machine, and a warning is an error."""

import socket
import warnings

import pytest
from pytest_socket import SocketConnectBlockedError


def test_no_test_reaches_another_machine() -> None:
    with socket.socket() as reaching, pytest.warns(UserWarning, match="192"), pytest.raises(SocketConnectBlockedError):
        reaching.connect(("192.0.2.1", 80))


def test_a_warning_is_an_error() -> None:
    with pytest.raises(DeprecationWarning, match="old"):
        warnings.warn("old", DeprecationWarning, stacklevel=1)
