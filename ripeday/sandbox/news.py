"""Events, and who is told of them."""

from typing import Any

from ripeday.sandbox.books import new_id
from ripeday.sandbox.call import Call
from ripeday.sandbox.thing import API_VERSION, listing, thing, with_metadata


def retrieve_event(call: Call) -> dict[str, Any]:
    """GET /v1/events/{id}."""
    return call.need("event", call.path[0])


def list_events(call: Call) -> dict[str, Any]:
    """GET /v1/events."""
    wanted = set(call.params.get("types", []))
    if not wanted:
        page = call.books.page("event", call.params, type=call.params.get("type"))
        return listing("/v1/events", page.things, has_more=page.has_more)
    limit = call.params.get("limit", 10)
    found = [event for event in call.books.all("event") if event["type"] in wanted]
    return listing("/v1/events", found[:limit], has_more=len(found) > limit)


def create_webhook_endpoint(call: Call) -> dict[str, Any]:
    """POST /v1/webhook_endpoints; the secret is told this once."""
    secret = new_id("whsec", 32)
    endpoint = thing(
        "webhook_endpoint",
        new_id("we"),
        created=call.now,
        api_version=call.params.get("api_version", API_VERSION),
        description=call.params.get("description"),
        enabled_events=call.params["enabled_events"],
        metadata=with_metadata({}, call.params.get("metadata")),
        status="enabled",
        url=call.params["url"],
        _secret=secret,
    )
    call.books.add(endpoint)
    return {**endpoint, "secret": secret}


def update_webhook_endpoint(call: Call) -> dict[str, Any]:
    """POST /v1/webhook_endpoints/{id}."""
    endpoint = call.need("webhook_endpoint", call.path[0])
    for name in ("url", "enabled_events", "description"):
        if name in call.params:
            endpoint[name] = call.params[name]
    if "disabled" in call.params:
        endpoint["status"] = "disabled" if call.params["disabled"] else "enabled"
    return call.books.change(endpoint)


def retrieve_webhook_endpoint(call: Call) -> dict[str, Any]:
    """GET /v1/webhook_endpoints/{id}."""
    return call.need("webhook_endpoint", call.path[0])


def list_webhook_endpoints(call: Call) -> dict[str, Any]:
    """GET /v1/webhook_endpoints."""
    page = call.books.page("webhook_endpoint", call.params)
    return listing("/v1/webhook_endpoints", page.things, has_more=page.has_more)


def delete_webhook_endpoint(call: Call) -> dict[str, Any]:
    """DELETE /v1/webhook_endpoints/{id}."""
    endpoint = call.need("webhook_endpoint", call.path[0])
    call.books.remove(endpoint["id"])
    return {"id": endpoint["id"], "object": "webhook_endpoint", "deleted": True}
