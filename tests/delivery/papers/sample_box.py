"""Pack cards, labels and route sheets of the same morning."""

import datetime as dt

from delivery.barcode import Sscc
from delivery.papers.box_label import BoxLabel, EatFirst
from delivery.papers.pack_list import PackCard, PackLine, PackList
from delivery.papers.route_sheet import BoxThere, RouteSheet, RouteStop
from tests.delivery.papers.sample import LONDON, TUESDAY


def english_pack_list(n_cards: int = 11) -> PackList:
    lines = (
        PackLine("Kiwifruit (Hayward)", 4, 95, mark="S"),
        PackLine("Banana", 6, 180, mark="E"),
        PackLine("Clementine", 8, 70),
        PackLine("punnet of raspberries", 1, 125, is_soft=True),
        PackLine("Bartlett pear", 3, 190, mark="E", instead_of="Table grapes"),
    )
    many = tuple(
        PackLine(f"Produce number {n}", n + 1, 100 + n, mark=(None, "E", "S")[n % 3])
        for n in range(15)
    )
    cards = [
        PackCard(
            f"{n + 17}",
            "Ana Maria Ribeiro" if n % 2 else "Łukasz Żółć-Wiśniewski",
            many if n == 3 else lines[: 2 + n % 4],
            tote=f"T-{n:02}",
            exclusions=(
                ("mango", "table grapes"),
                (),
                ("papaya", "mango", "passion fruit", "dragon fruit", "pineapple"),
            )[n % 3],
            food_note="A child is allergic to nuts: please wipe the tote first"
            if n % 4 == 0
            else None,
        )
        for n in range(n_cards)
    ]
    return PackList("W26-1201-2", 2, 3, "Bristol round", TUESDAY, tuple(cards))


def chinese_pack_list() -> PackList:
    lines = (
        PackLine("猕猴桃（绿心）", 4, 95, mark="S"),
        PackLine("香蕉", 6, 180, mark="E"),
        PackLine("橘子", 8, 70),
        PackLine("盒草莓", 1, 250, is_soft=True),
        PackLine("西洋梨", 3, 190, mark="E", instead_of="葡萄"),
    )
    cards = tuple(
        PackCard(
            f"{n + 17}",
            ("王小敏", "欧阳修文", "李雷", "𠮷田")[n % 4],
            lines[: 2 + n % 4],
            tote=f"T-{n:02}",
            exclusions=(("芒果", "菠萝"), ())[n % 2],
            food_note="孩子对芒果过敏，请不要混放" if n % 3 == 0 else None,
        )
        for n in range(8)
    )
    return PackList("W26-1201-2", 2, 3, "杭州西线", TUESDAY, cards)


def week(*produce: str) -> tuple[EatFirst, ...]:
    return tuple(EatFirst(TUESDAY + dt.timedelta(days=n), name) for n, name in enumerate(produce))


def chinese_label() -> BoxLabel:
    return BoxLabel(
        "3", 17, TUESDAY, "杭州一号仓", 2, 1, 1, 3400, "王小敏", "+86 138 0571 4821",
        ("西湖区文三路 88 号", "翠苑小区 6 幢 2 单元 1102"), Sscc(0, "6901234", 312017),
        "放门口，请勿按铃", week("橙", "橙", "香蕉", "香蕉", "猕猴桃", "涩柿", "涩柿"), 13,
    )  # fmt: skip


def english_label() -> BoxLabel:
    return BoxLabel(
        "3", 17, TUESDAY, "Bristol depot", 2, 1, 2, 3400, "Ana Maria Ribeiro", "+44 117 496 0821",
        ("14 Cotham Brow", "Flat 3", "Bristol BS6 6AE"), Sscc(0, "5012345", 312018),
        "Leave in the porch, please do not ring",
        week("Clementine", "Clementine", "Banana", "Passion fruit", "Kiwifruit", "Fuyu persimmon", "Pomegranate"), 13,
    )  # fmt: skip


def english_route_sheet(n_stops: int = 30) -> RouteSheet:
    stops = [
        RouteStop(
            n,
            f"{n} Cotham Brow, Bristol BS6 6AE",
            1 + n % 3,
            name="Ana Maria Ribeiro",
            window=(dt.time(16), dt.time(18, 30)),
            note="Door code 4711#, second floor left" if n % 2 else None,
            n_crates_back=n % 2,
            needs_signature=n % 4 == 0,
        )
        for n in range(1, n_stops)
    ]
    stops[4] = RouteStop(
        5,
        "2 Market Street, Bristol BS1 4DJ",
        24,
        place="Old Bakery at the Market, Tue 16:00 to 19:00",
        note="Yard door code 4711#, cold shelf on the left behind the counter, key with the baker, mind the dog",
        needs_signature=True,
        place_name="Old Bakery at the Market",
        hours="Tue 16:00 to 19:00",
        boxes=tuple(BoxThere("Ana R.", f"{3017 + n}") for n in range(24)),
    )
    food_bank = RouteStop(n_stops, "2 Mill Lane", 7, place="Food bank, donated boxes")
    made_at = dt.datetime(2026, 12, 1, 6, 12, tzinfo=LONDON)
    return RouteSheet("3", "Bristol depot", "Bristol round", TUESDAY, (*stops, food_bank), made_at)


def chinese_route_sheet() -> RouteSheet:
    stops = (
        RouteStop(
            1,
            "西湖区文三路 88 号翠苑小区 6 幢 2 单元 1102",
            1,
            name="王小敏",
            window=(dt.time(16), dt.time(18)),
            note="门禁 4711#，放门口",
            n_crates_back=1,
        ),
        RouteStop(
            2,
            "拱墅区莫干山路 12 号",
            9,
            place="自提点 莫干山店，周二 16:00–19:00",
            note="后门门禁 4711#，冷藏柜在左手边，钥匙在柜台",
            needs_signature=True,
            place_name="自提点 莫干山店",
            hours="周二 16:00–19:00",
            boxes=tuple(
                BoxThere(name, f"{2017 + n}")
                for n, name in enumerate(["王*敏", "李*", "欧*文"] * 3)
            ),
        ),
        RouteStop(3, "上城区庆春路 5 号", 4, place="食物银行（捐赠箱）"),
    )
    made_at = dt.datetime(2026, 12, 1, 6, 12, tzinfo=LONDON)
    return RouteSheet("3", "杭州一号仓", "杭州西线", TUESDAY, stops, made_at)
