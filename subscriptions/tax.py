"""Tax on food and flowers as the buyer's country shows it.

Rates are the countries' own for fresh produce and cut flowers: Germany 7 % (UStG § 12 (2) with annex 2),
China 9 % (VAT on agricultural products), Great Britain 0 % on food (VAT Notice 701/14), and prices for consumers
include tax in all of them. A country we do not know is refused when a merchant is set up.
"""

from dataclasses import dataclass
from decimal import Decimal

from ripeday.kit.errors import Invalid
from ripeday.kit.money import Money
from ripeday.kit.text import message


@dataclass(frozen=True, slots=True)
class TaxRule:
    """The rate on boxes in one country; shown prices include it."""

    country: str
    rate: Decimal

    @property
    def rate_pct(self) -> int:
        """Return the rate in percent, as a price note shows it."""
        return int(self.rate * 100)

    def contained(self, gross: Money) -> Money:
        """Return the tax contained in a price that includes it."""
        return gross.part(self.rate / (1 + self.rate))


_RULES = {
    rule.country: rule
    for rule in (
        TaxRule("DE", Decimal("0.07")),
        TaxRule("CN", Decimal("0.09")),
        TaxRule("GB", Decimal("0.00")),
    )
}


def tax_rule(country: str) -> TaxRule:
    """Return the rule of a country (ISO 3166, two letters).

    Raises
    ------
    Invalid
        When no rule is known.
    """
    try:
        return _RULES[country]
    except KeyError:
        raise Invalid(
            "country",
            message("Boxes can be sold in {countries}.", countries=", ".join(sorted(_RULES))),
        ) from None
