"""What each form of the house holds when it is filled in rightly, with the ids of one merchant."""

from tests.ripeday.web.two_markets import Side

Fields = dict[str, str]
NO_LOT = "00000000-0000-4000-8000-000000000000"

STOP = {
    "name": "Mill", "name_zh": "磨坊", "street": "Mühlweg 1", "postcode": "10115", "city": "Berlin",
    "hours": "Tue 16:00 to 19:00", "hours_zh": "周二 16:00–19:00", "access_note": "code 4711#", "capacity": "12",
}  # fmt: skip
PLACE = {
    "place": "address", "how_long": "span", "until": "2026-12-20", "street": "Nachbarweg 9", "postcode": "10119",
    "city": "Berlin", "delivery_note": "ring twice",
}  # fmt: skip


def filled(route: str, side: Side) -> Fields:
    """Return a form as a person would send it; a route without fields of its own has an empty one."""
    t = side.things
    offer = {
        "produce_key": "kiwifruit_green", "starts_on": "2026-12-01", "last_on": "2027-01-31", "price": "0,45",
        "box_limit": "6", "catalog": t["catalog"],
    }  # fmt: skip
    lot = {
        "produce_key": "apple_fuji", "grower_id": t["grower"], "depot_id": t["depot"], "code": "L-9001",
        "units": "120", "case_units": "60", "unit_cost": "0.22", "harvested_on": "2026-11-29",
        "due_on": "2026-12-02", "ripe_pct": "25", "store_c": "1", "is_treated": "yes",
        "stored_days": "1", "road_days": "2", "road_c": "8",
    }  # fmt: skip
    plan = {
        "name": "Fruit for two", "name_zh": "两人水果", "kind": "fruit", "portions_a_day": "2",
        "stems_a_day": "0", "cadence_weeks": "1", "price": "29.90",
    }  # fmt: skip
    addon = {
        "name": "Honey, 500 g", "name_zh": "蜂蜜 500 克", "price": "7,50", "tax_class": "food", "weight_g": "700",
        "closes_days_before": "4", "closes_time": "12:00", "day_limit": "20", "last_on": "2027-03-01",
    }  # fmt: skip
    known: dict[str, Fields] = {
        "POST /subscriptions/{subscription_id}/addons/{on}": {"addon": t["addon"], "units": "2", "every": "1"},
        "POST /api/v1/subscriptions/{subscription_id}/addons/{on}": {"addon": t["addon"], "units": "1"},
        "POST /merchant/add-ons": addon,
        "POST /merchant/add-ons/{addon_id}": addon,
        "POST /m/{slug}/subscribe/{step}": {
            "postcode": "10115", "street": "Lindenweg 4", "city": "Berlin", "delivery_note": "ring twice",
            "round": str(side.market.round), "people": "2", "plan": t["plan"], "cadence": "1", "room": "1",
            "fridge": "yes", "taste-grape": "never", "family": "citrus", "email": "mira@example.org",
            "name": "Mira Holm", "phone": "+49 30 1234821",
        },
        "POST /m/{slug}/subscribe/start": {
            "people": "2", "plan": t["plan"], "round": str(side.market.round), "never": "grape", "family": "citrus",
        },
        "POST /reports/{line_id}": {"felt": "hard", "on": "2026-12-01", "back": "calendar"},
        "POST /reports/{line_id}/undo": {"on": "2026-12-01", "back": "today"},
        "POST /boxes/{box_id}/change": {"change": f"{NO_LOT}:2", "seen": "0123456789abcdef", "at": "mandarin"},
        "POST /boxes/{box_id}/undo": {"seen": "0123456789abcdef"},
        "POST /boxes/{box_id}/leave": {"show": "1"},
        "POST /boxes/{box_id}/confirm": {"try": "0123456789abcdef"},
        "POST /api/v1/boxes/{box_id}/edit": {"change": f"{NO_LOT}:2", "seen": "0123456789abcdef"},
        "POST /household/{household_id}/home": {"people": "3", "room": "2", "fridge": "no"},
        "POST /household/{household_id}/address": {
            "name": "Mira Holm", "street": "Lindenweg 4", "city": "Berlin", "postcode": "10115",
            "phone": "+49 30 1234821", "delivery_note": "ring twice", "food_note": "no nuts",
        },
        "POST /household/{household_id}/consent": {"consent": "ask"},
        "POST /household/{household_id}/tastes": {"taste-grape": "like", "family": "citrus"},
        "POST /household/{household_id}/week/{on}": {"produce": "grape", "family": "stone"},
        "POST /api/v1/households/{household_id}/home": {"people": "3", "room": "2", "has_fridge": "no"},
        "POST /api/v1/households/{household_id}/tastes": {"tastes": "grape", "never_families": "citrus"},
        "POST /api/v1/households/{household_id}/weeks/{on}": {"produce": "grape", "families": "stone"},
        "POST /api/v1/households/{household_id}/consent": {"consent": "ask"},
        "POST /api/v1/lines/{line_id}/rating": {"liking": "gladly"},
        "POST /api/v1/notices": {"topics": "digest", "digest_hour": "7"},
        "POST /household/notices": {"topic": "digest", "hour": "7"},
        "POST /subscriptions/{subscription_id}/moves/{on}": {"to": "2026-12-08"},
        "POST /subscriptions/{subscription_id}/places/{on}": PLACE,
        "POST /api/v1/subscriptions/{subscription_id}/places/{on}": PLACE,
        "POST /api/v1/subscriptions/{subscription_id}/places/{on}/look": PLACE,
        "POST /subscriptions/{subscription_id}/pause": {"from": "2026-12-08", "until": "2027-01-04"},
        "POST /subscriptions/{subscription_id}/cancel": {"reason": "too_much"},
        "POST /subscriptions/{subscription_id}/rhythm": {"weeks": "2"},
        "POST /api/v1/subscriptions/{subscription_id}/rhythm": {"weeks": "3"},
        "POST /api/v1/subscriptions/{subscription_id}/pause": {"from": "2026-12-08", "until": "2027-01-04"},
        "POST /api/v1/subscriptions/{subscription_id}/cancel": {"reason": "away"},
        "POST /problems/{line_id}": {"kind": "spoiled", "units": "1", "said": "brown inside"},
        "POST /api/v1/lines/{line_id}/problems": {"kind": "damaged", "units": "1"},
        "POST /merchant/problems/rule": {"days_after": "3", "at_once_pct": "40", "boxes_at_once": "2"},
        "POST /merchant/problems/{problem_id}": {"do": "credit", "answer": "Sorry"},
        "POST /ratings/lines/{line_id}": {"liking": "gladly"},
        "POST /ratings/lines/{line_id}/taste": {"taste": "never"},
        "POST /account/delete": {"password": "not the password"},
        "POST /account/delete/link/use": {"token": "x" * 43},
        "POST /sign-in": {"email": "nobody@example.org", "password": "eleven pears", "then": "/merchant"},
        "POST /sign-in/link": {"email": "nobody@example.org", "then": "/merchant"},
        "POST /sign-in/link/use": {"token": "x" * 43, "then": "/merchant"},
        "POST /reset": {"email": "nobody@example.org"},
        "POST /reset/link": {"token": "x" * 43, "password": "eleven pears"},
        "POST /m/{slug}/waiting/{round_id}": {"email": "nobody@example.org", "name": "Nobody", "postcode": "10115"},
        "POST /waiting/take": {"token": "x" * 43},
        "POST /waiting/leave": {"token": "x" * 43},
        "POST /invite": {"token": "x" * 43, "name": "Nobody", "password": "eleven pears"},
        "POST /merchant/plan/{day_id}/room": {"others_pct": "2"},
        "POST /merchant/switch": {"shop": t["slug"]},
        "POST /merchant/season/offers": offer,
        "POST /merchant/season/offers/{offer_id}": {**offer, "starts_on": "2026-11-03"},
        "POST /merchant/stops": {"kind": "pickup", "round": str(side.market.round), **STOP},
        "POST /merchant/stops/{stop_id}": STOP,
        "POST /merchant/plans": plan,
        "POST /merchant/plans/spare": {"spare_pct": "5"},
        "POST /merchant/rule": {"n_skips": "4", "n_in_a_row": "2", "notice_days": "7"},
        "POST /merchant/plans/{plan_id}/trial": {"n_boxes": "2", "price": "9,90"},
        "POST /merchant/lots": lot,
        "POST /merchant/staff": {"merchant": t["merchant"], "email": "new@example.org", "role": "packer"},
        "POST /merchant/staff/remove": {"merchant": t["merchant"], "person": t["merchant"], "role": "packer"},
        "POST /merchant/staff/withdraw": {"merchant": t["merchant"], "invitation": t["merchant"]},
        "POST /warehouse/receive/{lot_id}": {
            "units_1": "40", "place_1": t["place"], "units_2": "8", "place_2": t["place"], "stage": "announced",
            "temperature": "13,5", "measured": "4", "n_fruit": "10",
        },
        "POST /warehouse/waves/{wave_id}/pack": {"box": t["box"]},
        "POST /warehouse/waves/{wave_id}/ship": {"carrier": "manual", "tracking": "SF 123"},
    }  # fmt: skip
    return known.get(route, {})


