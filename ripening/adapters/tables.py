"""Tables of what is known about produce."""

from piccolo.columns import Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from ripeday.kit.adapters.column import words


class Produce(Table, tablename="produce"):
    """A species or variety that can be sold; its parameters are the cited facts under the same key."""

    key = Varchar(length=40, primary_key=True, default=None, null=False)
    kind = words(10)
    family = words(30, help_text="Never-lists can name a whole family.")
    name_en = words(80)
    name_zh = words(80)

    produce_kind_ck = Check("kind IN ('fruit', 'flower')")
