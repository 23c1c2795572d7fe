"""One operation of the API: a function with typed arguments and a typed answer, and all that is known from those.

    @section.get("/audits/{audit_id}/units", Text("Các đơn vị.", "The units."))
    @needs(Permission.MAIL_AUDIT_AUDIT_READ)
    def units(audit_id: Id, asked: UnitsAsked) -> Part[UnitRow]: ...

An argument that stands in the address is taken from it; one that is an `Asked` is the query, a `Body` the JSON that was
sent, a `Sent` a file. The answer is JSON of what the annotation says, nothing (`None`), or a file (`Download`).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import IO, Any, TypeVar, get_type_hints

from flask import Response, abort, request, send_file
from pydantic import TypeAdapter, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from core.words import Text
from web.api.parameters import Asked, Body, Sent
from web.api.problems import UnfitError

View = TypeVar("View", bound=Callable[..., Any])
JSON = "application/json"
MULTIPART = "multipart/form-data"
_PLACE = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Download:
    """An answer that is a file: where it lies or an open stream, its type, and the name it is kept under."""

    content: Any | IO[bytes]
    media_type: str
    name: str


@dataclass(frozen=True)
class Operation:
    """An operation: how it is asked for, what it says of itself, and the function that does it."""

    method: str
    path: str
    says: Text
    view: Callable[..., Any]
    section: str
    status: int
    media_types: tuple[str, ...]
    """Of a `Download`: what it may be."""

    @property
    def name(self) -> str:
        """The function's name: `operationId`, and with `api.` before it the endpoint."""
        return self.view.__name__

    @cached_property
    def hints(self) -> dict[str, Any]:
        """Argument -> its annotation, with what is `Annotated`."""
        return get_type_hints(self.view, include_extras=True)

    @cached_property
    def places(self) -> dict[str, TypeAdapter[Any]]:
        """What stands in the address, by name."""
        return {name: TypeAdapter(self.hints[name]) for name in _PLACE.findall(self.path)}

    @cached_property
    def asked(self) -> tuple[str, type[Asked]] | None:
        """The argument that is the query, and its model."""
        return next(((name, kind) for name, kind in self._arguments() if _is(kind, Asked)), None)

    @cached_property
    def body(self) -> tuple[str, type[Body]] | None:
        """The argument that is the JSON that was sent, and its model."""
        return next(((name, kind) for name, kind in self._arguments() if _is(kind, Body)), None)

    @cached_property
    def file(self) -> str | None:
        """The argument that is a file that was sent: its name is that of the part of the form."""
        return next((name for name, kind in self._arguments() if kind is Sent), None)

    @cached_property
    def answer(self) -> TypeAdapter[Any] | None:
        """What the answer is made of; None where it is a file, or nothing."""
        kind = self.hints["return"]
        return None if kind in {type(None), Download} else TypeAdapter(kind)

    @property
    def is_download(self) -> bool:
        """Whether the answer is a file."""
        return self.hints["return"] is Download

    @cached_property
    def address(self) -> str:
        """The path as Werkzeug has it: numbers are numbers, and text at the end may hold slashes."""

        def converted(found: re.Match[str]) -> str:
            schema = self.places[found[1]].json_schema()
            if schema.get("type") == "integer":  # its bounds are asked by `_placed`: here they would answer 405
                return f"<int:{found[1]}>"
            last = found.end() == len(self.path) and _holds_slashes(self.places[found[1]])
            return f"<{'path:' * last}{found[1]}>"

        return _PLACE.sub(converted, self.path)

    def _arguments(self) -> Iterable[tuple[str, Any]]:
        return ((name, kind) for name, kind in self.hints.items() if name != "return")


@dataclass(frozen=True)
class Section:
    """The operations of one noun."""

    name: str
    says: Text
    operations: list[Operation] = field(default_factory=list)

    def get(self, path: str, says: Text, *, media_types: tuple[str, ...] = ()) -> Callable[[View], View]:
        """Declare an operation that reads."""
        return self._declare("GET", path, says, 200, media_types)

    def post(
        self, path: str, says: Text, *, status: int = 200, media_types: tuple[str, ...] = ()
    ) -> Callable[[View], View]:
        """Declare an operation that does something; `status` 201 where it makes something, 202 where a worker will."""
        return self._declare("POST", path, says, status, media_types)

    def delete(self, path: str, says: Text) -> Callable[[View], View]:
        """Declare an operation that takes something away."""
        return self._declare("DELETE", path, says, 204, ())

    def _declare(
        self, method: str, path: str, says: Text, status: int, media_types: tuple[str, ...]
    ) -> Callable[[View], View]:
        def declared(view: View) -> View:
            self.operations.append(Operation(method, path, says, view, self.name, status, media_types))
            return view

        return declared


def view_of(operation: Operation) -> Callable[..., Response]:
    """The operation as a view of Flask, with the guard that it declares."""

    @wraps(operation.view)
    def view(**places: Any) -> Response:
        given = {name: _placed(operation.places[name], value) for name, value in places.items()}
        if operation.asked is not None:
            given[operation.asked[0]] = _query(operation.asked[1])
        elif request.args:
            _query(Asked)
        if operation.body is not None:
            given[operation.body[0]] = _json(operation.body[1])
        if operation.file is not None:
            given[operation.file] = _file(operation.file)
        return _answer(operation, operation.view(**given))

    return view


def _holds_slashes(kind: TypeAdapter[Any]) -> bool:
    try:
        kind.validate_python("a/b")
    except ValidationError:
        return False
    return True


def _is(kind: Any, base: type) -> bool:
    return inspect.isclass(kind) and issubclass(kind, base)


def _placed(kind: TypeAdapter[Any], value: Any) -> Any:
    """A part of the address; one that cannot be is of nothing that there is."""
    try:
        return kind.validate_python(value)
    except ValidationError:
        abort(404)


def _query(model: type[Asked]) -> Asked:
    given = {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}
    try:
        return model.model_validate(given)
    except ValidationError as unfit:
        raise UnfitError("query", unfit.errors(include_url=False, include_input=False)) from unfit


def _json(model: type[Body]) -> Body:
    if request.mimetype != JSON:
        raise UnsupportedMediaType(f"{JSON} is read here")
    try:
        return model.model_validate_json(request.get_data(cache=False))
    except ValidationError as unfit:
        errors = unfit.errors(include_url=False, include_input=False)
        if any(one["type"] == "json_invalid" for one in errors):
            raise BadRequest("not JSON") from unfit
        raise UnfitError("body", errors) from unfit


def _file(name: str) -> Sent:
    if request.mimetype != MULTIPART:
        raise UnsupportedMediaType(f"{MULTIPART} is read here")
    found = request.files.getlist(name)
    if len(found) != 1 or not found[0].filename or set(request.form) or set(request.files) != {name}:
        raise UnfitError("file", [{"type": "missing", "loc": (name,), "msg": "", "input": None}])
    return Sent(found[0])


def _answer(operation: Operation, value: Any) -> Response:
    if isinstance(value, Download):
        return send_file(value.content, mimetype=value.media_type, as_attachment=True, download_name=value.name)
    if operation.answer is None:
        return Response(status=operation.status)
    made = Response(operation.answer.dump_json(value), operation.status, mimetype=JSON)
    if operation.method == "GET":
        made.headers["Cache-Control"] = "private, no-cache"
        made.add_etag(weak=True)
        made.make_conditional(request)
    return made
