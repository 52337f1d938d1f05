"""What people want to hear of: chosen on a page of the household, or stopped by the link in a mail."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, InvalidForm, NotFound
from ripeday.kit.text import Message, message
from subscriptions.adapters import notice_choice_store
from subscriptions.adapters.notice_choice_store import Choices
from subscriptions.digest import HOURS
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.notice.topic import TOPIC_WORDS, Topic
from subscriptions.role import Identity
from subscriptions.services.notice import NoticeService
from subscriptions.stop_link import read_stop_token

Visit = Request[Any, Any, Any]
Who = NamedDependency[Identity]
Now = NamedDependency[DateTime]
Notices = NamedDependency[NoticeService]

_ONE_CLICK = "One-Click"
_LONGEST_BODY = 4096
_QUIET = {"referrer-policy": "no-referrer", "cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Wish:
    """One topic on the page."""

    value: str
    name: Message
    when: Message
    is_wanted: bool


class NoticesController(Controller):
    """What a customer hears of."""

    path = "/household/notices"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def show(self, identity: Who, saved: FromQuery[str] = "") -> Template:
        """Show every topic, and which of them are switched on."""
        choices = await notice_choice_store.choices_of(identity.person_id)
        return _page(
            identity, choices.wanted, Form({"hour": _hour_of(choices)}), is_saved=bool(saved)
        )

    @post("/")
    async def choose(self, request: Visit, identity: Who, now: Now) -> Response[Any]:
        """Keep what was ticked."""
        form = await request.form()
        try:
            wanted, hour = _read(form)
        except InvalidForm as error:
            ticked = frozenset(topic for topic in TOPIC_WORDS if topic in form.getall("topic", []))
            page = _page(identity, ticked, Form({"hour": form.get("hour")}).refused(error))
            page.status_code = 422
            return page
        await notice_choice_store.choose(
            identity.person_id, wanted, digest_minute=hour * 60, now=now
        )
        return Redirect("/household/notices?saved=yes", status_code=303)


class StopController(Controller):
    """The link in a mail that stops mails of its kind; it needs nobody to sign in, and shows nobody's address."""

    path = "/notices"

    @get("/stop")
    async def ask(
        self, notices: Notices, token: FromQuery[str] = "", done: FromQuery[str] = ""
    ) -> Template:
        """Ask whether to stop; a link that is merely followed changes nothing."""
        person, topic = _told(notices, token)
        choices = await notice_choice_store.choices_of(person)
        return _stop_page(token, topic, is_on=topic in choices.wanted, is_done=bool(done))

    @post(
        "/stop",
        status_code=200,
        request_max_body_size=_LONGEST_BODY,
        opt={"exclude_from_csrf": True},
    )
    async def stop(
        self, request: Visit, notices: Notices, now: Now, token: FromQuery[str] = ""
    ) -> Response[Any]:
        """Stop the mails: for a button of ours, and in one click for a mail program (RFC 8058).

        The signature in the address is the proof, so no form token is asked for.
        """
        person, topic = _told(notices, token)
        await _switch(person, topic, is_wanted=False, now=now)
        form = await request.form()
        if form.get("List-Unsubscribe") == _ONE_CLICK:
            return Response(b"", media_type="text/plain", headers=_QUIET)
        return Redirect(f"/notices/stop?token={token}&done=yes", status_code=303, headers=_QUIET)

    @post("/resume", status_code=303)
    async def resume(self, notices: Notices, now: Now, token: FromQuery[str] = "") -> Redirect:
        """Take the stop back."""
        person, topic = _told(notices, token)
        await _switch(person, topic, is_wanted=True, now=now)
        return Redirect(f"/notices/stop?token={token}&done=yes", status_code=303, headers=_QUIET)


def _told(notices: NoticeService, token: str) -> tuple[UUID, Topic]:
    found = read_stop_token(notices.secret, token)
    if found is None:
        raise NotFound
    return found


async def _switch(person_id: UUID, topic: Topic, *, is_wanted: bool, now: DateTime) -> None:
    if not await notice_choice_store.want(person_id, topic, is_wanted=is_wanted, now=now):
        raise NotFound


def _read(form: FormMultiDict) -> tuple[Mapping[Topic, bool], int]:
    """Return what was ticked, and the hour of the digest.

    Raises
    ------
    InvalidForm
    """
    errors = []
    ticked = form.getall("topic", [])
    if any(topic not in TOPIC_WORDS for topic in ticked):
        errors.append(Invalid("topic", message("Choose among the mails listed here.")))
    hour = str(form.get("hour") or "")
    if hour not in map(str, HOURS):
        errors.append(Invalid("hour", message("Choose one of the hours.")))
    if errors:
        raise InvalidForm(errors)
    return {topic: topic in ticked for topic in TOPIC_WORDS}, int(hour)


def _hour_of(choices: Choices) -> int:
    return choices.digest_minute // 60


def _page(
    identity: Identity, wanted: frozenset[Topic], form: Form, *, is_saved: bool = False
) -> Template:
    wishes = [
        Wish(topic.value, words.name, words.when, topic in wanted)
        for topic, words in TOPIC_WORDS.items()
    ]
    hours = [(hour, message("{time}", time=dt.time(hour))) for hour in HOURS]
    context = {
        "email": identity.email,
        "wishes": wishes,
        "hours": hours,
        "form": form,
        "is_saved": is_saved,
    }
    return Template("customer/notices.html", context=context)


def _stop_page(token: str, topic: Topic, *, is_on: bool, is_done: bool) -> Template:
    context = {"token": token, "topic": TOPIC_WORDS[topic], "is_on": is_on, "is_done": is_done}
    return Template("account/stop.html", context=context, headers=_QUIET)
