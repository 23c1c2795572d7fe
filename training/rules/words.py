"""Why a rule picks somebody, and why it does not, in sentences for HR and for the person; and the rule itself.

The words for classes are those of the usage audit: whoever is picked reads the same word on their own page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from core.words import Text, day_words, showable
from training.rules.judging import LEAST_OWN_DAYS, NEARLY_ALL, NOT_KNOWN, TRUE, Outcome, Verdicts
from training.rules.model import Rule
from training.rules.snapshot import UNKNOWN, Snapshot, Window, WindowUse

CLASS_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "regular": Text("dùng thường xuyên", "uses it regularly"),
        "occasional": Text("dùng thỉnh thoảng", "uses it now and then"),
        "delegated": Text("người khác dùng hộ", "somebody else uses it for them"),
        "forwarded": Text("chuyển tiếp ra thư riêng", "forwarded to private mail"),
        "machine": Text("chỉ có máy truy cập", "only a device connects"),
        "none": Text("không dùng", "not used"),
        "unknown": Text("không có dữ liệu", "no data"),
    }
)
RANK_WORDS: Mapping[str, Text] = MappingProxyType(
    {"leader": Text("lãnh đạo", "leader"), "staff": Text("chuyên viên, nhân viên", "staff")}
)
Names = Mapping[str, Text]
"""Key of a course, or of a unit -> what it is called; what is not there is called by its key."""
NO_NAMES: Names = MappingProxyType({})


def conditions_in_words(rule: Rule, *, courses: Names = NO_NAMES, units: Names = NO_NAMES) -> tuple[Text, ...]:
    """Each condition of a rule as a clause."""
    found: list[Text] = []
    if rule.mail_classes:
        said = _listed(CLASS_WORDS[one] for one in rule.mail_classes)
        found.append(Text(f"thư điện tử công vụ: {said.vi}", f"official e-mail: {said.en}"))
    if rule.active_below is not None:
        number = rule.active_below
        found.append(
            Text(
                f"dùng thư dưới {number} ngày làm việc trong 28 ngày",
                f"used e-mail on fewer than {number} working days in 28 days",
            )
        )
    if rule.office_classes:
        said = _listed(CLASS_WORDS[one] for one in rule.office_classes)
        found.append(Text(f"văn phòng điện tử: {said.vi}", f"e-office: {said.en}"))
    if rule.rank is not None:
        found.append(RANK_WORDS[rule.rank])
    if rule.units:
        said = _listed(_named(units, key) for key in rule.units)
        found.append(Text(f"đơn vị: {said.vi} (kể cả cấp dưới)", f"unit: {said.en} (and below)"))
    if rule.post_words:
        said = _listed(Text(f"“{word}”", f"“{word}”") for word in rule.post_words)
        found.append(Text(f"chức vụ có từ {said.vi}", f"post with the word {said.en}"))
    return (*found, *_courses_in_words(rule, courses))


def _courses_in_words(rule: Rule, courses: Names) -> list[Text]:
    found: list[Text] = []
    days = rule.done_days_ago
    if rule.done:
        said = _listed((_named(courses, key) for key in rule.done), "và", "and")
        ago = Text(f", từ {days} ngày trước trở lên", f", {days} days ago or longer") if days else Text("", "")
        found.append(Text(f"đã học {said.vi}{ago.vi}", f"has done {said.en}{ago.en}"))
    if rule.not_done:
        said = _listed(_named(courses, key) for key in rule.not_done)
        within = Text(f" trong {days} ngày qua", f" in the last {days} days") if days else Text("", "")
        found.append(Text(f"chưa học {said.vi}{within.vi}", f"has not done {said.en}{within.en}"))
    return found


def reason(rule: Rule, snapshot: Snapshot, place: int, *, courses: Names = NO_NAMES, units: Names = NO_NAMES) -> Text:
    """Why the official at `place` is picked: what was measured in both windows, and what else the rule asks."""
    parts: list[Text] = []
    if rule.mail_classes or rule.active_below is not None:
        said = [_mail_words(window, snapshot.people[place].use[at]) for at, window in enumerate(snapshot.windows)]
        parts.append(_both(Text("Thư điện tử công vụ", "Official e-mail"), said))
    if rule.office_classes:
        said = [_office_words(window, snapshot.people[place].use[at]) for at, window in enumerate(snapshot.windows)]
        parts.append(_both(Text("Văn phòng điện tử", "E-office"), said))
    others = Rule.__dataclass_fields__.keys() - {"mail_classes", "active_below", "office_classes"}
    if any(getattr(rule, name) for name in others):
        known = {name: getattr(rule, name) for name in others}
        parts.extend(_sentence(one) for one in conditions_in_words(Rule(**known), courses=courses, units=units))
    return Text(" ".join(one.vi for one in parts), " ".join(one.en for one in parts))


def why_not(
    rule: Rule,
    verdicts: Verdicts,
    snapshot: Snapshot,
    place: int,
    *,
    courses: Names = NO_NAMES,
    units: Names = NO_NAMES,
) -> tuple[Text, ...]:
    """Everything that stands against picking the official at `place`, a sentence each; none where they are picked."""
    outcome = Outcome(int(verdicts.outcomes[place]))
    if outcome == Outcome.PICKED:
        return ()
    if outcome not in (Outcome.FALSE, Outcome.UNKNOWN):
        return (LEFT_WORDS[outcome],)
    found: list[Text] = []
    for one in verdicts.conditions:
        truths = (int(one.earlier[place]), int(one.later[place]))
        if min(truths) == TRUE:
            continue
        use = snapshot.people[place].use
        if one.name in _MEASURED:
            for truth, window, seen in zip(truths, snapshot.windows, use, strict=True):
                if truth != TRUE:
                    found.append(_measured_words(one.name, rule, window, seen, known=truth != NOT_KNOWN))
        else:
            said = conditions_in_words(_only(rule, one.name), courses=courses, units=units)[0]
            found.append(Text(f"Không phải: {said.vi}.", f"Not so: {said.en}."))
    return tuple(found)


LEFT_WORDS: Mapping[Outcome, Text] = MappingProxyType(
    {
        Outcome.EXEMPT: Text("Đang được miễn khóa học này.", "Is exempt from this course at present."),
        Outcome.HAS_IT: Text("Đang có khóa học này.", "Has this course to do already."),
        Outcome.COOLING: Text(
            "Vừa học xong hoặc vừa được rút khỏi khóa học này: xét lại khi đã qua hai kỳ 28 ngày.",
            "Has just done this course, or had it taken back: looked at again when two windows of 28 days have passed.",
        ),
    }
)
"""Why somebody of whom the rule is true is left out."""
_MEASURED = ("mail_classes", "active_below", "office_classes")


def _measured_words(name: str, rule: Rule, window: Window, seen: WindowUse, *, known: bool) -> Text:
    about = _office_words(window, seen) if name == "office_classes" else _mail_words(window, seen)
    wanted = conditions_in_words(_only(rule, name))[0]
    if known:
        return Text(f"Không phải “{wanted.vi}”: {about.vi}.", f"Not “{wanted.en}”: {about.en}.")
    why = _unknown_words(name, seen)
    return Text(
        f"Chưa biết có phải “{wanted.vi}” không: {about.vi}; {why.vi}.",
        f"Not known whether “{wanted.en}”: {about.en}; {why.en}.",
    )


def _unknown_words(name: str, seen: WindowUse) -> Text:
    """Why nothing is said of somebody in a window."""
    if name == "office_classes":
        return Text("không có việc nào chờ đủ lâu để kết luận", "nothing waited long enough to say anything")
    if not seen.has_mailbox:
        return Text("chưa được cấp hộp thư", "has not been given a mailbox")
    if seen.own_days < LEAST_OWN_DAYS:
        return Text(
            f"chỉ làm việc {seen.own_days} ngày (mới nhận việc hoặc nghỉ)",
            f"was at work for only {seen.own_days} days (new in post, or away)",
        )
    if seen.mail_class == UNKNOWN or seen.covered_days < NEARLY_ALL * seen.own_days:
        return Text(
            f"nhật ký chỉ phủ {seen.covered_days}/{seen.own_days} ngày",
            f"the logs cover only {seen.covered_days} of {seen.own_days} days",
        )
    return Text("nhật ký thiếu ngày nên chưa chắc", "days are missing in the logs, so that it is not certain")


def _mail_words(window: Window, seen: WindowUse) -> Text:
    said = CLASS_WORDS[seen.mail_class]
    return Text(
        f"{_span(window).vi} {said.vi}, {seen.active_days}/{seen.covered_days} ngày làm việc",
        f"{_span(window).en} {said.en}, {seen.active_days} of {seen.covered_days} working days",
    )


def _office_words(window: Window, seen: WindowUse) -> Text:
    said = CLASS_WORDS[seen.office_class]
    return Text(f"{_span(window).vi} {said.vi}", f"{_span(window).en} {said.en}")


def _span(window: Window) -> Text:
    first, last = day_words(window.first), day_words(window.last)
    return Text(f"{first.vi}–{last.vi}", f"{first.en}–{last.en}")


def _both(about: Text, said: list[Text]) -> Text:
    return Text(
        f"{about.vi}: {'; '.join(one.vi for one in said)}.", f"{about.en}: {'; '.join(one.en for one in said)}."
    )


def _only(rule: Rule, name: str) -> Rule:
    """The rule with one of its conditions alone."""
    known: dict[str, Any] = {name: getattr(rule, name)}
    if name in {"done", "not_done"}:
        known["done_days_ago"] = rule.done_days_ago
    return Rule(**known)


def _named(names: Names, key: str) -> Text:
    shown = showable(key)
    return names.get(key, Text(shown, shown))


def _listed(words: Iterable[Text], vi: str = "hoặc", en: str = "or") -> Text:
    every = list(words)
    return Text(_joined([one.vi for one in every], vi), _joined([one.en for one in every], en))


def _joined(words: list[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _sentence(clause: Text) -> Text:
    return Text(f"{clause.vi[:1].upper()}{clause.vi[1:]}.", f"{clause.en[:1].upper()}{clause.en[1:]}.")
