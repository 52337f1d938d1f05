"""Waves: boxes released to the floor together, and their papers."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import structlog
from pendulum import DateTime

from delivery.adapters import day_store, typesetter, wave_store
from delivery.lifecycle import Paper
from delivery.wave import WaveHead
from delivery.wave_paper import box_labels, pack_list_of, pick_list_of
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import NotFound
from ripeday.kit.text import Translator
from ripening.produce import Produce

log = structlog.get_logger("delivery.wave")


@dataclass(frozen=True, slots=True)
class WaveService:
    """Releases waves and prints them."""

    profiles: Mapping[str, Produce]
    paper_dir: Path
    translator: Callable[[str], Translator]

    async def release_day(self, delivery_day_id: UUID, *, now: DateTime) -> UUID | None:
        """Release all packable boxes of a day as a wave; None when there are none.

        Raises
        ------
        NotFound
        """
        async with unit_of_work():
            day = await day_store.day_head(delivery_day_id, locked=True)
            if day is None:
                raise NotFound
            if not await wave_store.packable_boxes(delivery_day_id):
                return None
            wave_id = await wave_store.release(delivery_day_id, now=now)
        log.info("wave_released", wave=str(wave_id), delivery_day=str(delivery_day_id))
        return wave_id

    async def print_papers(self, wave_id: UUID, *, now: DateTime) -> dict[Paper, Path]:
        """Print the wave's pick list, pack list and labels in its merchant's language.

        Files are written whole before the note of them is; printing again replaces them.
        """
        wave = await self._head(wave_id)
        made = {}
        for paper in Paper:
            pdf = await self.paper(wave, paper, wave.locale, now=now)
            path = self.paper_dir / wave.code / f"{paper.value}-{wave.locale}.pdf"
            _write_whole(path, pdf)
            await wave_store.save_print(
                wave,
                paper,
                wave.locale,
                path=str(path),
                sha256=hashlib.sha256(pdf).hexdigest(),
                now=now,
            )
            made[paper] = path
        log.info("wave_printed", wave=str(wave_id), folder=str(self.paper_dir / wave.code))
        return made

    async def paper(self, wave: WaveHead, paper: Paper, locale: str, *, now: DateTime) -> bytes:
        """Set one paper of a wave in one language, as PDF."""
        words = self.translator(locale)
        if paper is Paper.PICK_LIST:
            lots = await wave_store.lots_to_pick(wave.id)
            places = await wave_store.places_of([lot.lot_id for lot in lots])
            pick_list = pick_list_of(wave, lots, places, self.profiles, locale=locale, now=now)
            return await typesetter.pick_list(pick_list, words)
        boxes = await wave_store.boxes_to_pack(wave.id)
        if paper is Paper.PACK_LIST:
            cards = pack_list_of(wave, boxes, self.profiles, locale=locale)
            return await typesetter.pack_list(cards, words)
        return await typesetter.labels(box_labels(wave, boxes, self.profiles, locale=locale), words)

    async def _head(self, wave_id: UUID) -> WaveHead:
        wave = await wave_store.wave_head(wave_id)
        if wave is None:
            raise NotFound
        return wave


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)
