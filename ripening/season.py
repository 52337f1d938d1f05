"""When produce is harvested near by, and what shops have all year all the same."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from ripening.fact import is_assumed, rows
from ripening.produce import Produce, load_profiles

REGIONS = ("ncn", "ca", "med", "nh")
"""Northern China, California, Mediterranean, northern hemisphere (flowers)."""


@cache
def year_round() -> Mapping[str, str]:
    """Return what is sold all year, by key: "stored" or "imported". Assumed, no source states it."""
    return MappingProxyType({row["key"]: row["kind"] for row in rows("year_round.csv")})


def in_season(produce: Produce | str, region: str, on: dt.date) -> bool:
    """Tell whether produce is harvested in the region in that month.

    Flowers are known for the northern hemisphere only and are answered with that. False where
    nothing is known.
    """
    months = _months(_profile(produce), region)
    return months is not None and months[on.month - 1] == "1"


def last_month_of_season(produce: Produce | str, region: str, on: dt.date) -> int | None:
    """Return the month (1-12) in which the season that `on` lies in ends.

    None out of season, and for what is in season all year.
    """
    months = _months(_profile(produce), region)
    if months is None or "0" not in months or months[on.month - 1] == "0":
        return None
    month = on.month
    while months[month % 12] == "1":
        month = month % 12 + 1
    return month


def availability(produce: Produce | str, region: str, on: dt.date) -> str | None:
    """Return how produce comes to be for sale: "harvest", "stored", "imported", or None if it is
    not.

    Only a harvest has a published source; the other two are assumed.
    """
    profile = _profile(produce)
    if in_season(profile, region, on):
        return "harvest"
    return year_round().get(profile.key)


def season_is_assumed(produce: Produce | str, region: str, on: dt.date) -> bool:
    """Tell whether what is said about its season on that day rests on no publication."""
    profile = _profile(produce)
    if availability(profile, region, on) != "harvest":
        return True
    source = profile.sources.get(f"season_{region}") or profile.sources.get("season_nh", "assumed")
    return is_assumed(source)


def _profile(produce: Produce | str) -> Produce:
    if isinstance(produce, Produce):
        return produce
    profile = load_profiles().get(produce)
    if profile is None:
        raise Invalid("produce", message("There is no produce “{produce}”.", produce=produce))
    return profile


def _months(produce: Produce, region: str) -> str | None:
    if region not in REGIONS:
        raise Invalid("region", message("There is no season region “{region}”.", region=region))
    return produce.season.get("nh" if produce.is_flower else region)
