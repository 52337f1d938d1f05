"""Settings are complete and safe, or the process does not start."""

import datetime as dt

import pytest

from ripeday.kit.errors import Invalid
from ripeday.settings import Settings, shift_to

GOOD = {
    "RIPEDAY_SECRET": "kJ4v-9dQx2_LmZ7rT1sWbN8yHc5uPf3a",
    "RIPEDAY_DATABASE_URL": "postgresql://ripeday:pw-of-postgres@127.0.0.1:5432/ripeday",
    "RIPEDAY_REDIS_URL": "redis://:pw-of-valkey@127.0.0.1:6379/0",
    "RIPEDAY_STRIPE_KEY": "sk_test_canary",
    "RIPEDAY_STRIPE_WEBHOOK_SECRET": "whsec_canary",
    "RIPEDAY_SMTP_URL": "smtp://me:pw-of-mail@127.0.0.1:1025",
}


@pytest.mark.parametrize("name", GOOD)
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Settings.from_environment(GOOD | {name: ""})
    assert refusal.value.field == name
    assert name in str(refusal.value)


@pytest.mark.parametrize(
    "secret", ["changeme", "x" * 64, "secretsecretsecretsecretsecretsecret", "ab" * 40]
)
def test_a_secret_that_can_be_guessed_is_refused(secret: str) -> None:
    with pytest.raises(Invalid, match="RIPEDAY_SECRET") as refusal:
        Settings.from_environment(GOOD | {"RIPEDAY_SECRET": secret})
    assert "openssl rand" in str(refusal.value)
    assert secret not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RIPEDAY_DATABASE_URL", "mysql://localhost/x"),
        ("RIPEDAY_REDIS_URL", "127.0.0.1:6379"),
        ("RIPEDAY_PORT", "eighty"),
        ("RIPEDAY_CLOCK_SHIFT_S", "1.5"),
        ("RIPEDAY_WORKERS", "0"),
        ("RIPEDAY_WORKERS", "many"),
    ],
)
def test_a_value_of_the_wrong_form_is_refused(name: str, value: str) -> None:
    with pytest.raises(Invalid, match=name):
        Settings.from_environment(GOOD | {name: value})


def test_no_password_or_key_shows_in_print() -> None:
    shown = repr(Settings.from_environment(GOOD))
    for canary in ("pw-of", "canary", GOOD["RIPEDAY_SECRET"]):
        assert canary not in shown


def test_a_child_process_reads_back_the_same_settings() -> None:
    settings = Settings.from_environment(
        GOOD
        | {
            "RIPEDAY_STRIPE_API": "http://127.0.0.1:9",
            "RIPEDAY_PORT": "8123",
            "RIPEDAY_CLOCK_SHIFT_S": "-86400",
            "RIPEDAY_WORKERS": "3",
            "RIPEDAY_PG_BIN": "/opt/pg/bin",
        }
    )
    assert Settings.from_environment(settings.to_environment()) == settings
    assert settings.base_url == "http://127.0.0.1:8123"
    assert settings.is_sandbox


def test_money_is_real_unless_a_sandbox_is_named() -> None:
    assert not Settings.from_environment(GOOD).is_sandbox


def test_a_farm_made_for_a_day_lives_on_that_day() -> None:
    today = dt.date(2026, 3, 28)  # the clocks change in the night that follows
    shift_s = shift_to(dt.date(2026, 4, 2), today=today)
    assert today + dt.timedelta(seconds=shift_s) == dt.date(2026, 4, 2)
