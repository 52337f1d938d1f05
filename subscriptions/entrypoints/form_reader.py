"""Reading a form field by field: what is wrong is gathered, so that all of it is said at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from litestar.datastructures import FormMultiDict

from ripeday.kit.errors import Invalid, InvalidForm
from ripeday.kit.text import Message, message
from subscriptions.ports import one_address, single_line
from subscriptions.postcode import read_postcode

_PHONE = re.compile(r"\+?[\d ()/-]{5,29}")


@dataclass
class FormReader:
    """Takes the fields of a form one by one and remembers what is wrong with them."""

    form: FormMultiDict
    errors: list[Invalid] = field(default_factory=list)

    def line(self, name: str, wrong: Message | None, *, most: int) -> str:
        """Return a line of text without spaces around it; empty is wrong where `wrong` says so."""
        text = " ".join(str(self.form.get(name) or "").split())
        if wrong is not None and not text:
            return self.refuse(name, wrong)
        if len(text) > most:
            return self.refuse(name, message("This is too long; {most} characters fit.", most=most))
        try:
            return single_line(name, text)
        except Invalid as error:
            return self.refuse(name, error.message)

    def choice(self, name: str, allowed: Sequence[str], wrong: Message) -> str:
        """Return one of the values offered."""
        chosen = str(self.form.get(name) or "")
        return chosen if chosen in allowed else self.refuse(name, wrong)

    def email(self) -> str:
        """Return the one address of an e-mail, in lower case."""
        text = str(self.form.get("email") or "").strip().lower()
        try:
            one_address("email", text)
        except Invalid as error:
            self.refuse("email", error.message)
        return text

    def postcode(self, country: str) -> str:
        """Return a country's postcode as it is written there; nothing where it is none."""
        try:
            return read_postcode(str(self.form.get("postcode") or ""), country)
        except Invalid as error:
            return self.refuse("postcode", error.message)

    def phone(self) -> str:
        """Return a phone number; it may be left out."""
        text = self.line("phone", None, most=30)
        if text and not _PHONE.fullmatch(text):
            self.refuse("phone", message("Enter a phone number, or leave this empty."))
        return text

    def refuse(self, name: str, wrong: Message) -> str:
        """Note what is wrong with a field."""
        self.errors.append(Invalid(name, wrong))
        return ""

    def done(self) -> None:
        """End the form.

        Raises
        ------
        InvalidForm
        """
        if self.errors:
            raise InvalidForm(self.errors)
