"""Mails: each once, in the reader's language, whole."""

import dataclasses
import re
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from ripeday.kit.adapters import outbox
from ripeday.kit.text import message
from ripeday.translation import translator
from ripeday.web.palette import mail_palette
from subscriptions.account import LINK_LIFETIME, STALE_AFTER
from subscriptions.adapters.letter_html import html
from subscriptions.notice.box import BOX_NOTICES
from subscriptions.notice.letter import Letter
from subscriptions.ports import MailRefused, MailUnavailable
from subscriptions.role import Role
from tests.market import DELIVERY_ON, Market, add_addon, add_box, add_lot, insert, open_market
from tests.sandbox_fixture import Sandbox
from tests.subscriptions.people import (
    BASE_URL,
    IP,
    NOW,
    Door,
    add_person,
    admin_of,
    fetch,
    open_door,
)

HAN = re.compile(r"[\u4e00-\u9fff]")
LANGUAGES = ("en", "zh")


@pytest.fixture
async def door(database: str, valkey_url: str) -> AsyncIterator[Door]:
    async with Redis.from_url(valkey_url) as redis:
        yield open_door(redis)


async def box_of(locale: str, *, note: str | None = None) -> tuple[Market, UUID]:
    market = await open_market()
    lot = await add_lot(market, "kiwifruit_green", units=100)
    box = await add_box(market, [(lot, 4)])
    await fetch("UPDATE person SET locale = $1 RETURNING id", locale)
    await fetch("UPDATE box SET status_note = $1 RETURNING id", note)
    await fetch(
        "INSERT INTO notice_choice (id, person, topic, is_wanted, chosen_at)"
        " SELECT gen_random_uuid(), id, 'preview', true, $1 FROM person RETURNING id",
        NOW,
    )
    return market, box


async def put(kind: str, **payload: str) -> None:
    await outbox.put("notice", {"kind": kind, **payload}, dedupe_key=f"{kind}:{uuid4()}", now=NOW)


def assert_whole(door: Door, locale: str) -> None:
    """No placeholder, no English in a Chinese mail, no Chinese in an English one, both parts say the same."""
    mail = door.mailbox.mails[-1]
    said = f"{mail.subject}\n{mail.text}"
    assert not re.search(r"[{}]|None|%[sd]|·{4}", said)
    bare = re.sub(r"https?://\S+|Ripeday|Greengate Fruit|Fruit for one", "", said)
    if locale == "zh":
        assert HAN.search(mail.subject)
        assert not re.search(r"[a-z]{3,}", bare), bare
    else:
        assert not HAN.search(said)
        assert "!" not in said
    assert mail.html is not None
    as_text = re.sub(r"<[^>]+>", " ", mail.html.partition("<body")[2]).replace("&amp;", "&")
    for line in mail.text.splitlines():
        if line.strip("- ") and "://" not in line:
            parts = re.split(r": |：", line[2:]) if line.startswith("- ") else [line]
            assert [part for part in parts if part not in as_text] == [], line


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(BOX_NOTICES))
async def test_every_mail_about_a_box_is_whole_in_both_languages(
    door: Door, kind: str, locale: str
) -> None:
    _, box = await box_of(locale)
    await put(kind, box=str(box))

    assert await door.relay() == 1
    assert await door.relay() == 0  # told once

    assert_whole(door, locale)
    assert str(box) in door.mailbox.mails[-1].text or kind == "card_declined"


@pytest.mark.parametrize("locale", LANGUAGES)
async def test_a_mail_about_money_says_how_much_from_which_card(door: Door, locale: str) -> None:
    _, box = await box_of(locale)
    await put("box_paid", box=str(box))
    await door.relay()
    text = door.mailbox.mails[-1].text
    assert "€22.00" in text
    assert "4242" in text
    assert {"en": "4 kiwifruit", "zh": "4个猕猴桃"}[locale] in text
    assert {"en": "Tue\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}Dec", "zh": "12月1日"}[locale] in text


