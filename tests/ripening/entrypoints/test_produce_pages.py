"""Anybody may read when something is ripe, how sure that is, and where every number comes from."""

import re
from dataclasses import replace

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from ripening.adapters import learned_store
from ripening.entrypoints import produce_controller
from ripening.learned_times import LearnedTimes
from ripening.produce import load_profiles
from ripening.spread import Spread
from tests.market import add_produce
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.people import BASE_URL, NOW

KEYS = ("banana", "avocado_hass", "kiwifruit_green", "mango", "strawberry", "tulip")


async def reader(web: Web, language: str = "en") -> Browser:
    browser = await web.browser()
    browser.cookies.set("lang", language)
    return browser


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("key", KEYS)
async def test_a_page_has_curves_a_table_and_its_sources(web: Web, key: str, language: str) -> None:
    browser = await reader(web, language)

    page = (await browser.get(f"/produce/{key}")).text

    assert page.count("<h1>") == 1
    assert page.count('class="line') >= 5
    assert page.count('class="counted') >= 4
    assert "<details" in page
    assert page.count('class="num"') == 14 * (page.count('class="line') + 2)
    links = re.findall(r'<a href="(\w+)://[^"]+" rel="([^"]+)"', page)
    assert links
    assert {scheme for scheme, _ in links} == {"https"}
    assert all("noopener" in rel for _, rel in links)
    assert " style=" not in page


async def test_every_crop_has_a_page_and_a_card_in_chinese_without_english(web: Web) -> None:
    browser = await reader(web, "zh")
    for key, produce in load_profiles().items():
        answer = await browser.get(f"/produce/{key}")
        assert answer.status_code == 200, key
        main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
        main = re.sub(r'<(\w+)[^>]* lang="en"[^>]*>.*?</\1>', "", main, flags=re.DOTALL)
        words = set(re.findall(r"[A-Za-z]{4,}", re.sub(r"<[^>]*>", " ", main)))
        assert words <= {"USDA"}, (key, words)
        card = await browser.get(f"/produce/{key}/card")
        assert card.status_code == (200 if produce.modelled else 404)


async def test_a_reader_chooses_kitchen_treatment_and_days_by_a_plain_form(web: Web) -> None:
    browser = await reader(web)

    usual = (await browser.get("/produce/mango")).text
    other = (await browser.get("/produce/mango?kitchen=hot&treated=no&days=21")).text
    odd = (await browser.get("/produce/mango?kitchen=oven&treated=maybe&days=9000")).text

    assert '<option value="mild" selected>' in usual
    assert '<option value="hot" selected>' in other
    assert '<option value="no" selected>' in other
    assert 'viewBox="0 0 210.0 100"' in other
    assert 'viewBox="0 0 140.0 100"' in usual
    assert curves(odd) == curves(usual) != curves(other)


def curves(page: str) -> list[str]:
    return re.findall(r'class="line[^"]*" d="([^"]+)"', page)


async def test_the_index_finds_in_both_languages(web: Web) -> None:
    browser = await reader(web)

    everything = (await browser.get("/produce")).text
    by_name = {q: (await browser.get("/produce", params={"q": q})).text for q in ("KIWI", "猕猴桃")}
    nothing = (await browser.get("/produce", params={"q": '<b>"durian'})).text

    assert set(re.findall(r'href="/produce/(\w+)"', everything)) == set(load_profiles())
    for page in by_name.values():
        assert set(re.findall(r'href="/produce/(\w+)"', page)) == {
            "kiwifruit_green",
            "kiwifruit_gold",
        }
    assert "/produce/banana" not in nothing
    assert "<b>&#34;durian" not in nothing
    assert "&lt;b&gt;" in nothing


async def test_nothing_is_said_to_be_learned_before_somebody_reports(web: Web) -> None:
    browser = await reader(web)
    assert "Nobody has told us how theirs turned out" in (await browser.get("/produce/mango")).text

    await add_produce("mango")
    ready, keep = Spread(7.6, 0.9), Spread(3.4, 0.6)
    await learned_store.save(
        LearnedTimes(
            "mango", treated=True, ready=ready, keep=keep, ready_mean_sd_days=0.3,
            keep_mean_sd_days=0.3, n_reports=38, n_lots=5, learned_at=NOW,
        )
    )  # fmt: skip
    page = (await browser.get("/produce/mango")).text

    published = load_profiles()["mango"].ready
    assert published is not None
    assert f"{published.mean:.1f} → 7.6 days" in page
    assert "38 reports" in page
    assert "5 lots" in page
    assert page.count('class="before"') == page.count('class="after"') == 2


async def test_a_card_carries_the_address_of_its_page(web: Web) -> None:
    browser = await reader(web)

    page = (await browser.get("/produce/banana/card?copies=2")).text

    assert page.count('class="ripe-card"') == 2
    size, path = re.findall(r'class="qr" viewBox="0 0 (\d+) \d+"[^>]*><path d="([^"]+)"', page)[0]
    assert read_qr(path, int(size)) == f"{BASE_URL}/produce/banana"


def read_qr(path: str, size: int, dots: int = 6) -> str:
    image = Image.new("L", (size * dots, size * dots), 255)
    draw = ImageDraw.Draw(image)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", path):
        left, top = int(x) * dots, int(y) * dots
        draw.rectangle((left, top, left + int(length) * dots - 1, top + dots - 1), fill=0)
    (found,) = zxingcpp.read_barcodes(np.asarray(image))
    return str(found.text)


@pytest.mark.parametrize("missing", ["ready", "keep"])
async def test_a_crop_without_a_model_says_what_nobody_has_published(
    web: Web, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    known = replace(load_profiles()["pomelo"], why_not_modelled="too few facts")
    pomelo = replace(known, ready=None) if missing == "ready" else replace(known, keep=None)
    monkeypatch.setattr(produce_controller, "load_profiles", lambda: {"pomelo": pomelo})

    page = (await (await reader(web)).get("/produce/pomelo")).text

    said = {"ready": "until they are ripe", "keep": "stay good once they are ripe"}[missing]
    assert (
        f"Nobody has published how many days they {'need ' if missing == 'ready' else ''}{said}"
        in page
    )
    assert 'id="curves"' not in page
    assert "/card" not in page


async def test_there_is_no_page_of_what_nobody_knows(web: Web) -> None:
    browser = await reader(web)
    for path in ("/produce/durian", "/produce/durian/card"):
        assert (await browser.get(path)).status_code == 404
