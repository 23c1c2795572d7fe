"""Closed by default: every route says which permission it needs, or why it is open to everybody.

A view without a word about it stops the program at its start (`verify`), so that no page is ever open by oversight.
A route that changes something must ask for a permission that changes something: one that ends in `:read` will not do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, redirect, request, url_for
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from core.permissions import Permission, Role, require
from web import auth
from web.api import door

View = TypeVar("View", bound=Callable[..., Any])
READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Guard:
    """What stands before a view: the permission it needs, or (with none) the reason why everybody may see it.

    `others` are permissions of which any will do as well.
    """

    permission: Permission | None
    reason: str = ""
    others: tuple[Permission, ...] = ()


class UndeclaredRouteError(RuntimeError):
    """A route that says nothing about who may use it, or that changes something under a permission to read."""


def needs(permission: Permission, *others: Permission) -> Callable[[View], View]:
    """Declare that the view is only for actors with `permission` (or any of the `others`)."""
    return _declare(Guard(permission, others=others))


def public(reason: str) -> Callable[[View], View]:
    """Declare that everybody may see the view, logged in or not, and why."""
    return _declare(Guard(None, reason))


def _declare(guard: Guard) -> Callable[[View], View]:
    def declared(view: View) -> View:
        view.guard = guard  # type: ignore[attr-defined]
        return view

    return declared


def guard_of(app: Flask, endpoint: str) -> Guard | None:
    """What the view behind `endpoint` declares; None where it says nothing."""
    if endpoint == "static":
        return Guard(None, "style sheets, scripts and fonts")
    return getattr(app.view_functions.get(endpoint), "guard", None)


def verify(app: Flask) -> None:
    """Raises `UndeclaredRouteError` naming every route that is open by oversight."""
    problems = [problem for rule in app.url_map.iter_rules() if (problem := _problem(app, rule))]
    if problems:
        raise UndeclaredRouteError("; ".join(sorted(problems)))


def _problem(app: Flask, rule: Rule) -> str | None:
    guard = guard_of(app, rule.endpoint)
    if guard is None:
        return f"{rule.rule} declares no permission"
    changes = (rule.methods or set()) - READING
    for permission in () if guard.permission is None else (guard.permission, *guard.others):
        if changes and permission.endswith(":read"):
            return f"{rule.rule} changes something ({', '.join(sorted(changes))}) under {permission}"
    return None


def check(app: Flask) -> Response | None:
    """Let the request through (None), send an anonymous one to the log-in page, or raise `ForbiddenError`.

    For an account that has no role but that of an official, everything but the own pages is as if it were not there: it
    answers 404. Whether the thing itself is in the actor's reach is asked behind the guard, where it is known whose it
    is; what is not answers 404 too.
    """
    guard = guard_of(app, request.endpoint or "")
    if guard is None:
        raise UndeclaredRouteError(f"{request.path} declares no permission")
    if guard.permission is None:
        return None
    actor = auth.actor()
    if actor is None:
        if door.is_asked():
            raise door.unauthorized()
        wanted = request.full_path.rstrip("?") if request.method in READING else None
        return redirect(url_for("session.log_in", next=wanted))
    if any(actor.may(permission) for permission in guard.others):
        return None
    if not actor.may(guard.permission) and actor.every_role == {Role.OFFICIAL}:
        abort(404)
    require(actor, guard.permission)
    return None
