"""The mail that carries a receipt: the same words as its page."""

from dataclasses import dataclass

from ripeday.kit.text import message
from subscriptions.notice.letter import Letter
from subscriptions.receipt import Receipt
from subscriptions.receipt_wording import heading, receipt_rows


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """A receipt as a mail tells of it. `merchant` is a name in the reader's language."""

    merchant: str
    receipt: Receipt
    timezone: str
    page_url: str
    verify_url: str


def receipt(facts: ReceiptFacts) -> Letter:
    """Tell what was done, when it was asked, and how it can be proved later."""
    rows = receipt_rows(facts.receipt, timezone=facts.timezone)
    return Letter(
        heading(facts.receipt.done),
        tuple(message("{label}: {value}", label=row.label, value=row.value) for row in rows),
        facts.merchant,
        closing=(
            message("Whoever has the number can check it, now and later: {url}", url=facts.verify_url),
        ),
        action=(message("See the receipt, or take it back"), facts.page_url),
    )  # fmt: skip
