"""Links in mails that stop them without signing in: signed, good for one person and one topic, for nothing else."""

import base64
import hashlib
import hmac
from uuid import UUID

from subscriptions.notice.topic import TOPIC_WORDS, Topic

_PURPOSE = b"ripeday stop mails 1\0"
_ID_BYTES = 16
_MAC_BYTES = 32


def stop_token(secret: str, person_id: UUID, topic: Topic) -> str:
    """Return what proves that a mail of this topic went to this person."""
    said = person_id.bytes + topic.value.encode()
    return base64.urlsafe_b64encode(_mac(secret, said) + said).decode().rstrip("=")


def read_stop_token(secret: str, token: str) -> tuple[UUID, Topic] | None:
    """Return whose mails of which topic a link stops; None when it is not one of ours."""
    try:
        raw = base64.b64decode(
            token.encode("ascii") + b"=" * (-len(token) % 4), b"-_", validate=True
        )
    except ValueError:
        return None
    mac, said = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if len(said) <= _ID_BYTES or not hmac.compare_digest(mac, _mac(secret, said)):
        return None
    topic = Topic(said[_ID_BYTES:].decode())
    return (UUID(bytes=said[:_ID_BYTES]), topic) if topic in TOPIC_WORDS else None


def _mac(secret: str, said: bytes) -> bytes:
    return hmac.digest(secret.encode(), _PURPOSE + said, hashlib.sha256)
