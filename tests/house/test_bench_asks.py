"""The bench of pages knows every page and operation: whoever adds a list is measured by it."""

from __future__ import annotations

from pathlib import Path

from core.settings import load
from tests.bench import asked
from web.app import create_app


def test_every_page_is_asked_for_or_left_out_with_a_reason(tmp_path: Path) -> None:
    app = create_app(load({"VANTHU_HOME": str(tmp_path)}))
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert asked.unknown(rules) == []
    assert {one.replace(", ", ",") for one in (*asked.ASKED, *asked.rules_left_out())} <= {
        one.replace(", ", ",") for one in rules
    }, "the bench asks for what is not there"
    assert not set(asked.ASKED) & set(asked.rules_left_out())
