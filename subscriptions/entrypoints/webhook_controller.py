"""Where the payment provider tells its news. No session, no form token: the signature is the proof."""

from typing import Any

from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency
from litestar.exceptions import ClientException
from litestar.params import SkipValidation
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_400_BAD_REQUEST,
    HTTP_413_REQUEST_ENTITY_TOO_LARGE,
)
from pendulum import DateTime

from subscriptions.ports import PaymentGateway, WebhookRefused
from subscriptions.services.billing import BillingService
from subscriptions.services.payment_news import PaymentNewsService
from subscriptions.services.subscribing import SubscribingService

LONGEST_BODY = 256 * 1024


class WebhookController(Controller):
    """News from outside."""

    path = "/webhooks"
    opt = {"exclude_from_csrf": True, "skip_session": True}  # noqa: RUF012 - Litestar's own attribute

    @post("/stripe", status_code=200, request_max_body_size=LONGEST_BODY)
    async def stripe(
        self,
        request: Request[Any, Any, Any],
        payments: NamedDependency[SkipValidation[PaymentGateway]],
        billing: NamedDependency[BillingService],
        subscribing: NamedDependency[SubscribingService],
        now: NamedDependency[DateTime],
    ) -> Response[bytes]:
        """Take one delivery: 400 when it is not signed for us, 200 for every repeat, 503 to have it again."""
        try:
            payload = await request.body()
            event = payments.read_event(payload, request.headers.get("stripe-signature", ""))
        except WebhookRefused:
            return _answer(HTTP_400_BAD_REQUEST)
        except ClientException as error:
            if error.status_code != HTTP_413_REQUEST_ENTITY_TOO_LARGE:
                raise
            return _answer(HTTP_400_BAD_REQUEST)
        news = PaymentNewsService(billing, subscribing)
        await news.receive(event, payload.decode(), now=now)
        return _answer(HTTP_200_OK)


def _answer(status: int) -> Response[bytes]:
    """Answer with nothing but a status: whoever forges learns nothing."""
    return Response(b"", status_code=status, media_type="text/plain")
