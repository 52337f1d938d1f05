"""Tables of what people are told: what they want to hear, what they were told, and their private calendars."""

from piccolo.columns import UUID
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import (
    choice,
    claim,
    key,
    moment,
    one_of,
    reference,
    small,
    whole,
    words,
)
from subscriptions.adapters.people_tables import Person
from subscriptions.notice.topic import Topic


class NoticeChoice(Table, tablename="notice_choice"):
    """Whether a person wants mails of one topic; without a row the topic's own habit holds."""

    id = key()
    person = reference(Person, cascade=True)
    topic = choice(Topic, index=True)
    is_wanted = claim()
    minute = small(
        optional=True,
        help_text="Of the digest: wall clock, minutes after midnight where they live.",
    )
    chosen_at = moment()

    notice_choice_once_uq = Unique(["person", "topic"])
    notice_choice_topic_ck = Check(one_of("topic", Topic))
    notice_choice_minute_ck = Check(
        "(topic = 'digest') = (minute IS NOT NULL) AND (minute IS NULL OR minute BETWEEN 0 AND 1439)"
    )


class NoticeTold(Table, tablename="notice_told"):
    """One thing told to one person; written before the mail leaves, so that a killed worker tells nothing twice."""

    id = key()
    person = reference(Person, cascade=True)
    kind = words(40)
    subject = words(120, help_text="The business fact: a box, or a merchant's day.")
    begun_at = moment()

    notice_told_once_uq = Unique(["person", "kind", "subject"])


class NoticeRun(Table, tablename="notice_run"):
    """So far everybody concerned was written to: of a delivery day, of a recalled lot, of a merchant's mornings."""

    id = key()
    kind = words(40)
    subject = UUID(default=None, null=False, help_text="A delivery day, a lot or a merchant.")
    until_at = moment()

    notice_run_once_uq = Unique(["kind", "subject"])


class CalendarFeed(Table, tablename="calendar_feed"):
    """A person's private calendar; whoever knows the secret behind the hash may read it."""

    id = key()
    person = reference(Person, cascade=True)
    token_hash = words(64, unique=True)
    made_at = moment()
    read_at = moment(optional=True, help_text="When it was last fetched.")

    calendar_feed_person_uq = Unique(["person"])


class CalendarEntry(Table, tablename="calendar_entry"):
    """One entry of a private calendar as it was last given out; its sequence rises when it says something else."""

    id = key()
    feed = reference(CalendarFeed, cascade=True)
    uid = words(120)
    content_hash = words(64)
    sequence = whole()
    changed_at = moment()

    calendar_entry_once_uq = Unique(["feed", "uid"])
    calendar_entry_sequence_ck = Check("sequence >= 0")
