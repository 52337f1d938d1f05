"""What a person hears of, and the link to their own calendar, for programs."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct
from pendulum import DateTime

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.adapters import calendar_store, notice_choice_store
from subscriptions.digest import HOURS
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.notice.topic import TOPIC_WORDS
from subscriptions.role import Identity
from subscriptions.services.private_calendar import PrivateCalendarService

Who = NamedDependency[Identity]
Now = NamedDependency[DateTime]
Calendars = NamedDependency[PrivateCalendarService]


class NoticesDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """The topics that are switched on, and the hour of the morning's mail, by the clock where the boxes go.

    Topics are preview, reminder, receipt, shipped, delivered and digest. What is needed is told all the same.
    """

    topics: list[str]
    digest_hour: int


class CalendarDocument(Struct, frozen=True):
    """One's own calendar; `link` is there only in the answer that made it, for no copy is kept."""

    made_at: datetime
    read_at: datetime | None
    link: str | None = None


class NoticeApiController(Controller):
    """A customer's mails and calendar."""

    path = "/api/v1"
    guards = (customer_only,)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @get("/notices", summary="What you hear of")
    async def notices(self, identity: Who) -> NoticesDocument:
        """Return what is switched on."""
        return await _notices(identity)

    @post("/notices", status_code=200, summary="Choose what you hear of")
    async def choose(
        self, data: JSONBody[NoticesDocument], identity: Who, now: Now
    ) -> NoticesDocument:
        """Switch topics on and off; those not named are off."""
        if any(topic not in TOPIC_WORDS for topic in data.topics):
            raise Invalid("topics", message("Choose among the mails listed here."))
        if data.digest_hour not in HOURS:
            raise Invalid("digest_hour", message("Choose one of the hours."))
        wanted = {topic: topic in data.topics for topic in TOPIC_WORDS}
        await notice_choice_store.choose(
            identity.person_id, wanted, digest_minute=data.digest_hour * 60, now=now
        )
        return await _notices(identity)

    @get("/calendar", summary="Your own calendar")
    async def calendar(self, identity: Who) -> CalendarDocument | None:
        """Return when the link was made and last read; nothing where there is none."""
        feed = await calendar_store.feed_of(identity.person_id)
        return CalendarDocument(feed.made_at, feed.read_at) if feed else None

    @post("/calendar", summary="Make or renew the link of your own calendar")
    async def renew(self, identity: Who, calendars: Calendars, now: Now) -> CalendarDocument:
        """Return a new link; one made before is dead from now on."""
        link = await calendars.renew(identity.person_id, now=now)
        return CalendarDocument(now, None, link)

    @post("/calendar/end", status_code=204, summary="End the link of your own calendar")
    async def end(self, identity: Who, calendars: Calendars) -> None:
        """End the link at once."""
        await calendars.end(identity.person_id)


async def _notices(identity: Identity) -> NoticesDocument:
    choices = await notice_choice_store.choices_of(identity.person_id)
    topics = [topic.value for topic in TOPIC_WORDS if topic in choices.wanted]
    return NoticesDocument(topics, choices.digest_minute // 60)
