"""What the sample's first merchant has on sale in a week, as far as a made-up week needs it."""

import datetime as dt

from ripeday.kit.money import rounded
from ripeday.sample.merchant import MERCHANTS
from ripeday.sample.season import source_on
from ripeday.sample.supply import usual_cost
from ripeday.sample.table_file import rows
from ripening.produce import load_profiles, sellable_keys
from subscriptions.planning.instance_supply import SeasonOffer


def season_offers(on: dt.date) -> tuple[SeasonOffer, ...]:
    """Return what is on sale in the month of `on`, in the order of the catalog; costs are in euro cents."""
    merchant, profiles = MERCHANTS[0], load_profiles()
    return tuple(
        SeasonOffer(row["key"], rounded(usual_cost(merchant, row["key"])), int(row["liked"]))
        for row in rows("offer")
        if row["key"] in sellable_keys() and source_on(merchant, profiles[row["key"]], on)
    )
