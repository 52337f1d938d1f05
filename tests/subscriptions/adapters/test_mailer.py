"""Mail leaves as plain text with HTML beside it, and never grows a header."""

import asyncio

import pytest

from ripeday.kit.errors import Invalid
from subscriptions.adapters.mailer import SmtpMailer, message_id
from subscriptions.ports import Mail, MailRefused, MailUnavailable
from tests.sandbox_fixture import Sandbox, free_port

ANNA = "anna@example.org"


def letter(**change: object) -> Mail:
    values: dict[str, object] = {
        "to": ANNA,
        "subject": "Ihre Kiste · 您的果箱",
        "text": "Guten Tag.\nhttp://127.0.0.1:8000/box/1\n",
        "html": '<p>您好 <a href="http://127.0.0.1:8000/box/1">Box</a></p>',
        "message_id": message_id(17, host="ripeday.example"),
        "unsubscribe_url": "http://127.0.0.1:8000/no-mail/1",
        **change,
    }
    return Mail(**values)  # type: ignore[arg-type]


async def test_a_mail_arrives_in_both_forms(sandbox: Sandbox) -> None:
    await sandbox.mailer().send(letter())

    (mail,) = sandbox.mails(ANNA)
    assert mail["subject"] == "Ihre Kiste · 您的果箱"
    assert "http://127.0.0.1:8000/box/1" in mail["text"]
    assert "您好" in mail["html"]
    assert mail["message_id"] == "outbox.17@ripeday.example"
    assert "List-Unsubscribe: <http://127.0.0.1:8000/no-mail/1>" in mail["headers"]
    assert mail["sender"] == "Ripeday <boxes@ripeday.example>"


async def test_the_link_that_stops_mails_travels_in_one_piece(sandbox: Sandbox) -> None:
    link = f"https://boxes.example/notices/stop?token={'aB3_-' * 40}"

    await sandbox.mailer().send(letter(unsubscribe_url=link, subject="箱子" * 60))

    (mail,) = sandbox.mails(ANNA)
    assert mail["headers"].splitlines()[:2] == [
        f"List-Unsubscribe: <{link}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]
    assert mail["subject"] == "箱子" * 60


async def test_a_mail_sent_twice_can_be_told_by_its_id(sandbox: Sandbox) -> None:
    for _ in range(2):
        await sandbox.mailer().send(letter())
    assert len({mail["message_id"] for mail in sandbox.mails(ANNA)}) == 1


async def test_mails_are_kept_apart_and_newest_first(sandbox: Sandbox) -> None:
    for subject in ("first", "second"):
        await sandbox.mailer().send(letter(subject=subject, html=None))
    await sandbox.mailer().send(letter(to="ben@example.org"))
    assert [mail["subject"] for mail in sandbox.mails(ANNA)] == ["second", "first"]


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Box\r\nBcc: all@example.org"},
        {"subject": "Box\u2028Bcc: x"},
        {"message_id": "a\nX: y"},
        {"unsubscribe_url": "http://x\r\nBcc: y"},
        {"headers": {"X-A\r\nBcc": "y"}},
        {"to": "anna@example.org\nBcc: ben@example.org"},
        {"to": "anna@example.org, ben@example.org"},
        {"to": "Anna <anna@example.org>"},
        {"to": "nobody"},
        {"to": ""},
    ],
)
def test_a_header_cannot_be_smuggled_in(change: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        letter(**change)


async def test_a_server_that_asks_to_wait_is_asked_again_later(sandbox: Sandbox) -> None:
    sandbox.fault("mail_later", contains=ANNA)
    with pytest.raises(MailUnavailable):
        await sandbox.mailer().send(letter())
    await sandbox.mailer().send(letter())
    assert len(sandbox.mails(ANNA)) == 1


async def test_a_mailbox_that_does_not_exist_is_not_tried_again(sandbox: Sandbox) -> None:
    sandbox.fault("mail_refused", contains=ANNA)
    with pytest.raises(MailRefused):
        await sandbox.mailer().send(letter())


async def test_a_server_that_is_away_is_a_temporary_failure() -> None:
    mailer = SmtpMailer(f"smtp://127.0.0.1:{free_port()}", sender="a@ripeday.example", timeout_s=1)
    with pytest.raises(MailUnavailable) as told:
        await mailer.send(letter())
    assert not told.value.may_have_left


async def test_a_server_that_hangs_up_once_it_has_the_mail_may_have_kept_it() -> None:
    async def take_and_hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            if line == b".\r\n":
                break
            if line[:4] in (b"EHLO", b"MAIL", b"RCPT"):
                writer.write(b"250 ok\r\n")
            elif line[:4] == b"DATA":
                writer.write(b"354 go on\r\n")
        writer.close()

    port = free_port()
    async with await asyncio.start_server(take_and_hang_up, "127.0.0.1", port):
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", sender="a@ripeday.example", timeout_s=10)
        with pytest.raises(MailUnavailable) as told:
            await mailer.send(letter())
    assert told.value.may_have_left


async def test_a_password_never_travels_in_the_clear(sandbox: Sandbox) -> None:
    """The catcher offers no TLS, so a mailer with a password must not talk to it at all."""
    url = sandbox.smtp_url.replace("://", "://me:secret@")
    with pytest.raises((MailUnavailable, MailRefused)):
        await SmtpMailer(url, sender="a@ripeday.example").send(letter())
    assert sandbox.mails(ANNA) == []
