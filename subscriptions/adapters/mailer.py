"""Mail by SMTP."""

import ssl
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib
from pendulum import DateTime

from ripeday.kit.clock import Clock, ShiftedClock
from subscriptions.ports import Mail, MailRefused, MailUnavailable

TIMEOUT_S = 10.0
TRANSIENT_SMTP = range(400, 500)
_FELL_SILENT = (aiosmtplib.SMTPReadTimeoutError, aiosmtplib.SMTPServerDisconnected)
"""Whoever was connected and then heard nothing cannot tell whether the mail was taken."""


class _Address(UnstructuredHeader, BaseHeader):
    """A header that holds the address of a link, written whole.

    The library would cut a long one into encoded words, which mail programs do not put together again here: their
    button to unsubscribe would be gone.
    """

    def fold(self, *, policy: Policy) -> str:
        """Return the header in one line."""
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> "EmailPolicy[EmailMessage]":
    headers = HeaderRegistry()
    headers.map_to_type(_UNSUBSCRIBE.lower(), _Address)
    return SMTP.clone(header_factory=headers)


_UNSUBSCRIBE = "List-Unsubscribe"
_POLICY = _policy()


class SmtpMailer:
    """Sends each mail over its own connection.

    Parameters
    ----------
    url
        `smtp://[user:password@]host[:port]`, or `smtps://…` for TLS from the first byte. With a
        password, `smtp` insists on STARTTLS; without one it takes TLS where it is offered.
    sender
        The From address, "Ripeday <boxes@example.org>".
    clock
        Dates the mails.
    """

    def __init__(
        self, url: str, *, sender: str, clock: Clock | None = None, timeout_s: float = TIMEOUT_S
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("give the mail server as smtp://host:port")
        self._scheme, self._host, self._port = parts.scheme, parts.hostname, parts.port
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._sender, self._timeout_s = sender, timeout_s
        self._clock = clock or ShiftedClock()

    async def send(self, mail: Mail) -> None:
        """Hand one mail to the server; see `subscriptions.ports.Mailer`."""
        at_once = self._scheme == "smtps"
        later = True if self._password and not at_once else None
        try:
            await aiosmtplib.send(
                _letter(mail, sender=self._sender, at=self._clock.now()),
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=at_once,
                start_tls=False if at_once else later,
                tls_context=ssl.create_default_context(),
                timeout=self._timeout_s,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0].code, error.recipients[0].message) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error.code, error.message) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            fell_silent = isinstance(error, _FELL_SILENT)
            raise MailUnavailable(type(error).__name__, may_have_left=fell_silent) from error


def _refusal(code: int, answer: str) -> MailUnavailable | MailRefused:
    """Return the error for a server's answer: 4xx asks to come back, 5xx is for good."""
    if code in TRANSIENT_SMTP or code < 0:
        return MailUnavailable(f"{code} {answer}")
    return MailRefused(f"{code} {answer}")


def _letter(mail: Mail, *, sender: str, at: DateTime) -> EmailMessage:
    """Return the mail as it travels: plain text first, HTML as the richer alternative."""
    letter = EmailMessage(policy=_POLICY)
    letter["From"] = sender
    letter["To"] = mail.to
    letter["Subject"] = mail.subject
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = f"<{mail.message_id}>"
    letter["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe_url:
        letter[_UNSUBSCRIBE] = f"<{mail.unsubscribe_url}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in mail.headers.items():
        letter[name] = value
    letter.set_content(mail.text)
    if mail.html is not None:
        letter.add_alternative(mail.html, subtype="html")
    return letter


def message_id(outbox_id: object, *, host: str) -> str:
    """Return the Message-ID of an outbox row; the same row sent twice is the same mail.

    Parameters
    ----------
    outbox_id
        The row's id.
    host
        The host name of our own pages.
    """
    return f"outbox.{outbox_id}@{host}"
