"""How the two clocks run at each temperature, against 20 °C, before anything is known of the crop."""

REFERENCE_C = 20.0

Q10_WARM = 1.5
"""Q10 of ripening above 20 °C, where it is near its best. Derived: 1.0-1.4 in peach and plum
(okubo_peach, cph_stone), 1.2-1.8 in papaya (sinta2000), 1.6-2.0 in tomato (lipton_tom1968,
metachronous2022), each within one study."""

HOT_C = 30.0
"""Above it ripening goes wrong rather than faster (k_eaks1978, k_ohare1995)."""

Q10_FLOWER_COLD = 3.0
"""Q10 of cut flowers below `FLOWER_COLD_C`: rose and gypsophila, 0-10 °C (celikel_rose)."""

Q10_FLOWER = 2.0
"""Q10 of cut flowers above it. Derived: lives of 5-8 days in summer, 8-12 in spring and 10-14 in winter
(lunomusy_jp), 1.9 times as long in spring as in summer (korea_season2024), gerbera 15 days at 4 °C
(intenza2016), China aster at most 2.5 (k_csu2004)."""

FLOWER_COLD_C = 10.0


def ripening_law(q10: float, temperature_c: float) -> float:
    """Days at 20 °C that ripening advances in a day; `q10` holds below 20 °C, and nothing is gained
    above `HOT_C`.
    """
    over_c = (min(temperature_c, HOT_C) - REFERENCE_C) / 10.0
    return float((q10 if over_c < 0 else Q10_WARM) ** over_c)


def keeping_law(q10: float, temperature_c: float) -> float:
    """Days at 20 °C of its good life that produce spends in a day."""
    return float(q10 ** ((temperature_c - REFERENCE_C) / 10.0))


def flower_law(temperature_c: float) -> float:
    """Days at 20 °C that a cut flower lives in a day; opening and fading run alike."""
    mild = Q10_FLOWER ** ((max(temperature_c, FLOWER_COLD_C) - REFERENCE_C) / 10.0)
    cold = Q10_FLOWER_COLD ** (min(temperature_c - FLOWER_COLD_C, 0.0) / 10.0)
    return float(mild * cold)
