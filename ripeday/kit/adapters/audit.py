"""The audit log: who did what to which thing."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection

_WRITE = """
INSERT INTO audit_entry (id, merchant_id, actor_id, action, subject, subject_id, detail, happened_at)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6::jsonb, $7)
"""


async def write(
    action: str,
    *,
    subject: str,
    subject_id: UUID,
    merchant_id: UUID | None,
    actor_id: UUID | None,
    now: DateTime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write one deed; call it inside the deed's unit of work. `actor_id` None means the system did it."""
    text = json.dumps(dict(detail or {}), default=str)
    async with connection() as c:
        await c.execute(_WRITE, merchant_id, actor_id, action, subject, subject_id, text, now)
