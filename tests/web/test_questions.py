"""The editor of questions in the browser, without a script; and that a learner's browser never gets what is right."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest

from core.db import unit_of_work
from core.permissions import Role, command_line_actor
from core.settings import Settings
from tests.web.conftest import Visitor
from training.queries.courses import course_of
from training.quizzes import Question
from training.services import courses as course_services
from training.services.assigning import assign_by_hand
from web.border import BorderedFlask
from web.views.learning import moment

Made = Callable[..., Visitor]
BANK, NEW, ORDER, RULES = (f"/courses/mailbox/{page}" for page in ("questions", "new-question", "order", "quiz-rules"))
TEXTS = {
    "ask-vi": "Hỏi gì?", "ask-en": "What is asked?", "why-vi": "Vì thế.", "why-en": "That is why.",
    "lesson": "what-it-is",
}  # fmt: skip


def lines(*words: str, name: str = "choice") -> dict[str, str]:
    return {
        f"{name}-{at}-{language}": f"{word} {language}"
        for at, word in enumerate(words, start=1)
        for language in ("vi", "en")
    }


WRITTEN: dict[str, dict[str, object]] = {
    "one": {**lines("một", "hai", "ba"), "right": "2"},
    "several": {**lines("một", "hai", "ba"), "right": ["1", "3"]},
    "truth": {"truth": "no"},
    "order": {**lines("sau", "trước"), "place-1": "2", "place-2": "1"},
    "match": {**lines("một", "hai"), **lines("một kia", "hai kia", name="with")},
}


@pytest.fixture
def shipped(settings: Settings, listed: None, app: BorderedFlask) -> None:
    """The courses of the program; CB1 has that of the mailbox to do."""
    with app.app_context(), unit_of_work(settings) as session:
        now = moment()
        course_services.ensure_shipped(session, moment=now)
        assign_by_hand(
            session, command_line_actor(), official_id="CB1", course_key="mailbox",
            due_on=now.today + timedelta(days=14), reason="Thử", moment=now,
        )  # fmt: skip


@pytest.fixture
def hr(account_of: Made, shipped: None) -> Visitor:
    return account_of(Role.HR, name="nhan.su")


def kept(settings: Settings, key: str) -> Question:
    with unit_of_work(settings) as session:
        found = course_of(session, "mailbox")[1].question(key)
    assert found is not None
    return found


def undo(visitor: Visitor, page: str) -> str:
    """Press the way back that the page offers; where it leads."""
    text = visitor.get(page).text
    form = re.search(r'<form[^>]*action="([^"]+)"[^>]*>(?:(?!</form>).)*?Hoàn tác', text, re.DOTALL)
    assert form, "no way back is offered"
    fields = dict(re.findall(r'name="(version|back)" value="([^"]*)"', form[0]))
    return visitor.post(html.unescape(form[1]), page, **fields).location


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_question_of_each_kind(hr: Visitor, settings: Settings, kind: str) -> None:
    page = f"{NEW}?kind={kind}"
    assert page.removeprefix(NEW) in hr.get(NEW).text
    seen = {"kind": kind, "version": "1"}
    empty = hr.post(BANK, page, **seen, do="save")
    assert empty.status_code == 422
    assert "Hãy viết câu hỏi bằng cả tiếng Việt và tiếng Anh" in empty.text
    tried = hr.post(BANK, page, **seen, **TEXTS, **WRITTEN[kind], do="preview")
    assert "Người học sẽ thấy như sau" in tried.text
    assert 'value="Hỏi gì?"' in tried.text or ">Hỏi gì?</textarea>" in tried.text
    saved = hr.post(BANK, page, **seen, **TEXTS, **WRITTEN[kind], do="save")
    assert saved.location == f"{BANK}#q-what-is-asked"
    question = kept(settings, "what-is-asked")
    assert (question.kind, question.ask.en, question.lesson) == (kind, "What is asked?", "what-it-is")
    shown = {
        "one": lambda: question.right == ("2",),
        "several": lambda: question.right == ("1", "3"),
        "truth": lambda: question.right == ("no",),
        "order": lambda: [one.text.vi for one in question.choices] == ["trước vi", "sau vi"],
        "match": lambda: [one.text.en for one in question.partners] == ["một kia en", "hai kia en"],
    }
    assert shown[kind]()
    edit = f"{BANK}/what-is-asked"
    assert "Question(" not in hr.get(edit).text
    fields = dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', hr.get(edit).text))
    fields |= dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"[^>]* checked', hr.get(edit).text))
    again: dict[str, object] = {name: html.unescape(value) for name, value in fields.items()}
    again |= {"lesson": "what-it-is", "version": "2"}
    if kind == "several":
        again["right"] = ["1", "3"]
    assert hr.post(edit, edit, **again, do="save").location
    assert "Không có gì thay đổi" in hr.get(BANK).text, "the page sends back what it shows"
    assert kept(settings, "what-is-asked") == question


def test_what_was_done_is_undone(hr: Visitor, settings: Settings) -> None:
    first = course_keys(settings)[0]
    edit = f"{BANK}/{first}"
    truth = {**TEXTS, **lines("một", "hai"), "right": "1", "version": "1"}
    assert hr.post(edit, edit, **truth, do="save").status_code == 303
    assert kept(settings, first).ask.vi == "Hỏi gì?"
    assert undo(hr, BANK) == BANK
    assert kept(settings, first).ask.vi != "Hỏi gì?"
    assert hr.post(f"{edit}/retire", BANK, version="3").status_code == 303
    assert kept(settings, first).retired
    assert undo(hr, BANK) == f"{BANK}#q-{first}"
    assert not kept(settings, first).retired
    keys = course_keys(settings)
    assert hr.post(ORDER, ORDER, version="5", **{f"place-{keys[-1]}": "1"}).status_code == 303
    assert course_keys(settings) == [keys[-1], *keys[:-1]], "the others make room"
    assert undo(hr, BANK) == BANK
    assert course_keys(settings) == keys
    said = hr.post(RULES, RULES, version="7", draw="3", attempts="2", pass_mark="90")
    assert said.status_code == 303
    most = len(keys)
    assert f"rút 3 trong {most} câu; cần 90\u00a0% để đạt; mỗi ngày làm được 2 lần" in hr.get(BANK).text
    wrong = hr.post(RULES, RULES, version="8", draw=str(most + 1), attempts="2", pass_mark="90")
    assert (wrong.status_code, f"Hãy nhập số từ 1 đến {most}" in wrong.text) == (422, True)
    hr.post(RULES, RULES, version="8", draw=str(most), attempts="2", pass_mark="90")
    refused = hr.post(f"{edit}/retire", BANK, version="9")
    assert (refused.status_code, f"phải còn ít nhất {most} câu" in refused.text) == (422, True)


def course_keys(settings: Settings) -> list[str]:
    with unit_of_work(settings) as session:
        return [one.key for one in course_of(session, "mailbox")[1].questions]


def test_the_second_of_two_is_told_and_loses_nothing(hr: Visitor, account_of: Made, settings: Settings) -> None:
    other, first = account_of(Role.HR, name="nhan.su.hai"), course_keys(settings)[0]
    edit = f"{BANK}/{first}"
    mine = {**TEXTS, **lines("của tôi", "khác"), "right": "1", "version": "1"}
    theirs = {**TEXTS, "ask-vi": "Người kia hỏi gì?", **lines("của họ", "khác"), "right": "1", "version": "1"}
    assert other.post(edit, edit, **theirs, do="save").status_code == 303
    met = hr.post(edit, edit, **mine, do="save")
    assert met.status_code == 409
    for words in ("Người khác vừa sửa câu hỏi này", "nhan.su.hai", "Người kia hỏi gì?", "của họ en", "của tôi vi"):
        assert words in met.text, words
    assert 'name="version" value="2"' in met.text
    assert kept(settings, first).ask.vi == "Người kia hỏi gì?"
    assert hr.post(edit, edit, **{**mine, "version": "2"}, do="save").status_code == 303
    assert kept(settings, first).ask.vi == "Hỏi gì?"
    rules = {"draw": "2", "attempts": "2", "pass_mark": "50", "version": "3"}
    assert other.post(RULES, RULES, **rules).status_code == 303
    late = hr.post(RULES, RULES, **{**rules, "draw": "4"})
    assert (late.status_code, "Hiện tại: 2 câu" in late.text, 'value="4"' in late.text) == (409, True, True)
    moved = hr.post(ORDER, ORDER, version="3", **{f"place-{first}": "3"})
    assert moved.status_code == 303, "another part of the course is in nobody's way"
    late = other.post(ORDER, ORDER, version="3", **{f"place-{first}": "5"})
    assert (late.status_code, f'name="place-{first}"' in late.text, 'value="5"' in late.text) == (409, True, True)
    page = "/courses/mailbox/lessons/what-it-is"
    assert other.post(page, page, version="4", vi="# Của họ", en="# Theirs", do="save").status_code == 303
    met = hr.post(page, page, version="4", vi="# Của tôi", en="# Mine", do="save")
    assert (met.status_code, "# Của họ" in met.text, "# Của tôi" in met.text) == (409, True, True)


def test_no_key_reaches_a_learners_browser(
    hr: Visitor, official: Visitor, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two banks that differ in nothing but what is right make the very same sheet."""
    monkeypatch.setattr(secrets, "token_hex", lambda _bytes: "5eed")
    quiz, sheets = "/learning/1/quiz", []
    for number, kind in enumerate(("one", "several", "truth"), start=1):
        written = {**TEXTS, "ask-en": f"Key {kind}?", **WRITTEN[kind], "kind": kind, "version": str(number)}
        assert hr.post(BANK, NEW + f"?kind={kind}", **written, do="save").status_code == 303
    keys = [f"key-{kind}" for kind in ("one", "several", "truth")]
    hr.post(RULES, RULES, version="4", draw="11", attempts="9", pass_mark="90")
    for right in ({"one": "1", "several": ["2"], "truth": "yes"}, {"one": "3", "several": ["1", "2"], "truth": "no"}):
        for key, kind in zip(keys, right, strict=True):
            edit = f"{BANK}/{key}"
            version = re.search(r'name="version" value="(\d+)"', hr.get(edit).text)
            assert version
            marked = {"truth": right[kind]} if kind == "truth" else {"right": right[kind]}
            written = {**TEXTS, "ask-en": f"Key {kind}?", **WRITTEN[kind], **marked, "version": version[1]}
            assert hr.post(edit, edit, **written, do="save").status_code == 303
        attempt = official.post(quiz, quiz).location
        sheets.append(re.sub(r'attempts/\d+|value="[^"]{40,}"|lần \d+|"q\d+[^"]*"', "", official.get(attempt).text))
        assert "Vì thế." not in sheets[-1]
        official.post(attempt, attempt, changes="0", do="hand_in_anyway")
    tokens = [re.sub(r"name=\"csrf_token\"[^>]*>|nonce-\S+|content=\"[^\"]{60,}\"", "", one) for one in sheets]
    assert tokens[0] == tokens[1]
    for page in (BANK, NEW, f"{BANK}/{keys[0]}", ORDER, RULES, "/courses/mailbox/quiz", "/courses/mailbox"):
        assert official.get(page).status_code == 404, page


def test_the_quiz_is_tried_as_a_learner_meets_it(hr: Visitor) -> None:
    page = "/courses/mailbox/quiz"
    first, again, other = (hr.get(address).text for address in (page, page, f"{page}?draw=x"))
    assert first.count('vt-question"') == 6
    legends = [re.findall(r"<legend[^>]*>\d+\. ([^<]+)", one) for one in (first, again, other)]
    assert legends[0] == legends[1] != legends[2]


@pytest.mark.parametrize("truth", ["", "maybe", "YES", "0"])
def test_what_is_neither_true_nor_false_is_not_chosen(hr: Visitor, settings: Settings, truth: str) -> None:
    page = f"{NEW}?kind=truth"
    answered = hr.post(BANK, page, kind="truth", version="1", **TEXTS, truth=truth, do="save")
    assert answered.status_code == 422
    with unit_of_work(settings) as session:
        assert course_of(session, "mailbox")[1].question("what-is-asked") is None
