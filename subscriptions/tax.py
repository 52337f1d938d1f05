"""Tax on food and flowers as the buyer's country shows it.

Rates are the countries' own for fresh produce and cut flowers: Germany 7 % (UStG § 12 (2) with annex 2),
China 9 % (VAT on agricultural products), Great Britain 0 % on food (VAT Notice 701/14), and prices for consumers
include tax in all of them. A country we do not know is refused when a merchant is set up.

What rides along in a box may be taxed like it, or at the country's standard rate: Germany 19 %, China 13 %,
Great Britain 20 %. Which of the two holds for a thing is the merchant's to know.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ripeday.kit.errors import Invalid
from ripeday.kit.money import Money
from ripeday.kit.text import message


class TaxClass(StrEnum):
    """How a thing is taxed: like the fresh food of a box, or at the standard rate."""

    FOOD = "food"
    STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class TaxRule:
    """The rate on boxes in one country, and its standard rate; shown prices include them."""

    country: str
    rate: Decimal
    standard_rate: Decimal

    @property
    def rate_pct(self) -> int:
        """Return the rate in percent, as a price note shows it."""
        return self.pct(TaxClass.FOOD)

    def pct(self, of: TaxClass) -> int:
        """Return the rate of a class in percent."""
        return int(self._rate(of) * 100)

    def contained(self, gross: Money, of: TaxClass = TaxClass.FOOD) -> Money:
        """Return the tax contained in a price that includes it."""
        rate = self._rate(of)
        return gross.part(rate / (1 + rate))

    def _rate(self, of: TaxClass) -> Decimal:
        return self.rate if of is TaxClass.FOOD else self.standard_rate


_RULES = {
    rule.country: rule
    for rule in (
        TaxRule("DE", Decimal("0.07"), Decimal("0.19")),
        TaxRule("CN", Decimal("0.09"), Decimal("0.13")),
        TaxRule("GB", Decimal("0.00"), Decimal("0.20")),
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
