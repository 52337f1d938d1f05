"""Mails that let somebody in: links to sign in, new passwords, invitations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ripeday.kit.text import message
from subscriptions.account import ROLE_NAMES
from subscriptions.notice.letter import HOUSE, Letter
from subscriptions.role import Role


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A mailed link."""

    url: str
    minutes: int


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """An invitation to work for a merchant."""

    merchant: str
    inviter: str
    role: Role
    url: str
    days: int


def sign_in_link(link: LinkFacts) -> Letter:
    """Carry a link to sign in with."""
    return Letter(
        message("Your link to sign in"),
        (message("This link signs you in. It works once, for {n} minutes.", n=link.minutes),),
        HOUSE,
        closing=(
            message("You did not ask for it? Then do nothing: without this mail nobody gets in."),
        ),
        action=(message("Sign in"), link.url),
    )


def reset_link(link: LinkFacts) -> Letter:
    """Carry a link to choose a new password with."""
    return Letter(
        message("Choose a new password"),
        (
            message("With this link you choose a new password. It works once, for {n} minutes.", n=link.minutes),
            message("Your password stays as it is until you do."),
        ),
        HOUSE,
        closing=(message("You did not ask for it? Then do nothing: without this mail nobody gets in."),),
        action=(message("Choose a new password"), link.url),
    )  # fmt: skip


def invite(invitation: InvitationFacts) -> Letter:
    """Invite somebody to work for a merchant."""
    i = invitation
    return Letter(
        message("{merchant} invites you to Ripeday", merchant=i.merchant),
        (
            message(
                "{inviter} of {merchant} would like to work with you here. Your role: {role}.",
                inviter=i.inviter, merchant=i.merchant, role=ROLE_NAMES[i.role],
            ),
            message("The link works once, for {n} days.", n=i.days),
        ),
        i.merchant,
        closing=(message("You do not know {merchant}? Then do nothing.", merchant=i.merchant),),
        action=(message("Accept the invitation"), i.url),
    )  # fmt: skip


def erase_link(link: LinkFacts) -> Letter:
    """Carry a link to delete the account with."""
    return Letter(
        message("Delete your account?"),
        (
            message("With this link you delete your account. It works once, for {n} minutes.", n=link.minutes),
            message("Nothing is deleted until you open it and say so once more."),
        ),
        HOUSE,
        closing=(message("You did not ask for it? Then do nothing: your account stays as it is."),),
        action=(message("Go on to delete it"), link.url),
    )  # fmt: skip


def account_erased() -> Letter:
    """Tell that an account is gone."""
    return Letter(
        message("Your account is deleted"),
        (
            message("Your name, address, notes, photos and tastes are deleted, and you are signed out everywhere."),
            message("What was ordered and paid stays in our books as the law demands, without your name."),
            message("This was our last mail to you. Thank you for having eaten with us."),
        ),
        HOUSE,
    )  # fmt: skip


LINK_NOTICES: Mapping[str, Callable[[LinkFacts], Letter]] = {
    "sign_in_link": sign_in_link,
    "reset_link": reset_link,
    "erase_link": erase_link,
}
