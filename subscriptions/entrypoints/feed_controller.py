"""A person's own calendar: the page that makes and ends its link, and the calendar behind it."""

import hashlib
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template
from pendulum import DateTime

from subscriptions.adapters import calendar_store
from subscriptions.adapters.ical import MEDIA_TYPE
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.role import Identity
from subscriptions.services.private_calendar import PrivateCalendarService

Visit = Request[Any, Any, Any]
Who = NamedDependency[Identity]
Now = NamedDependency[DateTime]
Calendars = NamedDependency[PrivateCalendarService]

_SHOWN_ONCE = "calendar_link"
_HERE = "/calendar/own"


class OwnCalendarController(Controller):
    """The link to one's own calendar; it is shown once, for we keep no copy of it."""

    path = _HERE
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def show(self, request: Visit, identity: Who) -> Template:
        """Show whether there is a link, and the link itself right after it was made."""
        link = request.session.pop(_SHOWN_ONCE, None)
        feed = await calendar_store.feed_of(identity.person_id)
        context = {
            "feed": feed,
            "link": link,
            "app_link": link.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1)
            if link
            else None,
        }
        headers = {"referrer-policy": "no-referrer"}
        return Template("customer/own_calendar.html", context=context, headers=headers)

    @post("/", status_code=303)
    async def renew(
        self, request: Visit, identity: Who, calendars: Calendars, now: Now
    ) -> Redirect:
        """Make a link; one made before is dead from now on."""
        request.session[_SHOWN_ONCE] = await calendars.renew(identity.person_id, now=now)
        return Redirect(_HERE, status_code=303)

    @post("/end", status_code=303)
    async def end(self, request: Visit, identity: Who, calendars: Calendars) -> Redirect:
        """Take the link away."""
        request.session.pop(_SHOWN_ONCE, None)
        await calendars.end(identity.person_id)
        return Redirect(_HERE, status_code=303)


class FeedController(Controller):
    """The calendar itself, for whoever knows its secret; nobody signs in here."""

    path = "/calendar"

    @get("/feed.ics")
    async def feed(
        self, request: Visit, calendars: Calendars, now: Now, token: FromQuery[str] = ""
    ) -> Response[bytes]:
        """Return the calendar, or nothing when the reader has this very one already."""
        body = await calendars.read(token, now=now)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"etag": tag, "cache-control": "private, no-cache", "x-robots-tag": "noindex"}
        known = request.headers.get("if-none-match", "")
        if tag in (each.strip().removeprefix("W/") for each in known.split(",")):
            return Response(b"", status_code=304, headers=headers)
        headers["content-disposition"] = 'inline; filename="ripeday.ics"'
        return Response(body, media_type=MEDIA_TYPE, headers=headers)
