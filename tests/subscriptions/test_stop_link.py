"""Links that stop mails: good for one person and one topic, and nobody can make one up."""

import base64
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from subscriptions.notice.topic import TOPIC_WORDS, Topic
from subscriptions.stop_link import read_stop_token, stop_token

SECRET = "of the tests, thirty-two characters"
TOPICS = st.sampled_from(sorted(TOPIC_WORDS))


@given(person=st.uuids(), topic=TOPICS)
def test_a_link_says_whose_mails_of_which_topic_it_stops(person: UUID, topic: Topic) -> None:
    token = stop_token(SECRET, person, topic)
    assert read_stop_token(SECRET, token) == (person, topic)
    assert read_stop_token("another " + SECRET, token) is None


@given(person=st.uuids(), topic=TOPICS, place=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_a_link_that_was_touched_anywhere_stops_nothing(
    person: UUID, topic: Topic, place: int, flip: int
) -> None:
    token = stop_token(SECRET, person, topic)
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[place % len(raw)] ^= flip
    assert read_stop_token(SECRET, base64.urlsafe_b64encode(raw).decode().rstrip("=")) is None


@given(st.text(max_size=300))
def test_whatever_else_stands_in_the_address_stops_nothing(token: str) -> None:
    assert read_stop_token(SECRET, token) is None


def test_what_is_needed_has_no_link_that_stops_it() -> None:
    assert read_stop_token(SECRET, stop_token(SECRET, uuid4(), Topic.NEEDED)) is None
