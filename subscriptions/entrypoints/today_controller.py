"""Today: what is ripe now, what it needs, what comes next. The calendar has a controller of its own."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from pendulum import DateTime

from ripeday.kit.clock import local_day
from ripeday.kit.errors import NotFound
from ripening.produce import Produce
from subscriptions.adapters import box_view_store, household_page, report_store
from subscriptions.entrypoints.customer_view import load_cards, troubles_of
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.today_view import today_view
from subscriptions.role import Identity

DAYS_BACK = 15
"""The longest a box lasts, and a day for the zones."""

_DONE = "jobs_done"
_JOBS_KEPT = 20
_LONGEST_KEY = 60


class TodayController(Controller):
    """The first page of a customer."""

    path = "/today"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def show_today(
        self,
        request: Request[Any, Any, Any],
        identity: NamedDependency[Identity],
        profiles: NamedDependency[Mapping[str, Produce]],
        now: NamedDependency[DateTime],
        told: FromQuery[UUID | None] = None,
    ) -> Template:
        """Show the day; `told` is the line that was judged just now."""
        person = identity.person_id
        subscriptions = await household_page.subscriptions_of(person)
        deliveries = await household_page.deliveries_of(person, now=now, each=1)
        since = now.date() - dt.timedelta(days=DAYS_BACK)
        boxes = await box_view_store.boxes_of(person, since=since)
        zones = [each.timezone for each in subscriptions] + [box.timezone for box in boxes]
        today = local_day(now, next(iter(zones), "UTC"))
        eaten = [box for box in boxes if box.is_eaten_on(today)]
        held = await load_cards(eaten, profiles=profiles, now=now, with_gaps=eaten)
        lines = [item.line.line_id for card in held for item in card.calendar.items]
        said = await report_store.verdicts_on(person, lines, judged_on=today)
        view = today_view(
            today,
            subscriptions=subscriptions,
            deliveries=deliveries,
            boxes=boxes,
            held=held,
            said=said,
            told=told,
            now=now,
        )
        context = {
            "view": view,
            "told": told,
            "done": frozenset(request.session.get(_DONE, ())),
            "troubles": troubles_of(boxes, now=now),
        }
        return Template("customer/today.html", context=context)

    @post("/jobs/{job:str}", status_code=303)
    async def tick_job(self, request: Request[Any, Any, Any], job: FromPath[str]) -> Redirect:
        """Tick a small job off, or take the tick away; this browser remembers it.

        Raises
        ------
        NotFound
        """
        if len(job) > _LONGEST_KEY or not job.isascii() or not job.replace("-", "").isalnum():
            raise NotFound
        before = request.session.get(_DONE, [])
        done = [each for each in before if each != job]
        if len(done) == len(before):
            done.append(job)
        request.session[_DONE] = done[-_JOBS_KEPT:]
        return Redirect("/today#jobs", status_code=303)
