"""Waves: boxes released to the floor together, and their papers."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import structlog
from pendulum import DateTime

from delivery.adapters import day_store, typesetter, wave_store
from delivery.lifecycle import Paper
from delivery.papers.pack_list import PackCard
from delivery.papers.pick_list import PickList
from delivery.wave import BoxToPack, WaveHead
from delivery.wave_paper import box_labels, pack_cards, pack_list_of, pick_list_of
from delivery.wave_route import route_sheet_of
from ripeday.kit.adapters import audit
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import NotFound
from ripeday.kit.text import Translator, message
from ripening.produce import Produce

log = structlog.get_logger("delivery.wave")


@dataclass(frozen=True, slots=True)
class WaveService:
    """Releases waves and prints them."""

    profiles: Mapping[str, Produce]
    paper_dir: Path
    translator: Callable[[str], Translator]

    async def release_day(
        self,
        delivery_day_id: UUID,
        *,
        now: DateTime,
        merchant_ids: Sequence[UUID] | None = None,
        actor_id: UUID | None = None,
    ) -> UUID | None:
        """Release all packable boxes of a day as a wave; None when there are none.

        `merchant_ids` are the merchants that the actor works for; None when the house does it by itself.

        Raises
        ------
        NotFound
            The day is unknown, or another merchant's.
        """
        async with unit_of_work():
            day = await day_store.day_head(delivery_day_id, locked=True)
            if day is None or (merchant_ids is not None and day.merchant_id not in merchant_ids):
                raise NotFound
            if not await wave_store.packable_boxes(delivery_day_id):
                return None
            wave_id = await wave_store.release(delivery_day_id, now=now)
            await audit.write(
                "release_wave",
                subject="wave",
                subject_id=wave_id,
                merchant_id=day.merchant_id,
                actor_id=actor_id,
                now=now,
            )
        log.info("wave_released", wave=str(wave_id), delivery_day=str(delivery_day_id))
        return wave_id

    async def wave_of(self, wave_id: UUID, *, merchant_ids: Sequence[UUID]) -> WaveHead:
        """Return a wave of these merchants.

        Raises
        ------
        NotFound
        """
        wave = await wave_store.wave_head(wave_id, merchant_ids=merchant_ids)
        if wave is None:
            raise NotFound
        return wave

    async def print_papers(
        self, wave_id: UUID, *, now: DateTime, merchant_ids: Sequence[UUID] | None = None
    ) -> dict[Paper, Path]:
        """Print the wave's pick list, pack list, labels and route sheet in its merchant's language.

        Files are written whole before the note of them is; printing again replaces them.

        Raises
        ------
        NotFound
            The wave is unknown, or none of `merchant_ids` (None: any).
        """
        wave = await wave_store.wave_head(wave_id, merchant_ids=merchant_ids)
        if wave is None:
            raise NotFound
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

    def cards(
        self, boxes: Sequence[BoxToPack], wave_boxes: Sequence[BoxToPack]
    ) -> tuple[PackCard, ...]:
        """Return what goes into some boxes of a wave; `wave_boxes` are all it has."""
        return pack_cards(boxes, wave_boxes, self.profiles)

    async def pick_list(
        self, depot_code: str, pack_on: dt.date, *, locale: str, now: DateTime
    ) -> bytes:
        """Set the pick lists of every wave that a depot packs on a day, as one PDF.

        Raises
        ------
        NotFound
            Nothing has been released there for that day.
        """
        waves = await wave_store.waves_packed_on(depot_code, pack_on)
        if not waves:
            raise NotFound(
                message(
                    "Nothing is released for packing at depot {depot} on {day}.",
                    depot=depot_code,
                    day=pack_on,
                )
            )
        lists = [await self.picking(wave, locale, now=now) for wave in waves]
        return await typesetter.pick_lists(lists, self.translator(locale))

    async def paper(self, wave: WaveHead, paper: Paper, locale: str, *, now: DateTime) -> bytes:
        """Set one paper of a wave in one language, as PDF."""
        words = self.translator(locale)
        if paper is Paper.PICK_LIST:
            return await typesetter.pick_list(await self.picking(wave, locale, now=now), words)
        boxes = await wave_store.boxes_to_pack(wave.id)
        if paper is Paper.ROUTE_SHEET:
            return await typesetter.route_sheet(
                route_sheet_of(wave, boxes, locale=locale, now=now), words
            )
        if paper is Paper.PACK_LIST:
            cards = pack_list_of(wave, boxes, self.profiles, locale=locale)
            return await typesetter.pack_list(cards, words)
        return await typesetter.labels(box_labels(wave, boxes, self.profiles, locale=locale), words)

    async def picking(self, wave: WaveHead, locale: str, *, now: DateTime) -> PickList:
        """Return what a wave takes from where."""
        lots = await wave_store.lots_to_pick(wave.id)
        places = await wave_store.places_of([lot.lot_id for lot in lots])
        boxes = await wave_store.boxes_to_pack(wave.id)
        return pick_list_of(wave, lots, places, self.profiles, boxes, locale=locale, now=now)


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)
