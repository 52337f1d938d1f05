"""Receipts: a customer's own, newest first, and the public page that proves one."""

import base64
import datetime as dt
from dataclasses import dataclass
from typing import Any

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from pendulum import DateTime

from ripeday.kit.errors import NotFound
from ripeday.kit.money import Money
from ripeday.kit.text import Message, message
from ripening.reading import day_words
from subscriptions.adapters import money_page, receipt_store
from subscriptions.adapters.money_page import ChargeView, CreditView
from subscriptions.adapters.receipt_store import ReceiptView
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.receipt import Deed, Done, read_number
from subscriptions.receipt_wording import (
    ReceiptKind,
    exact_words,
    heading,
    moment_words,
    pays,
    receipt_rows,
)
from subscriptions.role import Identity
from subscriptions.services.receipts import ReceiptDesk, prove

SHOWN = 20
_LONGEST_NUMBER = 40
_YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One receipt in a list; `when` is by the merchant's wall clock."""

    at: dt.datetime
    heading: Message
    when: Message
    pays: Message | None
    icon: str
    href: str


class ReceiptController(Controller):
    """What was done, and what was paid."""

    path = "/receipts"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def list_receipts(
        self,
        *,
        identity: NamedDependency[Identity],
        kind: FromQuery[str] = "",
        before: FromQuery[dt.datetime | None] = None,
    ) -> Template:
        """Show receipts newest first; `kind` narrows them, `before` leads further back."""
        chosen = next((each for each in ReceiptKind if each.value == kind), None)
        lines = await _lines(identity, chosen, in_utc(before))
        context = {
            "lines": lines[:SHOWN],
            "kinds": list(ReceiptKind),
            "chosen": chosen,
            "earlier": lines[SHOWN - 1].at.isoformat() if len(lines) > SHOWN else None,
            "is_earlier": before is not None,
        }
        return Template("customer/receipts.html", context=context)

    @get("/{number:str}")
    async def show_receipt(
        self,
        *,
        number: FromPath[str],
        identity: NamedDependency[Identity],
        receipts: NamedDependency[ReceiptDesk],
        now: NamedDependency[DateTime],
    ) -> Template:
        """Show one receipt, with how to take back what it is for.

        Raises
        ------
        NotFound
        """
        known = read_number(number)
        view = known and await receipt_store.own_receipt(identity.person_id, known)
        if not view:
            raise NotFound
        context = {
            **_receipt_context(view, now),
            "verify_url": receipts.verify_url(view.receipt.number),
            "code": _as_source(receipts.code_of(view.receipt.number)),
        }
        return Template("customer/receipt.html", context=context)


def _receipt_context(view: ReceiptView, now: DateTime) -> dict[str, Any]:
    done = view.receipt.done
    back = taking_back(view, now)
    return {
        "view": view,
        "heading": heading(done),
        "rows": receipt_rows(view.receipt, timezone=view.timezone),
        "back": back,
        "until": moment_words(done.cutoff_at, view.timezone) if back and done.cutoff_at else None,
    }


def taking_back(view: ReceiptView, now: DateTime) -> str | None:
    """Return the page on which what a receipt is for can be taken back; None where it is too late, or done already."""
    done = view.receipt.done
    at = f"/subscriptions/{view.receipt.subscription_id}"
    if done.cutoff_at is not None and now >= done.cutoff_at:
        return None
    where = _TAKEN_BACK_ON.get(done.deed)
    return None if where is None else f"{at}/{where.format(on=done.delivery_on)}"


class VerifyController(Controller):
    """For everybody who has the number of a receipt."""

    path = "/verify"

    @get("/")
    async def ask(self, number: FromQuery[str] = "") -> Template | Redirect:
        """Ask for a number, and lead to what it proves."""
        known = read_number(number[:_LONGEST_NUMBER])
        if known is not None:
            return Redirect(f"/verify/{known}", status_code=303)
        return Template("customer/verify_ask.html", context={"typed": number[:_LONGEST_NUMBER]})

    @get("/{number:str}")
    async def verify(self, number: FromPath[str]) -> Template:
        """Recompute the chain, and say whether the receipt holds."""
        proof = await prove(number[:_LONGEST_NUMBER])
        if proof is None:
            return Template(
                "customer/verify_ask.html",
                context={"typed": number[:_LONGEST_NUMBER]},
                status_code=404,
            )
        done, zone = proof.view.receipt.done, proof.view.timezone
        context = {
            "proof": proof,
            "heading": heading(done),
            "asked": exact_words(done.asked_at, zone),
            "cutoff": exact_words(done.cutoff_at, zone) if done.cutoff_at else None,
            "in_time": done.cutoff_at is None or done.asked_at < done.cutoff_at,
            "pays": pays(done),
        }
        return Template("customer/verify.html", context=context)


