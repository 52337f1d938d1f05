"""The states of what leaves the door."""

from enum import StrEnum


class MovementKind(StrEnum):
    """Why stock moved."""

    ANNOUNCED = "announced"
    RECEIVED = "received"
    PICKED = "picked"
    WASTED = "wasted"
    COUNTED = "counted"


class ReservationStatus(StrEnum):
    """`active → consumed | released`."""

    ACTIVE = "active"
    CONSUMED = "consumed"
    RELEASED = "released"


class Paper(StrEnum):
    """The papers of a wave."""

    PICK_LIST = "pick_list"
    PACK_LIST = "pack_list"
    LABELS = "labels"
    ROUTE_SHEET = "route_sheet"


class Carrier(StrEnum):
    """Who brings the box."""

    OWN_VAN = "own_van"
    MANUAL = "manual"


class ShipmentStatus(StrEnum):
    """`labelled → packed → shipped → delivered`."""

    LABELLED = "labelled"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
