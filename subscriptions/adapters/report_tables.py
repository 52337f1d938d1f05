"""Tables of what was found on looking: by households at home, and by the warehouse on arrival."""

from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import (
    choice,
    day,
    key,
    moment,
    one_of,
    real,
    reference,
    small,
)
from ripening.verdict import Verdict
from subscriptions.adapters.box_tables import BoxLine
from subscriptions.adapters.catalog_tables import Lot
from subscriptions.adapters.people_tables import Household, Merchant, Person
from subscriptions.lifecycle import CheckScale


class Report(Table, tablename="report"):
    """How a household found the fruit of a line on one day, and how it was kept until then.

    What was advised is kept with the word: lines change as their lot is learned, this must not.
    """

    id = key()
    merchant = reference(Merchant)
    lot = reference(Lot)
    box_line = reference(BoxLine)
    household = reference(Household)
    person = reference(Person)
    delivery_on = day()
    judged_on = day()
    verdict = choice(Verdict)
    home_class = small(help_text="Kitchen and fridge; see ripening/home.py.")
    mode = small(help_text="Handling mode; see ripening/home.py.")
    move_day = small(optional=True, help_text="Day it moved, by the advice of that day.")
    said_at = moment()
    undone_at = moment(optional=True)

    report_once_uq = Unique(["box_line", "household", "judged_on"])
    report_verdict_ck = Check(one_of("verdict", Verdict))
    report_day_ck = Check("judged_on BETWEEN delivery_on AND delivery_on + 20")
    report_home_ck = Check("home_class BETWEEN 0 AND 7 AND mode BETWEEN 0 AND 7")
    report_undone_ck = Check("undone_at IS NULL OR undone_at >= said_at")


class LotCheck(Table, tablename="lot_check"):
    """What the warehouse measured of a lot, over how many fruit, and the age that it stands for."""

    id = key()
    merchant = reference(Merchant)
    lot = reference(Lot)
    person = reference(Person, optional=True)
    checked_on = day()
    checked_at = moment()
    scale = choice(CheckScale)
    measured = real(help_text="Colour stage, newtons, or the number of the words chosen.")
    n_fruit = small()
    age_days = real(help_text="Days at 20 °C since the usual dispatch stage.")
    expected_days = real(help_text="The same by what the lot's grade says for that day.")

    lot_check_scale_ck = Check(one_of("scale", CheckScale))
    lot_check_n_fruit_ck = Check("n_fruit BETWEEN 1 AND 200")
