"""Tables of what is known about produce."""

from piccolo.columns import Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import claim, key, moment, real, reference, whole, words


class Produce(Table, tablename="produce"):
    """A species or variety that can be sold; its parameters are the cited facts under the same key."""

    key = Varchar(length=40, primary_key=True, default=None, null=False)
    kind = words(10)
    family = words(30, help_text="Never-lists can name a whole family.")
    name_en = words(80)
    name_zh = words(80)

    produce_kind_ck = Check("kind IN ('fruit', 'flower')")


class LearnedProduce(Table, tablename="learned_produce"):
    """What reports have taught about a produce, treated or not; published values lie beneath it. [days at 20 °C]"""

    id = key()
    produce = reference(Produce)
    is_treated = claim()
    ready_mean_days = real()
    ready_sigma_days = real()
    keep_mean_days = real()
    keep_sigma_days = real()
    lot_share_fraction = real(help_text="Part of the variance that fruit of a lot share.")
    keep_lot_share_fraction = real(help_text="The same of how long they keep.")
    ready_mean_sd_days = real(help_text="How unsure the learned mean is.")
    keep_mean_sd_days = real()
    n_reports = whole()
    n_lots = whole()
    learned_at = moment(help_text="All that was reported until then is in it.")

    learned_produce_once_uq = Unique(["produce", "is_treated"])
    learned_produce_days_ck = Check(
        "ready_mean_days >= 0 AND ready_sigma_days >= 0"
        " AND keep_mean_days > 0 AND keep_sigma_days >= 0"
    )
    learned_produce_share_ck = Check("lot_share_fraction BETWEEN 0 AND 1")
    learned_produce_keep_share_ck = Check("keep_lot_share_fraction BETWEEN 0 AND 1")
    learned_produce_n_ck = Check("n_reports >= 0 AND n_lots >= 0")
