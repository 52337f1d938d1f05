"""The pages of the sandbox: card entry, the bank's question, caught mail, and what all this is."""

import re
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Request, Response, get, post
from litestar.datastructures import State
from litestar.response import Redirect

from ripeday.kit.money import Money
from ripeday.kit.wording import money
from ripeday.sandbox.api import Api
from ripeday.sandbox.books import Books
from ripeday.sandbox.call import Call
from ripeday.sandbox.card import card_by_number, passes_checksum
from ripeday.sandbox.courier import Courier
from ripeday.sandbox.mail import caught, caught_mail
from ripeday.sandbox.payment import authenticate_payment
from ripeday.sandbox.refusal import ApiRefusal
from ripeday.sandbox.setup import authenticate_setup, enter_card, expired_or, finish_session
from ripeday.sandbox.translation import chosen_language, translated

HERE = Path(__file__).parent
STATIC = HERE / "static"
_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
_LETTER_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; "
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
Visit = Request[None, None, State]


@get("/")
async def index(request: Visit) -> Response[str]:
    """Explain what this is."""
    return _page(request, "index.html", _language(request))


@get("/c/pay/{session_id:str}")
async def card_form(request: Visit, session_id: str) -> Response[str] | Redirect:
    """Show the page on which a customer enters a card."""
    return _session_page(request, session_id)


@post("/c/pay/{session_id:str}", status_code=200)
async def card_entered(request: Visit, session_id: str) -> Response[str] | Redirect:
    """Save the card, or say what is wrong with it."""
    call = _call(request)
    session = call.books.find("checkout.session", session_id)
    if session is None or session["status"] != "open":
        return _session_page(request, session_id)
    form = {name: str(value) for name, value in (await request.form()).items()}
    errors = _errors(form, year_month=time.strftime("%y%m", time.gmtime(call.now)))
    if errors:
        return _session_page(request, session_id, form=form, errors=errors)
    card = card_by_number(_digits(form["number"]))
    if card is None:
        raise ValueError("the form was checked")
    month, year = _expiry(form["expiry"]) or (0, 0)
    try:
        with call.books.whole():
            bank_page = enter_card(
                call, session, card, expires=(month, 2000 + year), name=form["name"].strip()
            )
    except ApiRefusal as refusal:
        said = {"number": refusal.body["message"]}
        return _session_page(request, session_id, form=form, errors=said)
    _wake(request)
    return Redirect(bank_page or _back(session), status_code=303)


@get("/authenticate/{intent_id:str}")
async def bank_question(request: Visit, intent_id: str) -> Response[str]:
    """Show the bank's question whether it is really the customer."""
    call = _call(request)
    kind = "setup_intent" if intent_id.startswith("seti_") else "payment_intent"
    intent = call.books.find(kind, intent_id)
    if intent is None or intent["status"] != "requires_action":
        return _page(request, "over.html", _language(request), status_code=404)
    session = _session_of(call, intent)
    language = _language(request, session.get("locale") if session else None)
    amount = ""
    if "amount" in intent:
        amount = money(Money(intent["amount"], intent["currency"].upper()), language)
    return _page(request, "authenticate.html", language, amount=amount)


@post("/authenticate/{intent_id:str}", status_code=200)
async def bank_answered(request: Visit, intent_id: str) -> Response[str] | Redirect:
    """Take the customer's answer and send them back to where they came from."""
    call = _call(request)
    kind = "setup_intent" if intent_id.startswith("seti_") else "payment_intent"
    intent = call.books.find(kind, intent_id)
    if intent is None or intent["status"] != "requires_action":
        return _page(request, "over.html", _language(request), status_code=404)
    accepted = (await request.form()).get("answer") == "yes"
    session = _session_of(call, intent)
    with call.books.whole():
        settle = authenticate_setup if kind == "setup_intent" else authenticate_payment
        settled = settle(call, intent, accepted=accepted)
        if session is not None and accepted:
            finish_session(call, session)
    _wake(request)
    return Redirect(_after_bank(settled, session, accepted=accepted), status_code=303)


@get("/mail")
async def mailbox(request: Visit, to: str | None = None) -> Response[str]:
    """List the caught mail, newest first."""
    mails = caught(_books(request), recipient=to or None)
    return _page(request, "mailbox.html", _language(request), mails=mails, to=to or "")


@get("/mail/api")
async def mail_as_json(request: Visit, to: str | None = None) -> list[dict[str, Any]]:
    """Return the caught mail as JSON, newest first."""
    return [asdict(mail) for mail in caught(_books(request), recipient=to or None)]


@get("/mail/{seq:int}")
async def letter(request: Visit, seq: int) -> Response[str]:
    """Show one mail."""
    mail = caught_mail(_books(request), seq)
    if mail is None:
        return _page(request, "over.html", _language(request), status_code=404)
    return _page(request, "letter.html", _language(request), mail=mail)


@get("/mail/{seq:int}/html")
async def letter_html(request: Visit, seq: int) -> Response[str]:
    """Return a mail's HTML, locked in so that it can do nothing but open links."""
    mail = caught_mail(_books(request), seq)
    body = f'<base target="_top">{mail.html}' if mail and mail.html else ""
    headers = {"Content-Security-Policy": _LETTER_POLICY}
    return Response(body, media_type=MediaType.HTML, headers=headers)


