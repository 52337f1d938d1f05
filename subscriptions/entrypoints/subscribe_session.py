"""What a browser's session keeps of somebody who is subscribing: their answers, and what they began."""

from typing import Any
from uuid import UUID

from litestar import Request

from subscriptions.entrypoints.subscribe_form import Answers
from subscriptions.services.subscribing import Begun

Visit = Request[Any, Any, Any]

_ANSWERS = "subscribing"
_BEGUN = "begun"
_PLACES = "places"
_MOST_BEGUN = 5


def answers_of(request: Visit, slug: str) -> Answers:
    """Return what was answered at a merchant so far."""
    found: Answers = request.session.get(_ANSWERS, {}).get(slug, {})
    return found


def keep_answers(request: Visit, slug: str, answers: Answers) -> None:
    """Keep the answers given at a merchant."""
    request.session[_ANSWERS] = {**request.session.get(_ANSWERS, {}), slug: answers}


def keep_place(request: Visit, slug: str, waiting_id: UUID) -> None:
    """Note that this browser came by the link of somebody for whom a place is kept at a merchant."""
    request.session[_PLACES] = {**request.session.get(_PLACES, {}), slug: str(waiting_id)}


def place_of(request: Visit, slug: str) -> UUID | None:
    """Return who on a waiting list this browser came as, if it did."""
    found = request.session.get(_PLACES, {}).get(slug)
    return None if found is None else UUID(found)


def forget_answers(request: Visit, slug: str) -> None:
    """Drop the answers: they have become a subscription."""
    left = {name: each for name, each in request.session.get(_ANSWERS, {}).items() if name != slug}
    request.session[_ANSWERS] = left


def keep_begun(request: Visit, begun: Begun, *, email: str) -> None:
    """Note that this browser began a subscription, and whether its person was new with it."""
    is_new = begun.is_new_person or begun_person(request, email) == begun.person_id
    noted = {
        **request.session.get(_BEGUN, {}),
        begun.setup.session_id: {"person": str(begun.person_id), "new": is_new, "email": email},
    }
    request.session[_BEGUN] = dict(list(noted.items())[-_MOST_BEGUN:])


def begun_person(request: Visit, email: str) -> UUID | None:
    """Return the person that this browser itself made with that address in an earlier try, if it did."""
    for each in request.session.get(_BEGUN, {}).values():
        if each["new"] and each["email"] == email:
            return UUID(each["person"])
    return None


def is_begun_here(request: Visit, session_id: str) -> bool:
    """Tell whether this browser began the subscription of a provider's page."""
    return session_id in request.session.get(_BEGUN, {})


def made_here(request: Visit, session_id: str) -> UUID | None:
    """Return the person who was new with that subscription, when this browser began it."""
    noted = request.session.get(_BEGUN, {}).get(session_id)
    return UUID(noted["person"]) if noted and noted["new"] else None
