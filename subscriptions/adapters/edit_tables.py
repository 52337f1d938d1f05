"""Tables of the changes that households make to their own boxes, one by one, so that each can be taken back."""

from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import key, moment, reference, small
from subscriptions.adapters.box_tables import Box
from subscriptions.adapters.catalog_tables import Lot
from subscriptions.adapters.people_tables import Merchant


class BoxEdit(Table, tablename="box_edit"):
    """One change of a box by its household; it stands until it is undone. Who made it is in the audit log."""

    id = key()
    merchant = reference(Merchant)
    box = reference(Box, cascade=True)
    number = small(help_text="1, 2, 3 … within the box.")
    made_at = moment()
    undone_at = moment(optional=True)

    box_edit_number_uq = Unique(["box", "number"])
    box_edit_number_ck = Check("number > 0")
    box_edit_order_ck = Check("undone_at IS NULL OR undone_at >= made_at")


class BoxEditLine(Table, tablename="box_edit_line"):
    """Units of a lot before a change and after it; lots that stayed as they were have no row."""

    id = key()
    merchant = reference(Merchant)
    edit = reference(BoxEdit, cascade=True)
    lot = reference(Lot)
    units_before = small()
    units_after = small()

    box_edit_line_once_uq = Unique(["edit", "lot"])
    box_edit_line_units_ck = Check(
        "units_before >= 0 AND units_after >= 0 AND units_before <> units_after"
    )
