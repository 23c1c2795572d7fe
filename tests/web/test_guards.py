"""Closed by default: a route that says nothing, or too little, stops the application at its start."""

from __future__ import annotations

import pytest
from flask import Flask

from core.permissions import Permission
from web import guards
from web.border import BorderedFlask


@pytest.fixture
def bare() -> Flask:
    return Flask("bare")


def test_every_route_declares_itself(app: BorderedFlask) -> None:
    undeclared = [rule.rule for rule in app.url_map.iter_rules() if guards.guard_of(app, rule.endpoint) is None]
    assert undeclared == []
    guards.verify(app)


def test_an_undeclared_route_stops_the_start(bare: Flask) -> None:
    bare.add_url_rule("/open", view_func=lambda: "", endpoint="open")
    with pytest.raises(guards.UndeclaredRouteError, match="/open declares no permission"):
        guards.verify(bare)


def test_a_write_under_a_read_permission_stops_the_start(bare: Flask) -> None:
    view = guards.needs(Permission.MAIL_AUDIT_AUDIT_READ)(lambda: "")
    bare.add_url_rule("/change", view_func=view, endpoint="change", methods=["POST"])
    with pytest.raises(guards.UndeclaredRouteError, match="/change changes something"):
        guards.verify(bare)


def test_declared_routes_pass(bare: Flask) -> None:
    bare.add_url_rule("/a", view_func=guards.public("a reason")(lambda: ""), endpoint="a", methods=["GET", "POST"])
    start = guards.needs(Permission.MAIL_AUDIT_AUDIT_START)(lambda: "")
    bare.add_url_rule("/b", view_func=start, endpoint="b", methods=["POST"])
    bare.add_url_rule("/c", view_func=guards.needs(Permission.MAIL_AUDIT_AUDIT_READ)(lambda: ""), endpoint="c")
    guards.verify(bare)


def test_public_routes_are_few_and_say_why(app: BorderedFlask) -> None:
    open_to_all = {
        rule.endpoint: guard.reason
        for rule in app.url_map.iter_rules()
        if (guard := guards.guard_of(app, rule.endpoint)) and guard.permission is None
    }
    assert set(open_to_all) == {
        "api.openapi",
        "api_guide.guide",
        "api.status",
        "api.verify_certificate",
        "certificates.public_page",
        "doors.back",
        "doors.begin",
        "doors.bind",
        "doors.log_out",
        "health.health",
        "help.help",
        "language.choose",
        "look.choose",
        "offline.manifest",
        "offline.offline",
        "offline.worker",
        "passkey_log_in.enter",
        "passkey_log_in.options",
        "second_step.code",
        "second_step.enrol",
        "second_step.enrol_app",
        "second_step.enrol_passkey",
        "second_step.enrol_passkey_options",
        "second_step.passkey",
        "second_step.passkey_options",
        "second_step.prove",
        "second_step.recovery_code",
        "second_step.renew",
        "second_step.try_renew",
        "session.log_in",
        "session.log_out",
        "welcome.again",
        "welcome.ask_again",
        "welcome.choose",
        "welcome.welcome",
        "session.try_log_in",
        "static",
        "own_classes.scanned",
    }
    assert all(open_to_all.values())
