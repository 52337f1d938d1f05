"""Postcodes as people type them, by country. Pure."""

import re

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message

_SHAPES = {
    "CN": (re.compile(r"\d{6}", re.ASCII), "310012"),
    "DE": (re.compile(r"\d{5}", re.ASCII), "10115"),
    "GB": (re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.ASCII), "BS1 4DJ"),
}


def read_postcode(text: str, country: str) -> str:
    """Return a postcode in capitals with single spaces.

    Raises
    ------
    Invalid
        Of field "postcode", with an example from the country.
    """
    shape, example = _SHAPES[country]
    postcode = " ".join(text.upper().split())
    if not shape.fullmatch(postcode):
        raise Invalid("postcode", message("Enter a postcode, like {example}", example=example))
    return postcode
