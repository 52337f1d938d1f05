"""What a password must be. Length does most of the work; the list stops what is tried first."""

import unicodedata

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message

SHORTEST = 10
LONGEST = 200
"""More than anybody types; hashing time must not depend on what a stranger sends."""

_FEWEST_DIFFERENT = 5
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_COMMON = frozenset(
    (
        *("password12", "password123", "password1234", "passw0rd123", "p@ssw0rd123", "mypassword"),
        *("1q2w3e4r5t", "1qaz2wsx3edc", "1qaz2wsx3e", "q1w2e3r4t5", "qwerty1234", "qwerty12345"),
        *("qwerty123456", "asdfghjkl1", "zaq12wsxcde3", "abcd123456", "abc1234567", "abcdef1234"),
        *("iloveyou12", "iloveyou123", "iloveyou1234", "woaini1314", "woaini520520", "woaini521"),
        *("5201314520", "1314520520", "letmein123", "letmein1234", "welcome123", "welcome1234"),
        *("admin12345", "admin123456", "administrator", "sunshine12", "sunshine123", "princess12"),
        *("princess123", "football12", "football123", "baseball12", "baseball123", "superman12"),
        *(
            "superman123",
            "michael123",
            "charlie123",
            "trustno1trustno1",
            "changeme12",
            "changeme123",
        ),
        *("dragon12345", "monkey12345", "starwars123", "pokemon123", "liverpool1", "liverpool123"),
        *("hallo12345", "passwort12", "passwort123", "schalke0404", "ripeday123", "ripeday1234"),
        *("ripedayripeday", "secret1234", "secret12345", "test123456", "testtest12", "testtest123"),
        *("a123456789", "a1234567890", "aa12345678", "zxcvbnm123", "qazwsxedcrfv", "1234qwerasdf"),
        *("1234qwerty", "12345qwert", "123qweasdzxc", "123456789a", "123456789q", "1234567891"),
        *("0987654321", "9876543210", "1029384756", "correcthorsebatterystaple"),
    )
)


def normalized(password: str) -> str:
    """Return the one form of a password that is hashed, however the keyboard composed it."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, *, email: str) -> str:
    """Return the password, normalised, when it will do.

    Raises
    ------
    Invalid
        It is too short, too long, among the first to be guessed, or the person's own address.
    """
    given = normalized(password)
    if len(given) < SHORTEST:
        raise Invalid(
            "password", message("Choose a password of at least {n} characters.", n=SHORTEST)
        )
    if len(given) > LONGEST:
        raise Invalid(
            "password", message("Choose a password of at most {n} characters.", n=LONGEST)
        )
    plain = given.lower().strip()
    if plain in {email.lower(), email.lower().partition("@")[0]}:
        raise Invalid("password", message("Choose a password that is not your e-mail address."))
    if plain in _COMMON or len(set(plain)) < _FEWEST_DIFFERENT or _is_run(plain):
        raise Invalid(
            "password",
            message("Many people use this password, so it is guessed first. Choose another."),
        )
    return given


def _is_run(plain: str) -> bool:
    """Tell whether the password is a stretch of a well-known row, either way."""
    return any(plain in row or plain in row[::-1] for row in _RUNS)
