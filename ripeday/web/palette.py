"""The colours of the pages for those who cannot read a stylesheet's variables: mails."""

import re
from functools import cache

from ripeday.web.asset import FOLDER
from subscriptions.notice.rendering import Palette

_COLOUR = re.compile(r"--([a-z0-9-]+):(#[0-9A-F]{6})")


@cache
def mail_palette() -> Palette:
    """Return the tokens of the light and of the dark theme; dark has what light has, where it says nothing else."""
    text = (FOLDER / "tokens.css").read_text("utf-8")
    light, _, rest = text.partition("@media(prefers-color-scheme:dark)")
    dark = rest.partition("[data-theme=dark]")[0]
    tokens = dict(_COLOUR.findall(light))
    return Palette(tokens, tokens | dict(_COLOUR.findall(dark)))
