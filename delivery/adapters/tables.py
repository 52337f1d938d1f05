"""Tables of what leaves the door: places, stock, reservations, waves, papers and shipments."""

from piccolo.columns import BigInt
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from delivery.lifecycle import Carrier, MovementKind, Paper, ReservationStatus, ShipmentStatus
from ripeday.kit.adapters.column import (
    choice,
    key,
    moment,
    one_of,
    real,
    reference,
    small,
    whole,
    words,
)
from subscriptions.adapters.box_tables import Box, BoxLine, DeliveryDay
from subscriptions.adapters.catalog_tables import Lot
from subscriptions.adapters.people_tables import Depot, Merchant


class Place(Table, tablename="place"):
    """A pick location in a depot, in a zone of one temperature."""

    id = key()
    merchant = reference(Merchant)
    depot = reference(Depot)
    zone = words(2)
    zone_name = words(60)
    zone_name_zh = words(60)
    low_c = real()
    high_c = real()
    code = words(12)
    walk = whole(help_text="Order in which the floor is walked.")

    place_code_uq = Unique(["depot", "code"])
    place_temperature_ck = Check("low_c <= high_c")


class LotStock(Table, tablename="lot_stock"):
    """How many units of a lot there are and how many are promised; equals the sums of its rows."""

    id = key()
    merchant = reference(Merchant)
    lot = reference(Lot, cascade=False)
    announced = whole(help_text="On its way.")
    on_hand = whole(help_text="In the building.")
    reserved = whole()

    lot_stock_lot_uq = Unique(["lot"])
    lot_stock_never_oversold_ck = Check(
        "announced >= 0 AND on_hand >= 0 AND reserved >= 0 AND reserved <= on_hand + announced"
    )


class StockMovement(Table, tablename="stock_movement"):
    """One change of stock, never changed afterwards."""

    id = key()
    merchant = reference(Merchant)
    lot = reference(Lot)
    place = reference(Place, optional=True)
    box_line = reference(BoxLine, optional=True)
    kind = choice(MovementKind)
    units = whole(help_text="Units that came (positive) or went (negative).")
    business_key = words(120, unique=True, help_text="The business fact; it moves stock once.")
    moved_at = moment()

    stock_movement_kind_ck = Check(one_of("kind", MovementKind))
    stock_movement_units_ck = Check("units <> 0")


class PlaceStock(Table, tablename="place_stock"):
    """How much of a lot lies at a place."""

    id = key()
    merchant = reference(Merchant)
    place = reference(Place)
    lot = reference(Lot)
    units = whole()

    place_stock_once_uq = Unique(["place", "lot"])
    place_stock_units_ck = Check("units >= 0")


class Reservation(Table, tablename="reservation"):
    """Units of a lot that nobody else can have, for one box line."""

    id = key()
    merchant = reference(Merchant)
    lot = reference(Lot)
    box = reference(Box)
    box_line = reference(BoxLine)
    units = whole()
    status = choice(ReservationStatus)
    reserved_at = moment()
    ended_at = moment(optional=True)

    reservation_line_uq = Unique(["box_line"])
    reservation_status_ck = Check(one_of("status", ReservationStatus))
    reservation_units_ck = Check("units > 0")
    reservation_ended_ck = Check("(ended_at IS NULL) = (status = 'active')")


class Wave(Table, tablename="wave"):
    """Boxes of one delivery day released to the floor together."""

    id = key()
    merchant = reference(Merchant)
    depot = reference(Depot)
    delivery_day = reference(DeliveryDay)
    number = small()
    code = words(20)
    released_at = moment()

    wave_code_uq = Unique(["merchant", "code"])
    wave_number_uq = Unique(["delivery_day", "number"])


class WaveBox(Table, tablename="wave_box"):
    """A box in a wave: its stop on the route, which boxes for one place share, and its own tote."""

    id = key()
    merchant = reference(Merchant)
    wave = reference(Wave)
    box = reference(Box)
    stop = whole()
    tote = whole()

    wave_box_box_uq = Unique(["box"])
    wave_box_tote_uq = Unique(["wave", "tote"])


class Print(Table, tablename="print"):
    """A paper that was made, and the file it lies in."""

    id = key()
    merchant = reference(Merchant)
    wave = reference(Wave)
    paper = choice(Paper)
    locale = words(5)
    path = words(300)
    sha256 = words(64)
    made_at = moment()

    print_once_uq = Unique(["wave", "paper", "locale"])
    print_paper_ck = Check(one_of("paper", Paper))


class Shipment(Table, tablename="shipment"):
    """A box with a carrier, from the moment its label is made."""

    id = key()
    merchant = reference(Merchant)
    box = reference(Box)
    serial = BigInt(default=None, null=False, help_text="Counts up per merchant; part of the SSCC.")
    sscc = words(18, unique=True)
    carrier = choice(Carrier)
    tracking = words(80, optional=True)
    status = choice(ShipmentStatus)
    labelled_at = moment()
    packed_at = moment(optional=True)
    shipped_at = moment(optional=True)
    delivered_at = moment(optional=True)

    shipment_box_uq = Unique(["box"])
    shipment_serial_uq = Unique(["merchant", "serial"])
    shipment_carrier_ck = Check(one_of("carrier", Carrier))
    shipment_status_ck = Check(one_of("status", ShipmentStatus))
    shipment_order_ck = Check(
        "(packed_at IS NOT NULL OR shipped_at IS NULL) AND (shipped_at IS NOT NULL OR delivered_at IS NULL)"
    )
