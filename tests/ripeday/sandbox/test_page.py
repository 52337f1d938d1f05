"""The provider's own page, as a customer meets it."""

import re

import httpx
import pytest

from subscriptions.adapters.stripe_gateway import StripeGateway
from subscriptions.ports import Mail
from tests.sandbox_fixture import Sandbox

GOOD = {"number": "4242 4242 4242 4242", "expiry": "12/30", "cvc": "123", "name": "Anna"}
BACK = "http://farm.example/card/{CHECKOUT_SESSION_ID}"


async def page_for(gateway: StripeGateway, *, locale: str = "en") -> tuple[str, str]:
    """Return session id and address of a card page."""
    customer = await gateway.create_customer(
        email="anna@example.org", name="Anna", locale=locale, reference="s", idempotency_key="c"
    )
    setup = await gateway.start_card_setup(
        customer=customer,
        success_url=BACK,
        cancel_url="http://farm.example/pay",
        locale=locale,
        reference="s",
    )
    return setup.session_id, setup.url


async def test_a_card_is_saved_and_the_customer_sent_back(sandbox: Sandbox) -> None:
    gateway = sandbox.gateway()
    session_id, url = await page_for(gateway)
    assert await gateway.finished_card_setup(session_id) is None

    async with httpx.AsyncClient() as browser:
        shown = await browser.get(url)
        back = await browser.post(url, data=GOOD)
        again = await browser.post(url, data=GOOD)

    assert "No money moves here" in shown.text
    assert back.status_code == 303
    assert back.headers["location"] == f"http://farm.example/card/{session_id}"
    assert again.headers["location"] == back.headers["location"]
    card = await gateway.finished_card_setup(session_id)
    assert card is not None
    assert (card.brand, card.last4, card.exp_month, card.exp_year) == ("visa", "4242", 12, 2030)
    assert [n["type"] for n in sandbox.waiting_news()] == ["checkout.session.completed"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": "4242 4242 4242 4243"}, "has a slip"),
        ({"number": "4111 1111 1111 1111"}, "never type a real one"),
        ({"number": ""}, "Enter a card number"),
        ({"expiry": "13/30"}, "Enter month and year"),
        ({"expiry": "01/20"}, "has expired"),
        ({"cvc": "1"}, "three digits"),
        ({"name": " "}, "Enter the name"),
        ({"number": "4000 0000 0000 0002"}, "was declined"),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(
    sandbox: Sandbox, change: dict[str, str], words: str
) -> None:
    gateway = sandbox.gateway()
    session_id, url = await page_for(gateway)
    async with httpx.AsyncClient() as browser:
        shown = await browser.post(url, data={**GOOD, **change})

    assert shown.status_code == 422
    assert words in shown.text
    assert shown.text.count('class="wrong"') == 1
    assert 'aria-invalid="true"' in shown.text
    assert await gateway.finished_card_setup(session_id) is None


@pytest.mark.parametrize("number", ["4000 0025 0000 3155", "4000 0027 6000 3184"])
async def test_a_bank_that_asks_is_asked_before_the_card_is_saved(
    sandbox: Sandbox, number: str
) -> None:
    gateway = sandbox.gateway()
    session_id, url = await page_for(gateway)
    async with httpx.AsyncClient() as browser:
        bank = (await browser.post(url, data={**GOOD, "number": number})).headers["location"]
        refused = await browser.post(bank, data={"answer": "no"})
        assert await gateway.finished_card_setup(session_id) is None
        assert "did not confirm" in (await browser.get(url)).text

        bank = (await browser.post(url, data={**GOOD, "number": number})).headers["location"]
        back = await browser.post(bank, data={"answer": "yes"})

    assert refused.headers["location"].endswith(f"/c/pay/{session_id}")
    assert back.headers["location"] == f"http://farm.example/card/{session_id}"
    assert await gateway.finished_card_setup(session_id) is not None


async def test_the_page_speaks_chinese_to_whom_the_farm_does(sandbox: Sandbox) -> None:
    _, url = await page_for(sandbox.gateway(), locale="zh")
    async with httpx.AsyncClient() as browser:
        shown = await browser.get(url)
        wrong = await browser.post(url, data={**GOOD, "expiry": "x"})

    assert '<html lang="zh">' in shown.text
    assert "绑定银行卡" in shown.text
    words = re.findall(r">([^<]*[A-Za-z]{3,}[^<]*)<", shown.text.split("<body>")[1])
    assert [w.strip() for w in words] == ["English"]
    assert "请填写月和年" in wrong.text


async def test_an_expired_page_is_over(sandbox: Sandbox) -> None:
    gateway = sandbox.gateway()
    session_id, url = await page_for(gateway)
    await sandbox.stripe().v1.checkout.sessions.expire_async(session_id)
    async with httpx.AsyncClient() as browser:
        shown = await browser.post(url, data=GOOD)

    assert shown.status_code == 404
    assert await gateway.finished_card_setup(session_id) is None


async def test_a_mail_is_shown_with_links_but_cannot_run_anything(sandbox: Sandbox) -> None:
    await sandbox.mailer().send(
        Mail(
            to="anna@example.org",
            subject="<b>Box</b>",
            text="See http://farm.example/box",
            message_id="m@farm.example",
            html='<script>alert(1)</script><a href="http://farm.example/box">Box</a>',
        )
    )
    seq = sandbox.mails("anna@example.org")[0]["seq"]
    async with httpx.AsyncClient(base_url=sandbox.url) as browser:
        listed = await browser.get("/mail", params={"to": "anna@example.org"})
        shown = await browser.get(f"/mail/{seq}")
        inside = await browser.get(f"/mail/{seq}/html")

    assert "&lt;b&gt;Box&lt;/b&gt;" in listed.text
    assert 'href="http://farm.example/box"' in shown.text
    assert "allow-scripts" not in inside.headers["content-security-policy"]
    assert inside.headers["content-security-policy"].startswith("sandbox ")
    assert "default-src 'none'" in inside.headers["content-security-policy"]
