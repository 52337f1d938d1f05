"""What a wave's papers say to those who pick and pack."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pendulum
import pytest

from delivery.papers.pack_list import packing_order
from delivery.papers.plain_text import said
from delivery.wave import AddonToPack, BoxToPack, LotToPick, PlaceOfLot, WaveHead
from delivery.wave_addon import addon_grams
from delivery.wave_paper import pack_cards, pick_list_of
from ripeday.kit.text import Named
from ripeday.translation import translator
from ripening import advice
from ripening.lot_state import LotState, Stay, age_at
from ripening.produce import load_profiles

TUESDAY = dt.date(2026, 12, 1)
ID = UUID(int=1)
WAVE = WaveHead(
    ID, ID, ID, ID, "W26-1201-1", 1, 1, dt.datetime(2026, 11, 30, 6, tzinfo=dt.UTC), TUESDAY,
    TUESDAY - dt.timedelta(days=1), "Bristol round", "城西线", "3", "Bristol depot", "城西仓",
    "Europe/London", "en", "9521234", 1,
)  # fmt: skip
COLD = PlaceOfLot(ID, "A-01-2", 1, 500, "A", "Cold room", "冷库", 0, 2)


def lot(produce: str, units: int, case_units: int) -> LotToPick:
    monday = TUESDAY - dt.timedelta(days=1)
    far = TUESDAY + dt.timedelta(days=9)
    return LotToPick(
        ID, "L-2218", LotState(produce, 1.0, monday, 1.0, False), units, case_units, far, monday, False, 0
    )  # fmt: skip


def box(**units: int) -> BoxToPack:
    lines = [
        {"produce": key, "units": n, "grams": 100, "code": f"L-{key}", "ready": 2}
        for key, n in units.items()
    ]
    return BoxToPack(
        ID, 17, 1, 1, "Anna Roth", "1 Cotham Brow", "Bristol", "BS6 6AE", None, None, None, "0" * 18,
        None, (), lines,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "card"),
    [
        ("en", {"6 kiwifruit", "1 banana", "4 figs", "2 punnets of grapes", "1 bunch of roses"}),
        ("zh", {"6 个猕猴桃", "1 根香蕉", "4 个无花果", "2 盒葡萄", "1 束玫瑰"}),
    ],
)
def test_a_card_is_read_as_one_counts(language: str, card: set[str]) -> None:
    packed = box(kiwifruit_green=6, banana=1, fig=2, grape=2, rose=1)
    (found,) = pack_cards([packed], [packed], load_profiles())
    words = translator(language)
    assert {f"{line.units} {said(line.produce, words)}" for line in found.lines} == card


def test_what_rides_along_stands_on_the_pick_list_the_card_and_the_label() -> None:
    honey, loaf = Named("Honey", "蜂蜜"), Named("Loaf", "面包")
    one = replace(box(banana=2), addons=[AddonToPack(honey, 2, 700), AddonToPack(loaf, 1, 500)])
    two = replace(box(banana=1), addons=[AddonToPack(honey, 1, 700)])

    paper = pick_list_of(
        WAVE, [lot("banana", 3, 10)], [COLD], load_profiles(), [one, two],
        locale="zh", now=pendulum.datetime(2026, 11, 30, 6),
    )  # fmt: skip
    (card, _) = pack_cards([one, two], [one, two], load_profiles())
    words = translator("zh")

    totals = [(said(line.produce, words), line.units) for line in paper.zones[-1].lines]
    assert (paper.zones[-1].code, totals) == ("+", [("+ 蜂蜜", 3), ("+ 面包", 1)])
    assert [line.units for line in packing_order(card.lines)] == [2, 2, 1]
    assert [said(line.produce, words) for line in card.lines][1:] == ["+ 蜂蜜", "+ 面包"]
    assert addon_grams(one) == 1900


def test_a_lot_is_named_where_there_are_several() -> None:
    one, other = box(banana=2), box(banana=3)
    other.lines[0]["code"] = "L-2219"  # type: ignore[index]
    cards = pack_cards([one, other], [one, other], load_profiles())
    spoken = [said(card.lines[0].produce, translator("en")) for card in cards]
    assert spoken == ["bananas L-banana", "bananas L-2219"]


@pytest.mark.parametrize(
    ("produce", "take", "cases"),
    [("fig", 140, (2, 20)), ("kiwifruit_green", 70, (2, 10)), ("grape", 70, (2, 10))],
)
def test_what_is_picked_is_counted_as_it_is_packed(
    produce: str, take: int, cases: tuple[int, int]
) -> None:
    paper = pick_list_of(
        WAVE, [lot(produce, 70, 30)], [COLD], load_profiles(),
        locale="en", now=pendulum.datetime(2026, 11, 30, 6),
    )  # fmt: skip
    ((line,),) = (zone.lines for zone in paper.zones)
    assert line.units == take
    assert line.cases_and_loose == cases


def test_the_stage_on_a_list_counts_the_road() -> None:
    profiles, friday = load_profiles(), TUESDAY - dt.timedelta(days=4)
    banana = LotState("banana", 0.0, friday, 14.0, True)
    straight, driven = (
        replace(lot("banana", 10, 10), state=replace(banana, transit=road))
        for road in ((), (Stay(3, 28.0),))
    )

    spoken = [
        pick_list_of(
            WAVE, [each], [COLD], profiles, locale="en", now=pendulum.datetime(2026, 11, 30, 6)
        ).zones[0].lines[0].stage
        for each in (straight, driven)
    ]  # fmt: skip

    lived = age_at(replace(banana, transit=(Stay(3, 28.0),)), profiles, delivery_on=WAVE.pack_on)
    assert spoken[1] == advice.stage(profiles["banana"], lived, treated=True).words
    assert spoken[0] != spoken[1]
