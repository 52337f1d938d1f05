"""What anybody may read about produce: the index, a page for each, and a card to print."""

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import NotFound
from ripeday.kit.text import message
from ripening.adapters.learned_store import learned_times
from ripening.card import card_of
from ripening.curve import LEVELS, SPANS, Wish, level_words
from ripening.home import RoomClass
from ripening.produce import Produce, load_profiles
from ripening.produce_page import produce_index, produce_page

Profiles = NamedDependency[Mapping[str, Produce]]
_LONGEST_SEARCH = 40


@runtime_checkable
class HasAddress(Protocol):
    """What is asked of the settings: under which address the pages are found."""

    @property
    def base_url(self) -> str:
        """Return the address, without a slash at its end."""
        ...


class ProduceController(Controller):
    """What anybody may read about produce."""

    path = "/produce"

    @get("/")
    async def list_produce(self, profiles: Profiles, q: FromQuery[str] = "") -> Template:
        """List all produce, or those that are called so."""
        wanted = q.strip()[:_LONGEST_SEARCH] if q.isprintable() else ""
        context = {"groups": produce_index(profiles, wanted), "wanted": wanted}
        return Template("produce/index.html", context=context)

    @get("/{key:str}")
    async def show_produce(
        self,
        key: FromPath[str],
        profiles: Profiles,
        kitchen: FromQuery[str] = "mild",
        treated: FromQuery[str] = "yes",
        days: FromQuery[str] = "14",
    ) -> Template:
        """Show one produce; an unknown wish is shown as the usual one."""
        produce = _produce(load_profiles(), key)
        wish = _wish(kitchen, treated, days)
        told = produce_page(produce, profiles, wish, await learned_times())
        context = {"told": told, "form": _form(wish), **_CHOICES}
        return Template("produce/produce.html", context=context)

    @get("/{key:str}/card")
    async def print_card(
        self,
        key: FromPath[str],
        profiles: Profiles,
        settings: NamedDependency[HasAddress],
        copies: FromQuery[str] = "1",
    ) -> Template:
        """Show the card to print: one on A6, or two on A5."""
        produce = _produce(profiles, key)
        if not produce.modelled:
            raise NotFound
        card = card_of(produce, profiles, url=f"{settings.base_url}/produce/{key}")
        context = {"card": card, "copies": 2 if copies == "2" else 1}
        return Template("produce/card.html", context=context)


_CHOICES: dict[str, Any] = {
    "kitchens": tuple((room.name.lower(), room.words) for room in RoomClass),
    "treatments": (
        ("yes", message("ripened beforehand")),
        ("no", message("not ripened beforehand")),
    ),
    "spans": tuple((str(days), message("{n} days", n=days)) for days in SPANS),
    "levels": tuple((round(10 * level), level_words(level)) for level in LEVELS),
}


def _produce(profiles: Mapping[str, Produce], key: str) -> Produce:
    produce = profiles.get(key)
    if produce is None:
        raise NotFound
    return produce


def _wish(kitchen: str, treated: str, days: str) -> Wish:
    rooms = {room.name.lower(): room for room in RoomClass}
    spans = {str(each): each for each in SPANS}
    usual = Wish()
    return Wish(rooms.get(kitchen, usual.room), treated != "no", spans.get(days, usual.days))


def _form(wish: Wish) -> Form:
    return Form(
        {
            "kitchen": wish.room.name.lower(),
            "treated": "yes" if wish.treated else "no",
            "days": str(wish.days),
        }
    )
