"""The part of Stripe's search language that intents are looked up by."""

import re
from typing import Any

from ripeday.sandbox.refusal import ApiRefusal

_CLAUSE = re.compile(
    r"""\s*(?P<minus>-)?(?P<field>[a-z_]+)(?:\[["'](?P<key>[^"']+)["']\])?\s*:\s*"""
    r"""["'](?P<value>[^"']*)["']\s*"""
)
_FIELDS = frozenset({"customer", "status", "currency", "metadata"})


def matching(things: list[dict[str, Any]], query: str) -> list[dict[str, Any]]:
    """Return the objects that fulfil every clause of `field:"value" AND metadata["key"]:"value"`.

    Raises
    ------
    ApiRefusal
        400 when the query is anything else.
    """
    clauses = [_CLAUSE.fullmatch(part) for part in re.split(r"\bAND\b|(?<=[\"'])\s+(?=\w)", query)]
    for clause in clauses:
        known = clause is not None and clause["field"] in _FIELDS
        if not known or (
            clause is not None and (clause["field"] == "metadata") != bool(clause["key"])
        ):
            raise ApiRefusal(
                400,
                "We were unable to parse your search query. Try using the format "
                '`metadata["key"]:"value"` to query for metadata or key:"value" for other fields.',
                param="query",
            )
    return [t for t in things if all(_fulfils(t, clause) for clause in clauses if clause)]


def _fulfils(thing: dict[str, Any], clause: re.Match[str]) -> bool:
    """Return whether an object fulfils one clause."""
    value = thing["metadata"].get(clause["key"]) if clause["key"] else thing.get(clause["field"])
    return (value == clause["value"]) != bool(clause["minus"])
