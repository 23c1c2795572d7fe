"""The steps of the training story as programs take them: each with a token of somebody of the school."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.permissions import Actor, Role
from tests.e2e.office import HEAD, Person
from tests.e2e.school import HR, KEEPER, School
from tests.web.api.conftest import Program, personal_token
from training.lessons import Course
from training.quizzes import Question

ROLES = {
    KEEPER: Actor(KEEPER.account, frozenset({Role.ADMINISTRATOR})),
    HR: Actor(HR.account, frozenset({Role.HR})),
    HEAD: Actor(HEAD.account, frozenset({Role.OFFICIAL}), HEAD.number),
}


@dataclass
class Programs:
    """The school's programs, and the course that its leader learns."""

    there: School
    course: Course
    _known: dict[str, Program] = field(init=False, default_factory=dict)

    def of(self, person: Person) -> Program:
        """Somebody's program, with all that they may give a token."""
        if person.account not in self._known:
            token = personal_token(self.there.office.settings, ROLES[person])
            self._known[person.account] = Program(self.there.office.site.app.test_client(use_cookies=False), token)
        return self._known[person.account]

    def get(self, person: Person, address: str) -> Any:
        """What is answered to somebody's program."""
        answer = self.of(person).get(address)
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, person: Person, address: str, body: Any = None) -> Any:
        """The same for what it does."""
        answer = self.of(person).post(address, body)
        assert answer.status_code in {200, 201, 202}, answer.text
        return answer.json

    def collect(self) -> None:
        """The logs are collected, by a worker."""
        self.post(KEEPER, "/sources/collect")
        self.there.work_off()

    def follow_logs(self) -> None:
        """The school's files become a source."""
        paths = [str(self.there.logs), str(self.there.server.place.iso_log)]
        self.post(KEEPER, "/sources", {"name": "Máy chủ thư", "paths": paths})
        self.collect()

    def audited(self, first: date, last: date) -> tuple[int, dict[str, Any]]:
        """The number of a report of these days, and what it says of the leader."""
        asked = {"first": first.isoformat(), "last": last.isoformat()}
        audit: int = self.post(KEEPER, "/store-reports", asked)["audit_id"]
        self.there.work_off()
        told: dict[str, Any] = self.get(KEEPER, f"/audits/{audit}/officials/{HEAD.number}")["page"]["figures"]
        return audit, told

    def pick_by_rule(self, name: str) -> list[str]:
        """A rule for leaders who do not use e-mail is tried and activated; the numbers of those it picks."""
        wanted = {"mail_classes": ["none"], "rank": "leader"}
        made = self.post(HR, "/rules", {"name": name, "course_key": self.course.key, "conditions": wanted})
        preview = self.get(HR, f"/rules/{made['rule_id']}/preview")
        self.post(HR, f"/rules/{made['rule_id']}/activate")
        return [one["official_id"] for one in preview["picks"]]

    def read_lessons(self) -> str:
        """The leader reads all of them; the address of the course."""
        (own,) = self.get(HEAD, "/own/courses")["rows"]
        address = f"/own/courses/{own['assignment_id']}"
        for one in self.course.lessons:
            assert self.get(HEAD, f"{address}/lessons/{one.key}")["source"]["vi"] == one.source.vi
            own = self.post(HEAD, f"{address}/lessons/{one.key}/read")
        assert own["next"]["kind"] == "quiz"
        return address

    def pass_quiz(self, address: str) -> int:
        """The leader knows all answers by their words; the percentage."""
        attempt = self.post(HEAD, f"{address}/quiz")
        bank = {one.ask.vi: one for one in self.course.questions}
        answers = [
            {"number": one["number"], "given": _answer(one, bank[one["ask"]["vi"]])} for one in attempt["questions"]
        ]
        sent = {"answers": answers, "seen_changes": attempt["changes"]}
        percent: int = self.post(HEAD, f"/own/attempts/{attempt['attempt_id']}/hand-in", sent)["percent"]
        return percent

    def practise(self, address: str) -> tuple[str, str]:
        """The leader writes from the own mailbox to the address of the exercise; its state before and after."""
        begun = self.post(HEAD, f"{address}/practice/send", {})
        self.there.send(begun["address"], HEAD)
        self.collect()
        return begun["state"], self.get(HEAD, f"{address}/practice/send")["state"]


def _answer(asked: dict[str, Any], question: Question) -> list[dict[str, str]]:
    """What is right, in the values of the sheet."""
    values = {one["text"]["vi"]: one["value"] for one in asked["choices"]}
    partners = {one["text"]["vi"]: one["value"] for one in asked["partners"]}
    if question.paired:
        words = {one.key: one.text.vi for one in question.partners}
        return [
            {"choice": values[choice.text.vi], "partner": partners[words[key]]}
            for choice, key in zip(question.choices, question.right, strict=True)
        ]
    return [{"choice": values[one.text.vi]} for one in question.choices if one.key in question.right]
