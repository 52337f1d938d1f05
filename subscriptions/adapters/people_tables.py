"""Tables of the people: merchants, persons and their roles, households and their tastes."""

from enum import StrEnum

from piccolo.columns import Array, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import (
    choice,
    claim,
    key,
    moment,
    one_of,
    real,
    reference,
    small,
    whole,
    words,
)
from ripening.adapters.tables import Produce
from subscriptions.lifecycle import Consent, Taste
from subscriptions.planning.spare import SPARE_PCT_MOST
from subscriptions.role import Role


class TokenPurpose(StrEnum):
    """What a mailed link is good for."""

    SIGN_IN = "sign_in"
    RESET = "reset"
    ERASE = "erase"
    INVITE = "invite"


class Merchant(Table, tablename="merchant"):
    """A shop that sells boxes in one country, one currency and one time zone."""

    id = key()
    slug = words(40, unique=True)
    name = words(80)
    name_zh = words(80)
    country = words(2, help_text="ISO 3166; decides the tax a price shows.")
    currency = words(3, help_text="ISO 4217.")
    timezone = words(40, help_text="IANA name; cut-offs are wall time here.")
    locale = words(5)
    season_region = words(4, help_text="Which harvest calendar counts as local.")
    gs1_prefix = words(10, help_text="GS1 company prefix, for SSCC and GTIN.")
    service_level = real(help_text="Chance a day needs to count as ready, 0-1.")
    spare_pct = small(
        optional=True,
        help_text="Portions that a box has to spare, of those wanted from it; none said: as usual. [%]",
    )

    merchant_service_level_ck = Check("service_level > 0 AND service_level < 1")
    merchant_spare_ck = Check(f"spare_pct BETWEEN 0 AND {SPARE_PCT_MOST}")
    merchant_gs1_prefix_ck = Check("gs1_prefix ~ '^[0-9]{7,10}$'")


class Person(Table, tablename="person"):
    """Somebody who can sign in, by a mailed link or by password."""

    id = key()
    email = words(254, unique=True, help_text="Lower case.")
    name = words(120)
    password_hash = words(200, optional=True)
    locale = words(5, optional=True)
    session_epoch = whole(help_text="Rises when every session of the person must end.")
    disabled_at = moment(optional=True)
    erased_at = moment(
        optional=True, help_text="Their account is deleted; nothing of them is left."
    )
    created_at = moment()

    person_email_lower_ck = Check("email = lower(email)")


class RoleGrant(Table, tablename="role_grant"):
    """One role held by a person, at one merchant unless it is the platform's."""

    id = key()
    person = reference(Person, cascade=True)
    role = choice(Role)
    merchant = reference(Merchant, optional=True)
    granted_at = moment()

    role_grant_once_uq = Unique(["person", "role", "merchant"], nulls_distinct=False)
    role_grant_role_ck = Check(one_of("role", Role))
    role_grant_merchant_ck = Check("(merchant IS NULL) = (role = 'platform_admin')")


class SignInToken(Table, tablename="sign_in_token"):
    """A mailed link, kept only as a hash, good once and for a while; an invitation gives a role."""

    id = key()
    person = reference(Person, cascade=True)
    purpose = choice(TokenPurpose)
    token_hash = words(64, unique=True)
    expires_at = moment()
    used_at = moment(optional=True)
    role = words(20, optional=True)
    merchant = reference(Merchant, optional=True)
    invited_by = reference(Person, optional=True, cascade=True)

    sign_in_token_role_ck = Check(
        "(purpose = 'invite') = (role IS NOT NULL) AND (role IS NULL) = (merchant IS NULL)"
        " AND (role IS NULL) = (invited_by IS NULL)"
    )
    sign_in_token_purpose_ck = Check(one_of("purpose", TokenPurpose))


class Household(Table, tablename="household"):
    """Who eats, in what kitchen, and where the box goes."""

    id = key()
    merchant = reference(Merchant)
    person = reference(Person)
    name = words(120)
    n_people = small()
    room_class = small(help_text="0 cool to 3 hot; see ripening/home.py.")
    has_fridge = claim()
    street = words(200)
    city = words(100)
    postcode = words(12)
    phone = words(30, optional=True)
    delivery_note = words(200, optional=True)
    food_note = words(200, optional=True)
    consent = choice(Consent)
    created_at = moment()

    household_people_ck = Check("n_people BETWEEN 1 AND 12")
    household_room_ck = Check("room_class BETWEEN 0 AND 3")
    household_consent_ck = Check(one_of("consent", Consent))


class HouseholdTaste(Table, tablename="household_taste"):
    """What a household says of one produce, or of a whole family."""

    id = key()
    merchant = reference(Merchant)
    household = reference(Household, cascade=True)
    produce = reference(Produce, optional=True)
    family = words(30, optional=True)
    taste = choice(Taste)

    household_taste_once_uq = Unique(["household", "produce", "family"], nulls_distinct=False)
    household_taste_one_subject_ck = Check("(produce IS NULL) <> (family IS NULL)")
    household_taste_taste_ck = Check(one_of("taste", Taste))


class Depot(Table, tablename="depot"):
    """Where boxes are packed."""

    id = key()
    merchant = reference(Merchant)
    code = words(8)
    name = words(80)
    name_zh = words(80)

    depot_code_uq = Unique(["merchant", "code"])


class DeliveryRound(Table, tablename="delivery_round"):
    """A weekly round: its day, its region and its cut-off rule."""

    id = key()
    merchant = reference(Merchant)
    depot = reference(Depot)
    name = words(80)
    name_zh = words(80)
    route = words(4, help_text="Printed large on labels.")
    postcode_prefixes = Array(Varchar(length=12), default=None, null=False)
    weekday = small(help_text="0 Monday to 6 Sunday.")
    cutoff_days_before = small()
    cutoff_minute = small(help_text="Wall clock, minutes after midnight in the merchant's zone.")
    pack_days_before = small()
    capacity = whole(help_text="Most boxes a day.")
    is_open = claim()

    delivery_round_weekday_ck = Check("weekday BETWEEN 0 AND 6")
    delivery_round_cutoff_ck = Check(
        "cutoff_days_before BETWEEN 0 AND 6 AND cutoff_minute BETWEEN 0 AND 1439"
    )
    delivery_round_pack_ck = Check("pack_days_before BETWEEN 0 AND cutoff_days_before")
    delivery_round_capacity_ck = Check("capacity > 0")
