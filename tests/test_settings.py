"""Settings: missing and wrong variables are named."""

import pytest

from chalicelib import remembered, settings
from chalicelib.settings import BadSettings


@pytest.mark.usefixtures("environment")
def test_every_variable_that_is_missing_or_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAKIP_TABLE")
    monkeypatch.setenv("TAKIP_ENVIRONMENT", "staging")
    monkeypatch.setenv("TAKIP_TOKEN_MINUTES", "0")

    with pytest.raises(BadSettings, match=r"TAKIP_ENVIRONMENT: .*; TAKIP_TABLE: .*; TAKIP_TOKEN_MINUTES: "):
        settings.current()


@pytest.mark.usefixtures("environment")
def test_origins_are_a_list_without_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.current().allowed_origins == frozenset()
    remembered.forget_everything()
    monkeypatch.setenv("TAKIP_CORS_ORIGINS", " https://a.example,, https://b.example ,")

    assert settings.current().allowed_origins == {"https://a.example", "https://b.example"}


def test_the_queue_has_a_name_also_where_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAKIP_READINGS_QUEUE", raising=False)
    assert settings.readings_queue_name() == "takip-local-readings"
    monkeypatch.setenv("TAKIP_READINGS_QUEUE", "other")
    assert settings.readings_queue_name() == "other"
