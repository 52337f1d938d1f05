"""Tables of the ground floor: what must happen after a commit, who works on what, who did what."""

from piccolo.columns import JSONB, UUID, BigInt, BigSerial
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import claim, key, moment, whole, words


class Outbox(Table, tablename="outbox"):
    """Something to do outside the database once the transaction that says so has committed."""

    id = BigSerial(primary_key=True)
    topic = words(50)
    payload = JSONB(default=None, null=False)
    dedupe_key = words(200, unique=True, help_text="The business fact; the same fact is told once.")
    available_at = moment()
    is_awaited = claim(default=False)
    attempts = whole()
    done_at = moment(optional=True)
    parked_at = moment(
        optional=True, help_text="Given up after too many attempts; an operator looks."
    )
    last_error = words(500, optional=True)

    outbox_attempts_ck = Check("attempts >= 0")


class WorkClaim(Table, tablename="work_claim"):
    """Who may work on one piece of due work, until when; the fence tells a late worker to stop."""

    id = BigSerial(primary_key=True)
    kind = words(40)
    business_key = words(120)
    fence = BigInt(default=None, null=False, help_text="Rises with every claim, never used twice.")
    claimed_until = moment()
    attempts = whole(help_text="Claims since the work was last finished.")
    parked_at = moment(optional=True)
    last_error = words(500, optional=True)

    work_claim_kind_key_uq = Unique(["kind", "business_key"])
    work_claim_fence_ck = Check("fence > 0 AND attempts >= 0")


class AuditEntry(Table, tablename="audit_entry"):
    """Who did what to which thing, and when; written in the transaction of the deed."""

    id = key()
    merchant_id = UUID(default=None, null=True, index=True)
    actor_id = UUID(
        default=None, null=True, help_text="A person, or nothing when the system did it."
    )
    action = words(60)
    subject = words(60, help_text="The kind of thing, such as box or lot.")
    subject_id = UUID(default=None, null=False, index=True)
    detail = JSONB(default=None, null=False)
    happened_at = moment()
