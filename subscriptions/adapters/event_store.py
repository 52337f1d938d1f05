"""Whether the provider's events have had their effect."""

from ripeday.kit.adapters.engine import connection


async def was_applied(event_id: str) -> bool:
    """Tell whether a kept event has had its effect."""
    async with connection() as c:
        sql = "SELECT applied_at IS NOT NULL FROM payment_event WHERE id = $1"
        return bool(await c.fetchval(sql, event_id))
