"""What households told of what came: those that wait for somebody, and by lot, so that a bad one is seen."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, InvalidForm, NotFound
from ripeday.kit.text import message
from ripening.produce import Produce
from ripening.unit import name_in_words, units_in_words
from subscriptions.adapters import problem_desk
from subscriptions.entrypoints.guard import catalog_staff
from subscriptions.entrypoints.merchant_desk import DESK, AtDesk, Desk
from subscriptions.entrypoints.problem_controller import PRIVATE
from subscriptions.entrypoints.typed import Typed
from subscriptions.problem import REVIEW_WEEKS, Rule
from subscriptions.services.problem import ProblemService

Typing = URLEncodedBody[dict[str, str]]
Profiles = NamedDependency[Mapping[str, Produce]]
Problems = NamedDependency[ProblemService]

_MOST_WORDS = 300


class MerchantProblemsController(Controller):
    """Problems and credits of one shop."""

    path = "/merchant/problems"
    guards = (catalog_staff,)
    dependencies = DESK

    @get("/")
    async def list_problems(
        self, desk: AtDesk, profiles: Profiles, lot: FromQuery[UUID | None] = None
    ) -> Template:
        """List what waits, the lots with the most told of them, and the latest; of one lot or of all."""
        return await _page(desk, profiles, lot=lot)

    @post("/{problem_id:uuid}", status_code=303)
    async def decide(
        self,
        desk: AtDesk,
        problem_id: FromPath[UUID],
        problems: Problems,
        profiles: Profiles,
        data: Typing,
    ) -> Response[Any]:
        """Credit a problem that waits, or say why not."""
        answer = " ".join(data.get("answer", "").split())
        try:
            if data.get("do") not in ("credit", "refuse"):
                raise Invalid("answer", message("Say whether it is credited."))
            if len(answer) > _MOST_WORDS:
                raise Invalid("answer", message("Keep it to {most} characters.", most=_MOST_WORDS))
            await problems.decide(
                problem_id,
                merchants=(desk.shop.id,),
                actor_id=desk.actor,
                is_granted=data["do"] == "credit",
                answer=answer or None,
                now=desk.now,
            )
        except Invalid as error:
            form = Form({"answer": data.get("answer", "")}).refused(error)
            return await _page(desk, profiles, deciding=(problem_id, form), status=422)
        return Redirect("/merchant/problems", status_code=303)

    @post("/rule", status_code=303)
    async def change_rule(
        self, desk: AtDesk, problems: Problems, profiles: Profiles, data: Typing
    ) -> Response[Any]:
        """Change until when problems may be told, and how much is credited at once."""
        typed = Typed(data)
        try:
            rule = Rule(
                typed.whole("days_after", least=1, most=14),
                typed.whole("at_once_pct", least=0, most=100),
                typed.whole("boxes_at_once", least=0, most=8),
            )
            typed.check()
        except InvalidForm as error:
            form = Form(typed.values).refused(error)
            return await _page(desk, profiles, ruling=form, status=422)
        await problems.change_rule(desk.shop.id, rule, actor_id=desk.actor, now=desk.now)
        return Redirect("/merchant/problems#rule", status_code=303)

    @get("/photos/{photo_id:uuid}")
    async def show_photo(self, desk: AtDesk, photo_id: FromPath[UUID]) -> Response[bytes]:
        """Send a photo that a household sent to this shop.

        Raises
        ------
        NotFound
        """
        content = await problem_desk.photo_for(desk.shop.id, photo_id)
        if content is None:
            raise NotFound
        return Response(content, media_type="image/jpeg", headers=PRIVATE)


async def _page(
    desk: Desk,
    profiles: Mapping[str, Produce],
    *,
    lot: UUID | None = None,
    deciding: tuple[UUID, Form] | None = None,
    ruling: Form | None = None,
    status: int = 200,
) -> Template:
    since = desk.now.subtract(weeks=REVIEW_WEEKS)
    rule = await problem_desk.rule_of(desk.shop.id)
    kept = {
        "days_after": rule.days_after,
        "at_once_pct": rule.at_once_pct,
        "boxes_at_once": rule.boxes_at_once,
    }
    told = await problem_desk.problems_told(desk.shop.id, since=since, lot_id=lot)
    if deciding and deciding[0] not in {each.id for each in told if each.status.value == "review"}:
        status = 409  # it waits no longer, so there is no field to say it at
    context = {
        "desk": desk,
        "lot": lot,
        "waiting": [each for each in told if each.status.value == "review"],
        "decided": [each for each in told if each.status.value != "review"],
        "lots": await problem_desk.problems_by_lot(desk.shop.id, since=since),
        "amount": lambda each: units_in_words(profiles[each.produce_key], each.units),
        "called": lambda each: name_in_words(profiles[each.produce_key]),
        "weeks": REVIEW_WEEKS,
        "form_of": lambda each: deciding[1] if deciding and deciding[0] == each.id else Form(),
        "rule_form": ruling or Form(kept),
        "errors": deciding[1] if deciding else ruling or Form(),
    }
    return Template("merchant/problems.html", context=context, status_code=status)