PAGES = [
    index,
    card_form,
    card_entered,
    bank_question,
    bank_answered,
    mailbox,
    mail_as_json,
    letter,
    letter_html,
]


def _session_page(
    request: Visit,
    session_id: str,
    *,
    form: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Response[str] | Redirect:
    """Return the card page of an open session; a finished one leads back to the shop."""
    call = _call(request)
    session = call.books.find("checkout.session", session_id)
    if session is not None and session["status"] == "open":
        with call.books.whole():
            session = expired_or(call, session)
    if session is None or session["status"] == "expired":
        return _page(request, "over.html", _language(request), status_code=404)
    if session["status"] == "complete":
        return Redirect(_back(session), status_code=303)
    if errors is None and (failed := _failed_before(call, session)):
        errors = {"number": failed}
    return _page(
        request,
        "card.html",
        _language(request, session["locale"]),
        session=session,
        form=form or {},
        errors=errors or {},
        status_code=422 if form and errors else 200,
    )


def _failed_before(call: Call, session: dict[str, Any]) -> str | None:
    """Return why the bank let the last card of this session fall, if it did."""
    intent = call.books.find("setup_intent", session["setup_intent"])
    error = intent["last_setup_error"] if intent else None
    return str(error["message"]) if error else None


def _errors(form: dict[str, str], *, year_month: str) -> dict[str, str]:
    """Return what is wrong with the form, by field; `year_month` is now, like "2611"."""
    errors = {}
    number = _digits(form.get("number", ""))
    if not number:
        errors["number"] = "Enter a card number, like 4242 4242 4242 4242."
    elif not passes_checksum(number):
        errors["number"] = "This number has a slip in it. Please look again."
    elif card_by_number(number) is None:
        errors["number"] = "Only test cards work here. Please never type a real one."
    expiry = _expiry(form.get("expiry", ""))
    if expiry is None:
        errors["expiry"] = "Enter month and year, like 12/30."
    elif f"{expiry[1]:02}{expiry[0]:02}" < year_month:
        errors["expiry"] = "This card has expired."
    if not re.fullmatch(r"\d{3,4}", form.get("cvc", "").strip()):
        errors["cvc"] = "Enter any three digits."
    if not form.get("name", "").strip():
        errors["name"] = "Enter the name on the card."
    return errors


def _expiry(text: str) -> tuple[int, int] | None:
    """Return (month, two-digit year) of "12/30", or None."""
    match = re.fullmatch(r"\s*(\d{1,2})\s*[/ -]\s*(?:20)?(\d{2})\s*", text)
    if match is None or not 1 <= int(match[1]) <= 12:
        return None
    return int(match[1]), int(match[2])


def _digits(text: str) -> str:
    return re.sub(r"[\s-]", "", text) if re.fullmatch(r"[\d\s-]{0,40}", text) else "0"


def _spaced(number: str) -> str:
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def _back(session: dict[str, Any]) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _after_bank(intent: dict[str, Any], session: dict[str, Any] | None, *, accepted: bool) -> str:
    """Return where the customer goes after the bank's question."""
    if session is not None:
        return _back(session) if accepted else f"/c/pay/{session['id']}"
    return_url = intent.get("_return_url")
    if not return_url:
        return "/"
    status = "succeeded" if accepted else "failed"
    joint = "&" if "?" in return_url else "?"
    secret = intent["client_secret"]
    name = intent["object"]
    return (
        f"{return_url}{joint}{name}={intent['id']}&{name}_client_secret={secret}"
        f"&redirect_status={status}"
    )


def _session_of(call: Call, intent: dict[str, Any]) -> dict[str, Any] | None:
    found = call.books.all("checkout.session", setup_intent=intent["id"])
    return found[0] if found else None


def _books(request: Visit) -> Books:
    books: Books = request.app.state.books
    return books


def _call(request: Visit) -> Call:
    api: Api = request.app.state.api
    return api.call(path=(), base_url=str(request.base_url).rstrip("/"))


def _wake(request: Visit) -> None:
    courier: Courier = request.app.state.courier
    courier.wake()


def _language(request: Visit, session_locale: str | None = None) -> str:
    asked = request.query_params.get("lang")
    return chosen_language(asked, session_locale, request.headers.get("accept-language"))


def _page(
    request: Visit, template: str, language: str, *, status_code: int = 200, **values: Any
) -> Response[str]:
    def say(text: str) -> str:
        return translated(text, language)

    body = _TEMPLATES.get_template(template).render(
        _=say, language=language, path=request.url.path, cards_shown=_shown_cards(), **values
    )
    headers = {
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body, media_type=MediaType.HTML, status_code=status_code, headers=headers)


def _shown_cards() -> list[tuple[str, str]]:
    """Return the test cards worth showing, with what the bank does."""
    wanted = {
        "4242424242424242": "Works",
        "4000000000000341": "Is saved, then declined at the first box",
        "4000002500003155": "The bank asks once, when it is saved",
        "4000002760003184": "The bank asks for every payment",
        "4000000000000002": "Is declined at once",
    }
    return [(_spaced(number), words) for number, words in wanted.items()]
