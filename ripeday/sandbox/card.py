"""The test cards, as Stripe documents them at https://docs.stripe.com/testing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Bank(StrEnum):
    """What the bank behind a card does."""

    PAYS = "pays"
    DECLINES = "declines"
    DECLINES_LATER = "declines_later"  # saved without complaint, then declined
    AUTHENTICATES_ALWAYS = "authenticates_always"
    AUTHENTICATES_ONCE = "authenticates_once"  # when saved; later charges pass


@dataclass(frozen=True, slots=True)
class BankCard:
    """A card number that makes the bank behave in one way.

    `token` is the name after `pm_card_` (and `tok_`) under which programs use it.
    """

    number: str
    token: str
    brand: str
    bank: Bank = Bank.PAYS
    code: str = "card_declined"
    decline_code: str | None = None

    @property
    def last4(self) -> str:
        """Return the last four digits."""
        return self.number[-4:]


def _declined(number: str, token: str, reason: str, code: str = "card_declined") -> BankCard:
    return BankCard(number, token, "visa", Bank.DECLINES, code, reason)


TEST_CARDS = (
    BankCard("4242424242424242", "visa", "visa"),
    BankCard("4000056655665556", "visa_debit", "visa"),
    BankCard("5555555555554444", "mastercard", "mastercard"),
    BankCard("378282246310005", "amex", "amex"),
    BankCard("6200000000000005", "unionpay", "unionpay"),
    BankCard(
        "4000000000000341",
        "chargeCustomerFail",
        "visa",
        Bank.DECLINES_LATER,
        decline_code="generic_decline",
    ),
    _declined("4000000000000002", "visa_chargeDeclined", "generic_decline"),
    _declined("4000000000009995", "visa_chargeDeclinedInsufficientFunds", "insufficient_funds"),
    _declined("4000000000009987", "visa_chargeDeclinedLostCard", "lost_card"),
    _declined("4000000000009979", "visa_chargeDeclinedStolenCard", "stolen_card"),
    _declined("4000000000000069", "chargeDeclinedExpiredCard", "expired_card", "expired_card"),
    _declined("4000000000000127", "chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
    _declined(
        "4000000000000119",
        "chargeDeclinedProcessingError",
        "processing_error",
        "processing_error",
    ),
    BankCard(
        "4000002760003184",
        "authenticationRequired",
        "visa",
        Bank.AUTHENTICATES_ALWAYS,
        "authentication_required",
        "authentication_required",
    ),
    BankCard(
        "4000002500003155",
        "authenticationRequiredOnSetup",
        "visa",
        Bank.AUTHENTICATES_ONCE,
        "authentication_required",
        "authentication_required",
    ),
)

_SHORTER = {
    "chargeDeclined": "visa_chargeDeclined",
    "chargeDeclinedInsufficientFunds": "visa_chargeDeclinedInsufficientFunds",
    "chargeDeclinedLostCard": "visa_chargeDeclinedLostCard",
    "chargeDeclinedStolenCard": "visa_chargeDeclinedStolenCard",
}
_BY_TOKEN = {card.token: card for card in TEST_CARDS} | {
    short: card for short, long in _SHORTER.items() for card in TEST_CARDS if card.token == long
}
_BY_NUMBER = {card.number: card for card in TEST_CARDS}
_BY_REASON = {card.decline_code: card for card in TEST_CARDS if card.bank is Bank.DECLINES}

SAYINGS = {
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "authentication_required": (
        "Your card was declined. This transaction requires authentication."
    ),
}


def card_by_token(token: str) -> BankCard | None:
    """Return the card behind `pm_card_…` or `tok_…`, or None."""
    for prefix in ("pm_card_", "tok_"):
        if token.startswith(prefix):
            return _BY_TOKEN.get(token.removeprefix(prefix))
    return None


def card_by_number(number: str) -> BankCard | None:
    """Return the test card with this number (digits only), or None."""
    return _BY_NUMBER.get(number)


def bank_of(method: dict[str, Any]) -> BankCard:
    """Return the card that a payment method stands for, or the behaviour it was later given."""
    number, reason = method["_number"], method.get("_reason")
    card = _BY_NUMBER[number]
    if reason is None:
        return card
    if reason == "pays":
        return _BY_TOKEN["visa"]
    if reason == "authentication_required":
        return _BY_TOKEN["authenticationRequired"]
    known = _BY_REASON.get(reason)
    code = known.code if known else "card_declined"
    return BankCard(card.number, card.token, card.brand, Bank.DECLINES_LATER, code, reason)


def saying(card: BankCard) -> str:
    """Return what Stripe tells a customer when this card fails."""
    return SAYINGS.get(card.decline_code or "", "Your card was declined.")


def passes_checksum(number: str) -> bool:
    """Return whether the digits satisfy Luhn's checksum (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
