"""Papers of a fictitious morning at two depots."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.messages.pofile import read_po

from delivery.barcode import Sscc
from delivery.papers.box_label import BoxLabel, EatFirst
from delivery.papers.pack_list import PackCard, PackLine, PackList
from delivery.papers.pick_list import PickLine, PickList, PickZone
from delivery.papers.route_sheet import RouteSheet, RouteStop
from ripeday.kit.text import Message

LONDON = ZoneInfo("Europe/London")
TUESDAY = dt.date(2026, 12, 1)
PO = Path(__file__).parents[3] / "delivery/locale/zh/papers.po"


class English:
    """Renders messages as they are written."""

    locale = "en"

    def gettext(self, text: str) -> str:
        return text

    def ngettext(self, singular: str, several: str, n: int) -> str:
        return singular if n == 1 else several

    def render(self, message: Message) -> str:
        if message.plural is None:
            text = self.gettext(message.text)
        else:
            text = self.ngettext(message.text, message.plural, message.n)
        values = {
            key: self.render(value) if isinstance(value, Message) else value
            for key, value in message.values.items()
        }
        return text.format(**values)


class Chinese(English):
    """Renders messages by the papers' own catalog."""

    locale = "zh"

    def __init__(self) -> None:
        with PO.open("rb") as file:
            catalog = read_po(file)
        self._texts = {}
        for entry in catalog:
            several = isinstance(entry.id, tuple)
            key, text = (entry.id[0], entry.string[0]) if several else (entry.id, entry.string)
            self._texts[key] = text
        self.missing: set[str] = set()

    def gettext(self, text: str) -> str:
        if not self._texts.get(text):
            self.missing.add(text)
            return text
        return self._texts[text]

    def ngettext(self, singular: str, several: str, n: int) -> str:
        return self.gettext(singular)


def english_pick_list() -> PickList:
    cold = PickZone(
        "A",
        "Cold room 1",
        (
            PickLine(
                "A-01-2",
                "Table grapes",
                "L-2198",
                206,
                "ripe, 250 g punnets",
                units_per_case=12,
                else_place="A-01-4",
                must_leave_on=dt.date(2026, 12, 2),
            ),
            PickLine(
                "A-02-1",
                "Kiwifruit (Hayward)",
                "L-2229",
                120,
                "firm, 5 lbf",
                units_per_case=100,
                else_place="A-02-3",
                mark="S",
            ),
            PickLine(
                "A-02-3",
                "Kiwifruit (Hayward)",
                "L-2231",
                1360,
                "firm, 5 lbf",
                units_per_case=100,
                mark="S",
            ),
            PickLine(
                "A-04-1",
                "Fuyu persimmon",
                "L-2204",
                640,
                "crisp, hold by the base",
                units_per_case=40,
                else_place="A-04-2",
                mark="S",
            ),
            PickLine(
                "A-06-1",
                "Bartlett pear",
                "L-2207",
                684,
                "stage 2, green · own shelf",
                units_per_case=72,
                mark="E",
            ),
        ),
        (0, 2),
        "Walk first",
    )
    cool = PickZone(
        "B",
        "Cool room",
        (
            PickLine(
                "B-01-1",
                "Clementine",
                "L-2190",
                1652,
                "with leaf",
                units_per_case=80,
                else_place="B-01-3",
            ),
        ),
        (5, 8),
    )
    warm = PickZone(
        "C",
        "Warm room",
        (
            PickLine(
                "C-02-1",
                "Banana",
                "L-2226",
                770,
                "stage 3, half yellow",
                units_per_case=100,
                else_place="C-02-2",
                mark="E",
            ),
            PickLine(
                "C-02-4",
                "Banana",
                "L-2227",
                395,
                "stage 5, green tips",
                units_per_case=100,
                mark="E",
            ),
            PickLine(
                "C-05-1",
                "Mango",
                "L-2218",
                168,
                "half-ripe, no stacking",
                units_per_case=12,
                place_note="in Mon 05:30",
                mark="E",
            ),
        ),
        (13, 15),
        "Never into the cold",
    )
    flowers = PickZone(
        "F",
        "Flowers, in water",
        (
            PickLine(
                "F-01-3",
                "Alstroemeria",
                "L-2240",
                68,
                "in bud, 10 stems",
                unit_word="bunches",
                mark="S",
            ),
            PickLine(
                "F-02-1",
                "Chrysanthemum",
                "L-2238",
                52,
                "half open, 8 stems",
                unit_word="bunches",
                else_place="F-02-2",
            ),
        ),
        (2, 2),
        "Pick last, never beside E",
    )
    return PickList(
        "W26-1201-2",
        2,
        3,
        "Bristol round",
        TUESDAY,
        412,
        dt.datetime(2026, 11, 30, 9, 30, tzinfo=LONDON),
        (cold, cool, warm, flowers),
        dt.datetime(2026, 11, 29, 20, 4, tzinfo=LONDON),
    )


