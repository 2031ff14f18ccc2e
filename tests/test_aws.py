"""Clients of AWS: one session, and answers in time."""

import pytest

from chalicelib import aws, remembered


@pytest.mark.usefixtures("environment")
def test_clients_share_a_session_and_give_up_before_the_gateway_does() -> None:
    queues, parameters = aws.client("sqs"), aws.client("ssm")

    assert queues._loader is parameters._loader
    assert queues._request_signer._credentials is parameters._request_signer._credentials
    for config in (queues.meta.config, parameters.meta.config):
        assert config.retries["total_max_attempts"] * (config.connect_timeout + config.read_timeout) < 29


@pytest.mark.usefixtures("environment")
def test_a_new_process_makes_a_new_session(monkeypatch: pytest.MonkeyPatch) -> None:
    first = aws.session()
    assert aws.session() is first
    remembered.forget_everything()
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    assert aws.client("sqs").meta.region_name == "eu-west-1"
