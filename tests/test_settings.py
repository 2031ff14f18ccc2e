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
@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("ENVIRONMENT", "Dev", "must be one of local, dev, prod"),
        ("TABLE", "ab", "must have at least 3 characters"),
        ("SIGNING_KEYS", "", "must have at least 1 characters"),
        ("TOKEN_MINUTES", "1441", "must be a whole number from 1 to 1440"),
        ("REFRESH_DAYS", "-1", "must be a whole number from 1 to 90"),
        ("PASSWORD_CHARACTERS", "8.5", "must be a whole number from 8 to 64"),
        ("BCRYPT_COST", "١٢", "must be a whole number from 4 to 16"),
        ("REFUSE_COMMON_PASSWORDS", "yes", "must be one of true, false"),
    ],
)
def test_a_wrong_variable_is_refused_with_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(f"TAKIP_{name}", value)

    with pytest.raises(BadSettings, match=f"^TAKIP_{name}: {allowed}$"):
        settings.current()


@pytest.mark.usefixtures("environment")
def test_a_variable_has_the_type_of_its_setting_and_one_that_is_not_set_its_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TAKIP_REFUSE_COMMON_PASSWORDS", "true")
    monkeypatch.setenv("TAKIP_REFRESH_DAYS", "90")
    found = settings.current()

    assert (found.refuse_common_passwords, found.refresh_days, found.token_minutes) == (True, 90, 30)


@pytest.mark.usefixtures("environment")
def test_origins_are_a_list_without_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.current().allowed_origins == frozenset()
    remembered.forget_everything()
    monkeypatch.setenv("TAKIP_CORS_ORIGINS", " https://a.example,, https://b.example ,")

    assert settings.current().allowed_origins == {"https://a.example", "https://b.example"}


@pytest.mark.parametrize("contents", ["readings", "aggregates", "pictures", "webhooks"])
def test_a_queue_has_a_name_also_where_nothing_is_set(monkeypatch: pytest.MonkeyPatch, contents: str) -> None:
    monkeypatch.delenv(f"TAKIP_{contents.upper()}_QUEUE", raising=False)
    assert settings.queue_name(contents) == f"takip-local-{contents}"
    monkeypatch.setenv(f"TAKIP_{contents.upper()}_QUEUE", "other")
    assert settings.queue_name(contents) == "other"
