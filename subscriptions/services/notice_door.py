"""Writes mails that let somebody in. The secret of a link is made here and kept nowhere but in the mail."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pendulum
from pendulum import DateTime

from subscriptions.account import INVITATION_LIFETIME, LINK_LIFETIME, STALE_AFTER
from subscriptions.adapters import account_store, notice_store
from subscriptions.adapters.notice_store import Reader
from subscriptions.adapters.people_tables import TokenPurpose
from subscriptions.notice.door import (
    LINK_NOTICES,
    InvitationFacts,
    LinkFacts,
    account_erased,
    invite,
)
from subscriptions.notice.letter import Letter
from subscriptions.services.notice_desk import Desk, Writer, named

_NOBODY = UUID(int=0)
_PURPOSES = {
    "sign_in_link": TokenPurpose.SIGN_IN,
    "reset_link": TokenPurpose.RESET,
    "erase_link": TokenPurpose.ERASE,
}
_PATHS = {
    "sign_in_link": "/sign-in/link",
    "reset_link": "/reset/link",
    "erase_link": "/account/delete/link",
}


async def _link(
    desk: Desk, payload: Mapping[str, Any], now: DateTime
) -> tuple[Reader, Letter] | None:
    kind = payload["kind"]
    asked_at = pendulum.instance(dt.datetime.fromisoformat(payload["asked_at"]))
    person = await notice_store.person_to_tell(payload["email"])
    if person is None or now > asked_at + STALE_AFTER:
        return None
    token = await account_store.save_link(
        person.person_id, _PURPOSES[kind], expires_at=now + LINK_LIFETIME
    )
    then = quote(payload.get("then") or "", safe="")
    url = desk.url(f"{_PATHS[kind]}?token={token}") + (f"&next={then}" if then else "")
    facts = LinkFacts(url, int(LINK_LIFETIME.total_minutes()))
    return person.reader, LINK_NOTICES[kind](facts)


async def _invitation(
    desk: Desk, payload: Mapping[str, Any], now: DateTime
) -> tuple[Reader, Letter] | None:
    invitation_id = UUID(payload["invitation"])
    found = await notice_store.invitation_to_tell(invitation_id, now=now)
    if found is None:
        return None
    token = await account_store.renew_secret(invitation_id)
    facts = InvitationFacts(
        merchant=named(found.reader, found.merchant, found.merchant_zh),
        inviter=found.inviter,
        role=found.role,
        url=desk.url(f"/invite?token={token}"),
        days=INVITATION_LIFETIME.days,
    )
    return found.reader, invite(facts)


async def _erased(
    _: Desk, payload: Mapping[str, Any], __: DateTime
) -> tuple[Reader, Letter] | None:
    """Write to an address that is kept nowhere else any more."""
    if "email" not in payload:
        return None
    return Reader(_NOBODY, payload["email"], payload["locale"]), account_erased()


WRITERS: Mapping[str, Writer] = {
    **dict.fromkeys(LINK_NOTICES, _link),
    "invite": _invitation,
    "account_erased": _erased,
}
