"""What a request may say: stripe-python's own typed parameters, enforced.

The library's `…Params` are generated from Stripe's OpenAPI document, so a field that it does not
know, a missing one or one of the wrong type is refused here as Stripe would refuse it. Two things
are made stricter than the types say: an enumeration ("`Literal[…] | str`", open for later versions)
closes, and the client's own options (`api_key`, `headers`, …) are no parameters on the wire.
"""

import importlib
import re
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin

from pydantic import ConfigDict, StringConstraints, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import TypedDict, is_typeddict

from ripeday.sandbox.refusal import ApiRefusal

_KEY = re.compile(r"[^\[\]]+")
_NEXT = "[]"
_OPTIONS = frozenset(RequestOptions.__annotations__)
_FREE_FORM = frozenset({"metadata"})
_METADATA = dict[
    Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\[\]]+$")],
    Annotated[str, StringConstraints(max_length=500)],
]
Wire = dict[str, Any]


def decoded(pairs: list[tuple[str, str]]) -> Wire:
    """Return the nested values that form fields like `metadata[box_id]` or `expand[0]` spell.

    Raises
    ------
    ApiRefusal
        When one name is used both for a value and for a group.
    """
    root: Wire = {}
    for name, value in pairs:
        path = [*_KEY.findall(name), *([_NEXT] if name.endswith("[]") else [])]
        if not path:
            raise ApiRefusal(400, "Invalid request: a parameter has no name.")
        group = root
        for step in path[:-1]:
            below = group.setdefault(step, {})
            if not isinstance(below, dict):
                raise ApiRefusal(400, f"Invalid object: {name}", param=path[0])
            group = below
        group[str(len(group)) if path[-1] == _NEXT else path[-1]] = value
    return {name: value if name in _FREE_FORM else _listed(value) for name, value in root.items()}


def _listed(value: Any) -> Any:
    """Return groups whose names count 0, 1, 2… as lists."""
    if not isinstance(value, dict):
        return value
    if value and all(name.isdecimal() for name in value):
        return [_listed(value[name]) for name in sorted(value, key=int)]
    return {name: below if name in _FREE_FORM else _listed(below) for name, below in value.items()}


def checked(module: str, name: str, wire: Wire) -> Wire:
    """Return the request's values, typed.

    Parameters
    ----------
    module, name
        Where stripe-python keeps the type, below `stripe.params`.
    wire
        The decoded request.

    Raises
    ------
    ApiRefusal
        400, naming the first field that Stripe would refuse.
    """
    try:
        return dict(_adapter(module, name).validate_python(wire))
    except ValidationError as error:
        raise _refusal(error.errors(include_url=False), wire) from error


@cache
def _adapter(module: str, name: str) -> TypeAdapter[Any]:
    source = importlib.import_module(f"stripe.params.{module}")
    return TypeAdapter(_Strictly(source).of(getattr(source, name)))


_typed_dict: Any = TypedDict


class _Strictly:
    """Copies one module's typed dictionaries into strict ones; the library's own stay untouched."""

    def __init__(self, module: types.ModuleType) -> None:
        self._names = {**vars(module), "StripeContext": str, "Mapping": Mapping, "Any": Any}
        self._copies: dict[Any, Any] = {}

    def of(self, source: Any) -> Any:
        if source not in self._copies:
            hints = typing.get_type_hints(source, globalns=self._names, include_extras=True)
            # Stripe nests no type within itself, so the copy may be registered afterwards.
            fields = {
                field: self._type(hint) for field, hint in hints.items() if field not in _OPTIONS
            }
            copy = _typed_dict(source.__name__, fields)
            copy.__pydantic_config__ = ConfigDict(extra="forbid")
            self._copies[source] = copy
        return self._copies[source]

    def _type(self, hint: Any) -> Any:
        if is_typeddict(hint):
            return self.of(hint)
        origin, args = get_origin(hint), get_args(hint)
        if origin is NotRequired:
            return NotRequired[self._type(args[0])]
        if origin in {Union, types.UnionType}:
            return self._union(args)
        if origin is dict and args == (str, str):
            return _METADATA
        if origin in {list, dict}:
            return origin[tuple(self._type(arg) for arg in args)]
        return hint

    def _union(self, members: tuple[Any, ...]) -> Any:
        kept = [m for m in members if get_origin(m) is not UntypedStripeObject]
        if any(get_origin(m) is Literal and get_args(m) != ("",) for m in kept):
            kept = [m for m in kept if m is not str]
        return Union[tuple(self._type(member) for member in kept)]  # noqa: UP007


_GRAVITY = {"extra_forbidden": 0, "missing": 1}


def _refusal(errors: list[ErrorDetails], wire: Wire) -> ApiRefusal:
    """Return Stripe's words for the gravest of pydantic's errors."""
    error = min(errors, key=lambda e: _GRAVITY.get(e["type"], 2))
    path = _path(error["loc"], wire, keep_last=error["type"] == "missing")
    param = str(path[0]) + "".join(f"[{step}]" for step in path[1:])
    if error["type"] == "extra_forbidden":
        if param == "payment_method_types":
            return _no_longer_supported()
        return ApiRefusal(
            400, f"Received unknown parameter: {param}", code="parameter_unknown", param=param
        )
    if error["type"] == "missing":
        return ApiRefusal(
            400, f"Missing required param: {param}.", code="parameter_missing", param=param
        )
    if error["type"] in {"int_parsing", "int_type", "int_from_float"}:
        text = f"Invalid integer: {error['input']}"
        return ApiRefusal(400, text, code="parameter_invalid_integer", param=param)
    if error["type"] == "literal_error":
        expected = error["ctx"]["expected"].replace("'", "")
        return ApiRefusal(400, f"Invalid {param}: must be one of {expected}", param=param)
    return ApiRefusal(400, f"Invalid {param}: {error['msg']}", param=param)


def _path(loc: tuple[int | str, ...], wire: Wire, *, keep_last: bool) -> list[int | str]:
    """Return where in the request the error lies; pydantic also names the types it tried."""
    path: list[int | str] = []
    at: Any = wire
    for step in loc:
        inside = isinstance(at, dict) and step in at
        if inside or (isinstance(at, list) and isinstance(step, int)):
            path.append(step)
            at = at[step]
    if keep_last:
        path.append(loc[-1])
    return path or [str(loc[0])]


def _no_longer_supported() -> ApiRefusal:
    return ApiRefusal(
        400,
        "payment_method_types is no longer supported. Use allowed_payment_method_types or "
        "automatic payment methods instead.",
        code="payment_method_types_no_longer_supported",
        param="payment_method_types",
    )
