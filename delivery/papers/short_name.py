"""Names as papers that leave the depot show them: enough to hand over a box, not enough to look a person up."""

import unicodedata

from delivery.papers.plain_text import plain


def short_name(name: str) -> str:
    """Return "Ana R." for "Ana Maria Ribeiro", 王*敏 for 王小敏, 王* for 王敏; one word stays as it is."""
    clean = plain(name)
    if _is_han(clean):
        return _masked(clean)
    words = clean.split()
    if len(words) < 2:
        return clean
    initial = next((character for character in words[-1] if character.isalpha()), "")
    return f"{words[0]} {initial.upper()}." if initial else words[0]


def last_four(phone: str | None) -> str:
    """Return the last four digits of a telephone number, or nothing when there are fewer."""
    digits = [character for character in phone or "" if character.isdecimal()]
    return "".join(str(unicodedata.decimal(digit)) for digit in digits[-4:]) if digits[3:] else ""


def _masked(name: str) -> str:
    """Hide all between first and last character; always one star, so that the length is not told."""
    if len(name) < 2:
        return name
    return f"{name[0]}*{name[-1]}" if len(name) > 2 else f"{name[0]}*"


def _is_han(name: str) -> bool:
    letters = [character for character in name if character not in "·•・"]
    return bool(letters) and all(
        unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH") for character in letters
    )