WITHOUT_FIELDS = frozenset({
    "POST /merchant/add-ons/{addon_id}/end",
    "POST /m/{slug}/subscribe", "POST /today/jobs/{job}", "POST /sign-out",
    "POST /api/v1/boxes/{box_id}/edit/withdraw", "POST /boxes/{box_id}/withdraw",
    "POST /subscriptions/{subscription_id}/skips/{on}", "POST /subscriptions/{subscription_id}/skips/{on}/withdraw",
    "POST /api/v1/subscriptions/{subscription_id}/resume",
    "POST /api/v1/subscriptions/{subscription_id}/cancel/withdraw",
    "POST /subscriptions/{subscription_id}/moves/{on}/withdraw",
    "POST /api/v1/subscriptions/{subscription_id}/moves/{on}/to/{to}",
    "POST /api/v1/subscriptions/{subscription_id}/moves/{on}/withdraw",
    "POST /subscriptions/{subscription_id}/places/{on}/withdraw",
    "POST /api/v1/subscriptions/{subscription_id}/places/{on}/withdraw",
    "POST /subscriptions/{subscription_id}/donations/{on}",
    "POST /api/v1/subscriptions/{subscription_id}/donations/{on}",
    "POST /subscriptions/{subscription_id}/donations/{on}/withdraw",
    "POST /api/v1/subscriptions/{subscription_id}/donations/{on}/withdraw",
    "POST /subscriptions/{subscription_id}/resume", "POST /subscriptions/{subscription_id}/cancel/withdraw",
    "POST /api/v1/subscriptions/{subscription_id}/skips/{on}",
    "POST /api/v1/subscriptions/{subscription_id}/skips/{on}/withdraw",
    "POST /account/delete/mail", "POST /calendar/own", "POST /calendar/own/end", "POST /notices/resume",
    "POST /api/v1/calendar", "POST /api/v1/calendar/end",
    "POST /merchant/season/offers/{offer_id}/end",
    "POST /merchant/stops/{stop_id}/close", "POST /merchant/stops/{stop_id}/reopen",
    "POST /merchant/plans/{plan_id}/close", "POST /merchant/plans/{plan_id}/reopen",
    "POST /merchant/plans/{plan_id}/trial/end",
    "POST /merchant/plan/{day_id}/again", "POST /warehouse/days/{day_id}/release",
    "POST /warehouse/waves/{wave_id}/deliver", "POST /warehouse/waves/{wave_id}/print",
    "POST /warehouse/lots/{lot_id}/hold", "POST /warehouse/lots/{lot_id}/let-go",
    "POST /warehouse/lots/{lot_id}/recall",
})  # fmt: skip
"""Buttons: all they say is in the address."""

NOT_A_FORM = frozenset({"POST /webhooks/stripe", "POST /notices/stop"})
"""News between programs, proved by its signature."""
