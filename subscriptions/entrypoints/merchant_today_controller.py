"""The day of a merchant's planner: what is coming, what needs somebody, and which shop they are in."""

from litestar import Controller, get, post
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template

from ripeday.kit.errors import NotFound
from subscriptions.adapters import merchant_page
from subscriptions.entrypoints.guard import catalog_staff
from subscriptions.entrypoints.merchant_desk import DESK, AtDesk, Visit, choose_shop
from subscriptions.services.merchant_view import today_view


class MerchantTodayController(Controller):
    """What a planner opens in the morning."""

    path = "/merchant"
    guards = (catalog_staff,)
    dependencies = DESK

    @get("/")
    async def show_today(self, desk: AtDesk) -> Template:
        """Show the coming delivery days and what needs somebody."""
        view = await today_view(desk.shop, desk.today)
        return Template("merchant/today.html", context={"desk": desk, "view": view})

    @post("/switch", status_code=303)
    async def switch(
        self, request: Visit, desk: AtDesk, data: URLEncodedBody[dict[str, str]]
    ) -> Redirect:
        """Go on in another shop of the person's."""
        choose_shop(request, desk, data.get("shop", ""))
        return Redirect("/merchant", status_code=303)

    @get("/plan")
    async def find_board(self, desk: AtDesk) -> Redirect:
        """Lead to the board of the delivery day that can still be planned."""
        day_id = await merchant_page.next_day(desk.shop.id, today=desk.today)
        if day_id is None:
            raise NotFound
        return Redirect(f"/merchant/plan/{day_id}", status_code=303)
