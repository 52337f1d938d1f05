"""One tap on how something really is, and taking it back."""

import datetime as dt
from typing import Final
from uuid import UUID

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect
from pendulum import DateTime

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.role import Identity
from subscriptions.services.reporting import ReportingService

FROM_CALENDAR: Final = "calendar"

Who = NamedDependency[Identity]
Now = NamedDependency[DateTime]
Reporting = NamedDependency[ReportingService]
Typed = URLEncodedBody[dict[str, str]]


class ReportController(Controller):
    """Still hard, just right, too late: of a line of one's own box, on one day."""

    path = "/reports"
    guards = (customer_only,)
    dependencies = WHO

    @post("/{line_id:uuid}", status_code=303)
    async def report(
        self, line_id: FromPath[UUID], data: Typed, identity: Who, reporting: Reporting, now: Now
    ) -> Redirect:
        """Save the verdict and go back to where it was given."""
        on = _day(data)
        await reporting.report(
            identity.person_id, line_id, data.get("felt", ""), judged_on=on, now=now
        )
        return Redirect(f"{_page(data, on)}?told={line_id}#report-{line_id}", status_code=303)

    @post("/{line_id:uuid}/undo", status_code=303)
    async def take_back(
        self, line_id: FromPath[UUID], data: Typed, identity: Who, reporting: Reporting, now: Now
    ) -> Redirect:
        """Forget the verdict of that day."""
        on = _day(data)
        await reporting.take_back(identity.person_id, line_id, judged_on=on, now=now)
        return Redirect(f"{_page(data, on)}#report-{line_id}", status_code=303)


def _day(data: dict[str, str]) -> dt.date:
    try:
        return dt.date.fromisoformat(data.get("on", ""))
    except ValueError:
        raise Invalid("on", message("Say which day you mean.")) from None


def _page(data: dict[str, str], on: dt.date) -> str:
    return f"/calendar/{on}" if data.get("back") == FROM_CALENDAR else "/today"
