"""Somebody with a browser and a language of their own, who knows the pages by their words alone."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from ripeday.kit.money import Money
from ripeday.kit.text import message
from ripeday.translation import translator
from tests.journeys.barrier import barriers
from tests.journeys.farm_process import FarmProcess

LOOK_MS = 250
WORKED_OFF_MS = 180_000
"""How long what the worker does may take on a busy machine: a mail, a new box."""

_LOOK_INTO_MAILS = """
([to, wanted]) => {
  const asked = new XMLHttpRequest();  // waits for its answer, as a promise would count as found
  asked.open("GET", "/mail/api?to=" + encodeURIComponent(to), false);
  asked.send();
  return JSON.parse(asked.responseText).map(mail => mail.text.match(wanted)?.[0]).find(found => found);
}
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """A page of a browser, read in one language: the words asked for are those of the translation catalogs."""

    page: Page
    farm: FarmProcess
    locale: str

    def say(self, text: str, **values: object) -> str:
        """Return a sentence in the reader's language."""
        return translator(self.locale).render(message(text, **values))

    def money(self, amount: Money) -> str:
        """Return an amount as the reader's language has it."""
        return self.say("{amount}", amount=amount)

    def go(self, path: str) -> None:
        """Open a page by its address."""
        self.page.goto(self.farm.url + path)

    def follow(self, text: str, **values: object) -> None:
        """Follow the first link of these words; hidden words for screen readers may come after them."""
        self.link(self.say(text, **values)).click()

    def link(self, words: str) -> Locator:
        """Return the first link of the page itself that begins with some words."""
        main = self.page.get_by_role("main")
        return main.get_by_role("link", name=re.compile("^" + re.escape(words))).first

    def press(self, text: str) -> None:
        """Press the button of these words."""
        self.page.get_by_role("button", name=self.say(text), exact=True).click()

    def expect_heading(self, text: str, **values: object) -> None:
        """Expect the page of this heading, in which an accessibility checker finds nothing."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.say(text, **values))
        assert barriers(self.page) == []

    def api(self, path: str) -> Any:
        """Ask the JSON API as the person who is signed in here."""
        answer = self.page.request.get(f"{self.farm.url}/api/v1{path}")
        assert answer.ok, answer.text()
        return answer.json()

    def sign_in_by_mail(self, email: str) -> None:
        """Sign in with a link from the mailbox."""
        self.go("/sign-in")
        self.page.get_by_label(self.say("E-mail")).fill(email)
        self.press("Mail me a link")
        self.page.goto(self.mailed(email, r"http\S+/sign-in/link\S+"))
        self.page.get_by_role("main").get_by_role("button").click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def mailed(self, email: str, wanted: str) -> str:
        """Wait for a mail with something in its text, as who looks into the mailbox does; return what was found."""
        browser = self.page.context.browser
        assert browser is not None
        desk = browser.new_context(
            bypass_csp=True
        )  # or the mailbox's own page may not ask for mails
        mailbox = desk.new_page()
        mailbox.goto(f"{self.farm.sandbox_url}/mail")
        found = mailbox.wait_for_function(
            _LOOK_INTO_MAILS, arg=[email, wanted], polling=LOOK_MS, timeout=WORKED_OFF_MS
        )
        text = str(found.json_value())
        desk.close()
        return text
