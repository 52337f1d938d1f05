"""What every paper of a wave says about it."""

import datetime as dt
from typing import Protocol

from delivery.papers.plain_text import Words, said
from ripeday.kit.text import Translator, message
from ripeday.kit.wording import long_day


class OfWave(Protocol):
    """A paper that belongs to a wave."""

    @property
    def wave_n(self) -> int:
        """Return the number of the wave, from 1."""
        ...

    @property
    def n_waves(self) -> int:
        """Return how many waves the day has."""
        ...

    @property
    def round_name(self) -> Words:
        """Return the name of the delivery round."""
        ...

    @property
    def delivery_on(self) -> dt.date:
        """Return the day on which the boxes are delivered."""
        ...


def wave_line(paper: OfWave, translator: Translator) -> str:
    """Return "Wave 2 of 3 · Bristol round · Tuesday 1 December"."""
    return translator.render(
        message(
            "{wave} · {round} · {day}",
            wave=message("Wave {n} of {of}", n=paper.wave_n, of=paper.n_waves),
            round=said(paper.round_name, translator, limit=60),
            day=long_day(paper.delivery_on, translator.locale),
        )
    )