def chinese_pick_list() -> PickList:
    cold = PickZone(
        "A",
        "一号冷库",
        (
            PickLine(
                "A-01-2",
                "苹果（富士）",
                "L-3108",
                736,
                "脆，即食 · 单独一层",
                units_per_case=40,
                else_place="A-01-4",
                mark="E",
            ),
            PickLine(
                "A-02-1",
                "猕猴桃（绿心）",
                "L-3129",
                120,
                "硬，5 lbf",
                units_per_case=100,
                else_place="A-02-3",
                mark="S",
            ),
            PickLine(
                "A-02-3",
                "猕猴桃（绿心）",
                "L-3131",
                1352,
                "硬，5 lbf",
                units_per_case=100,
                mark="S",
            ),
            PickLine(
                "A-05-1",
                "涩柿",
                "L-3104",
                1104,
                "半硬，轻放，托底",
                units_per_case=40,
                else_place="A-05-2",
                must_leave_on=dt.date(2026, 12, 2),
                mark="S",
            ),
        ),
        (0, 2),
        "先走这里",
    )
    cool = PickZone(
        "B",
        "保鲜库",
        (
            PickLine(
                "B-01-1", "橙", "L-3090", 1472, "带蒂", units_per_case=40, else_place="B-01-3"
            ),
            PickLine("B-02-2", "柚子", "L-3087", 184, "单个网袋", units_per_case=8),
        ),
        (5, 8),
    )
    warm = PickZone(
        "C",
        "常温库",
        (
            PickLine(
                "C-02-1",
                "香蕉",
                "L-3126",
                704,
                "3 级，半黄半绿",
                units_per_case=100,
                else_place="C-02-2",
                mark="E",
            ),
            PickLine(
                "C-02-4", "香蕉", "L-3127", 400, "5 级，黄，尖带绿", units_per_case=100, mark="E"
            ),
        ),
        (13, 15),
        "不可进冷库",
    )
    flowers = PickZone(
        "F",
        "鲜花库，水养",
        (
            PickLine(
                "F-01-3", "多头康乃馨", "L-3140", 92, "两朵开，10 枝一束", unit_word="束", mark="S"
            ),
            PickLine(
                "F-02-1",
                "菊花",
                "L-3138",
                64,
                "半开，8 枝一束",
                unit_word="束",
                else_place="F-02-2",
            ),
        ),
        (2, 2),
        "最后拣，远离“放”",
    )
    return PickList(
        "W26-1201-2",
        2,
        3,
        "杭州西线",
        TUESDAY,
        368,
        dt.datetime(2026, 11, 30, 9, 30, tzinfo=LONDON),
        (cold, cool, warm, flowers),
        dt.datetime(2026, 11, 29, 20, 4, tzinfo=LONDON),
    )


def long_pick_list(n_lines: int) -> PickList:
    zones = tuple(
        PickZone(
            code,
            name,
            tuple(
                PickLine(
                    f"{code}-{n // 9:02}-{n % 9 + 1}",
                    f"Produce {code}{n}",
                    f"L-{code}{n:04}",
                    10 + n,
                    "stage 2, green",
                    units_per_case=12,
                    mark=(None, "E", "S")[n % 3],
                )
                for n in range(n_lines // 4)
            ),
            (0, 2),
            "Walk first",
        )
        for code, name in (
            ("A", "Cold room 1"),
            ("B", "Cool room"),
            ("C", "Warm room"),
            ("F", "Flowers"),
        )
    )
    return PickList(
        "W26-1201-2",
        2,
        3,
        "Bristol round",
        TUESDAY,
        412,
        dt.datetime(2026, 11, 30, 9, 30, tzinfo=LONDON),
        zones,
        dt.datetime(2026, 11, 29, 20, 4, tzinfo=LONDON),
    )


def english_pack_list(n_cards: int = 11) -> PackList:
    lines = (
        PackLine("Kiwifruit (Hayward)", 4, 95, mark="S"),
        PackLine("Banana", 6, 180, mark="E"),
        PackLine("Clementine", 8, 70),
        PackLine("Raspberries", 1, 125, unit_word="punnet", is_soft=True),
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
        PackLine("草莓", 1, 250, unit_word="盒", is_soft=True),
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
        RouteStop(2, "拱墅区莫干山路 12 号", 9, place="自提点 莫干山店", needs_signature=True),
        RouteStop(3, "上城区庆春路 5 号", 4, place="食物银行（捐赠箱）"),
    )
    made_at = dt.datetime(2026, 12, 1, 6, 12, tzinfo=LONDON)
    return RouteSheet("3", "杭州一号仓", "杭州西线", TUESDAY, stops, made_at)