@pytest.mark.parametrize("locale", LANGUAGES)
async def test_a_mail_before_the_cut_off_names_what_rides_along_and_counts_it(
    door: Door, locale: str
) -> None:
    market, box = await box_of(locale)
    await insert(
        "addon_order", id=uuid4(), merchant=market.merchant, subscription=market.subscriptions[0],
        addon=await add_addon(market), kind="standing", from_on=DELIVERY_ON, units=2, asked_at=NOW,
    )  # fmt: skip
    await put("box_reminder", box=str(box))
    await door.relay()
    assert_whole(door, locale)
    text = door.mailbox.mails[-1].text
    assert {"en": "2 × Honey", "zh": "蜂蜜 × 2"}[locale] in text
    assert "€15.00" in text
    assert "€37.00" in text


@pytest.mark.parametrize("locale", LANGUAGES)
async def test_a_bank_that_got_no_answer_is_not_called_a_refusal(door: Door, locale: str) -> None:
    _, box = await box_of(locale, note="authentication_missed")
    await put("card_declined", box=str(box))
    await door.relay()
    assert_whole(door, locale)
    assert "4242" not in door.mailbox.mails[-1].text


@pytest.mark.parametrize("locale", LANGUAGES)
async def test_a_new_subscriber_is_told_day_price_and_cut_off(door: Door, locale: str) -> None:
    market, _ = await box_of(locale)
    await put("subscribed", subscription=str(market.subscriptions[0]))
    await door.relay()
    assert_whole(door, locale)
    text = door.mailbox.mails[-1].text.replace("\N{NO-BREAK SPACE}", " ")
    wanted = {
        "en": ("Tue 6 Oct", "Sun 4 Oct, 8 pm", "€22.00"),
        "zh": ("10月6日", "10月4日 周日 晚上 8 点前", "€22.00"),
    }
    assert [word for word in wanted[locale] if word not in text] == []


@pytest.mark.parametrize("locale", LANGUAGES)
async def test_mails_of_the_door_are_whole_in_both_languages(door: Door, locale: str) -> None:
    market = await open_market()
    admin = admin_of(
        market.merchant,
        await add_person("clara@example.org", name="陆晓岚" if locale == "zh" else "Clara"),
    )
    await add_person("anna@example.org", locale=locale)
    await door.accounts.send_sign_in_link("anna@example.org", ip=IP, now=NOW, then="/boxes?a=1&b=2")
    await door.relay()
    assert_whole(door, locale)
    assert door.mailbox.link().startswith("/sign-in/link?token=")
    assert door.mailbox.link().endswith("&next=%2Fboxes%3Fa%3D1%26b%3D2")
    await door.accounts.send_reset_link("anna@example.org", ip=IP, now=NOW)
    await door.relay()
    assert_whole(door, locale)
    await door.accounts.invite(
        "anna@example.org", Role.PACKER, merchant_id=market.merchant, actor=admin, now=NOW
    )
    await door.relay()
    assert_whole(door, locale)
    assert door.mailbox.link().startswith("/invite?token=")


async def test_without_a_wish_a_mail_speaks_the_merchants_language(door: Door) -> None:
    _, box = await box_of("en")
    await fetch("UPDATE person SET locale = NULL RETURNING id")
    await fetch("UPDATE merchant SET locale = 'zh' RETURNING id")
    await put("box_delivered", box=str(box))
    await door.relay()
    assert_whole(door, "zh")
    assert "\n\n绿门果园\n\n-- \n" in door.mailbox.mails[-1].text


async def test_a_mail_that_cannot_leave_now_leaves_later_under_the_same_id(door: Door) -> None:
    _, box = await box_of("en")
    await put("box_paid", box=str(box))
    door.mailbox.trouble = [MailUnavailable("timeout")]
    with pytest.raises(MailUnavailable):
        await door.relay()
    ((before, parcel),) = await fetch("SELECT done_at, id FROM outbox")
    assert before is None

    assert await door.relay() == 1
    assert door.mailbox.mails[-1].message_id == f"outbox.{parcel}@boxes.example"