async def _lines(
    identity: Identity, kind: ReceiptKind | None, before: dt.datetime | None
) -> list[ReceiptLine]:
    deeds = tuple(Deed) if kind is None else tuple(kind.deeds)
    found: list[ReceiptLine] = []
    if deeds:
        views = await receipt_store.own_receipts(
            identity.person_id, deeds=deeds, before=before, limit=SHOWN + 1
        )
        found += [_of_deed(view) for view in views]
    if kind in (None, ReceiptKind.MONEY):
        charges = await money_page.charges_of(identity.person_id, before=before, limit=SHOWN + 1)
        found += [_of_charge(each) for each in charges]
        credits_ = await money_page.credits_of(identity.person_id, before=before, limit=SHOWN + 1)
        found += [_of_credit(each) for each in credits_]
    return sorted(found, key=_at, reverse=True)[: SHOWN + 1]


def _at(line: ReceiptLine) -> dt.datetime:
    return line.at


_TAKEN_BACK_ON = {
    Deed.SKIPPED: "skips/{on}",
    Deed.MOVED: "moves/{on}",
    Deed.DONATED: "donations/{on}",
    Deed.PLACE_CHANGED: "places/{on}",
    Deed.PAUSED: "pause",
}
_ICONS = {
    Deed.SKIPPED: "skip-forward",
    Deed.SKIP_WITHDRAWN: "undo-2",
    Deed.MOVED: "calendar-range",
    Deed.MOVE_WITHDRAWN: "undo-2",
    Deed.DONATED: "heart",
    Deed.DONATION_WITHDRAWN: "undo-2",
    Deed.PLACE_CHANGED: "map-pin",
    Deed.PLACE_WITHDRAWN: "undo-2",
    Deed.RHYTHM_CHANGED: "calendar-range",
    Deed.PAUSED: "pause",
    Deed.RESUMED: "repeat-2",
    Deed.CANCELLED: "x",
    Deed.CANCEL_WITHDRAWN: "undo-2",
}


def _of_deed(view: ReceiptView) -> ReceiptLine:
    done: Done = view.receipt.done
    return ReceiptLine(
        done.asked_at,
        heading(done),
        moment_words(done.asked_at, view.timezone),
        pays(done),
        _ICONS[done.deed],
        f"/receipts/{view.receipt.number}",
    )


def _of_charge(charge: ChargeView) -> ReceiptLine:
    said = (
        message("Box of {day} paid, and refunded", day=day_words(charge.delivery_on))
        if charge.is_refunded
        else message("Box of {day} paid", day=day_words(charge.delivery_on))
    )
    amount: Money = charge.amount
    return ReceiptLine(
        charge.at,
        said,
        moment_words(charge.at, charge.timezone),
        message("{amount}", amount=amount),
        "credit-card",
        f"/boxes/{charge.box_id}",
    )


def _of_credit(credit: CreditView) -> ReceiptLine:
    return ReceiptLine(
        credit.at,
        message("Credit for the box of {day}", day=day_words(credit.delivery_on)),
        moment_words(credit.at, credit.timezone),
        message("{amount}", amount=credit.amount),
        "wallet",
        f"/boxes/{credit.box_id}",
    )


def in_utc(at: dt.datetime | None) -> dt.datetime | None:
    """Return an instant that was typed; None for one that the calendar does not hold."""
    if at is None or at.year not in _YEARS:
        return None
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def _as_source(svg: str) -> str:
    """Return a picture as an address, for pages that are printed as they are."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode('ascii')}"
