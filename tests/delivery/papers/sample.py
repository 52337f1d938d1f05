"""Pick lists of a fictitious morning at two depots."""

import datetime as dt
from zoneinfo import ZoneInfo

from delivery.papers.pick_list import PickLine, PickList, PickZone

LONDON = ZoneInfo("Europe/London")
TUESDAY = dt.date(2026, 12, 1)


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