async def test_a_mail_that_is_refused_is_parked(door: Door) -> None:
    _, box = await box_of("en")
    await put("box_paid", box=str(box))
    door.mailbox.trouble = [MailRefused("550 no such mailbox")]
    await door.relay()
    ((done, parked, why),) = await fetch("SELECT done_at, parked_at, last_error FROM outbox")
    assert (done, parked, why) == (None, NOW, "550 no such mailbox")
    assert await door.relay() == 0


async def test_a_link_mailed_late_lives_from_then_on_and_a_very_late_one_is_not_mailed(
    door: Door,
) -> None:
    await add_person("anna@example.org")
    late = NOW.add(minutes=40)
    await door.accounts.send_sign_in_link("anna@example.org", ip=IP, now=NOW)
    await door.relay(now=late)
    end = late + LINK_LIFETIME
    await door.accounts.sign_in_by_link(door.mailbox.token(), ip=IP, now=end.subtract(seconds=1))

    await door.accounts.send_sign_in_link("anna@example.org", ip=IP, now=NOW)
    assert await door.relay(now=(NOW + STALE_AFTER).add(seconds=1)) == 0


async def test_a_link_whose_mail_had_to_be_sent_again_works(door: Door) -> None:
    await add_person("anna@example.org")
    await door.accounts.send_sign_in_link("anna@example.org", ip=IP, now=NOW)
    door.mailbox.trouble = [MailUnavailable("timeout")]
    with pytest.raises(MailUnavailable):
        await door.relay()
    await door.relay()
    await door.accounts.sign_in_by_link(door.mailbox.token(), ip=IP, now=NOW)


async def test_a_notice_nobody_knows_is_not_lost(door: Door) -> None:
    await put("weather")
    with pytest.raises(LookupError):
        await door.relay()
    assert await fetch("SELECT done_at FROM outbox") == [(None,)]


def test_a_name_with_markup_stays_a_name() -> None:
    letter = Letter(
        message("{a}", a="<b>"),
        (message("Hello {a}", a="<script>alert(1)</script>"),),
        "<i>Shop</i>",
    )
    page = html(letter, translator("en"), mail_palette())
    assert "<script>" not in page
    assert "<i>" not in page


async def test_a_mail_arrives_at_a_real_mail_server(door: Door, sandbox: Sandbox) -> None:
    _, box = await box_of("zh")
    ((email,),) = await fetch("SELECT email FROM person")
    real = dataclasses.replace(door.notices, mailer=sandbox.mailer())
    await put("box_delivered", box=str(box))
    ((parcel,),) = await fetch("SELECT id FROM outbox")
    await real.deliver(parcel, now=NOW)
    (mail,) = sandbox.mails(email)
    assert mail["subject"] == "您的箱子到了"
    assert "一天一天看" in mail["text"]
    assert 'lang="zh-Hans"' in mail["html"]
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in mail["headers"]
    assert f"List-Unsubscribe: <{BASE_URL}/notices/stop?token=" in mail["headers"]


def test_a_mail_brings_all_it_shows_and_has_the_colours_of_the_pages() -> None:
    letter = Letter(message("{a}", a="Hello"), (), "Shop", action=(message("Sign in"), BASE_URL))
    page, palette = html(letter, translator("en"), mail_palette()), mail_palette()
    assert not re.search(r"<img|<link|<script|url\(|@import|@font-face|src=", page)
    assert "prefers-color-scheme:dark" in page
    for colours in (palette.light, palette.dark):
        assert colours["surface"] in page
        assert colours["act"] in page
    assert palette.light.keys() <= palette.dark.keys()
    assert palette.light["surface"] == "#FFFFFF"
    assert palette.dark["surface"] == "#211B21"
