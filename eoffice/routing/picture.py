"""A plan as a picture: boxes from top to bottom, as SVG made on the server; a table beside it says the same.

It holds under a strict content security policy: no script, no style, nothing from outside; the page's style sheet
colours it by its classes (`vt-route`). What does not fit into a box ends in an ellipsis; the table has it whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from core.words import Language, Text
from eoffice.routing.lines import line_of
from eoffice.routing.plan import Condition, Plan, Step

WIDTH, LINE, GAP, MARGIN = 340, 20, 26, 10
MOST_SIGNS = 40
MOST_NAMED = 6
DRAFTER, DONE = Text("Người soạn trình", "The author sends it"), Text("Đã duyệt", "Approved")
MORE = Text("… và {count} chức vụ khác", "… and {count} more")
IF, IF_NOT = Text("nếu", "if"), Text("nếu không phải", "unless")
DAYS = Text("{count} ngày làm việc", "{count} working days")
NAME = Text(
    "Sơ đồ quy trình, các bước từ trên xuống; bảng bên cạnh ghi đủ.",
    "The route, from top to bottom; the table says it all.",
)
PURPOSES: Mapping[str, Text] = {
    "opinion": Text("Góp ý", "Opinion"),
    "content": Text("Nội dung", "Content"),
    "form": Text("Thể thức", "Form"),
    "approval": Text("Phê duyệt", "Approval"),
}
KINDS: Mapping[str, Text] = {
    "serial": Text("lần lượt từng người", "one after the other"),
    "all": Text("tất cả cùng lúc", "everybody at once"),
    "any": Text("một người là đủ", "one of them"),
    "n_of_m": Text("ít nhất {count} người", "at least {count} of them"),
}


def picture(plan: Plan, names: Mapping[str, str], value_words: Mapping[str, str], language: Language) -> Markup:
    """The plan as one `<svg>`; `names` are units by key, `value_words` the values that conditions ask about."""
    top, parts = MARGIN, [_box([DRAFTER.to(language)], MARGIN, "vt-route__end")]
    top += LINE + 2 * MARGIN
    for step in plan.steps:
        lines = step_lines(step, names, language)
        conditions = [condition_words(one, value_words, language) for one in step.when]
        parts.append(_arrow(top))
        top += GAP
        kind = "vt-route__box vt-route__box--if" if conditions else "vt-route__box"
        parts.append(_box([*(f"({words})" for words in conditions), *lines], top, kind))
        top += LINE * (len(lines) + len(conditions)) + 2 * MARGIN
    parts += [_arrow(top), _box([DONE.to(language)], top + GAP, "vt-route__end")]
    height = top + GAP + LINE + 3 * MARGIN
    return Markup(
        '<svg class="vt-route" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        'aria-label="{name}" focusable="false">{inside}</svg>'
    ).format(width=WIDTH, height=height, name=NAME.to(language), inside=Markup("").join(parts))


def step_lines(step: Step, names: Mapping[str, str], language: Language) -> list[str]:
    """A step in a few lines: what for and how, within which time, by whom."""
    first = f"{PURPOSES[step.purpose].to(language)}: {how(step, language)}"
    days = [] if step.days is None else [DAYS.to(language).format(count=step.days)]
    people = [line_of(who, names, language) for who in step.who]
    if len(people) > MOST_NAMED:
        people = [*people[: MOST_NAMED - 1], MORE.to(language).format(count=len(people) - MOST_NAMED + 1)]
    return [first, *days, *(f"• {one}" for one in people)]


def how(step: Step, language: Language) -> str:
    """Who of those named must have their say."""
    if len(step.who) == 1 and step.kind != "n_of_m":
        return Text("một người", "one person").to(language)
    return KINDS[step.kind].to(language).format(count=step.needed)


def condition_words(one: Condition, value_words: Mapping[str, str], language: Language) -> str:
    """`nếu: khẩn, thượng khẩn`."""
    listed = ", ".join(value_words.get(value, value) for value in one.values)
    return f"{(IF_NOT if one.negated else IF).to(language)}: {listed}"


def _box(lines: Sequence[str], top: int, kind: str) -> Markup:
    height = LINE * len(lines) + MARGIN
    texts = Markup("").join(
        Markup('<text x="{x}" y="{y}"{bold}>{text}</text>').format(
            x=2 * MARGIN, y=top + LINE * (number + 1) - 2, text=_cut(line),
            bold=Markup(' font-weight="bold"') if number == 0 else "",
        )
        for number, line in enumerate(lines)
    )  # fmt: skip
    frame = Markup('<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>').format(
        x=MARGIN, y=top, width=WIDTH - 2 * MARGIN, height=height
    )
    return Markup('<g class="{kind}">{frame}{texts}</g>').format(kind=kind, frame=frame, texts=texts)


def _arrow(top: int) -> Markup:
    """From a box's lower edge to the next one's upper."""
    middle, begin, end = WIDTH // 2, top - MARGIN, top + GAP - 2
    return Markup('<path class="vt-route__arrow" d="M{x} {begin}V{end}m-5 -7l5 7l5 -7"/>').format(
        x=middle, begin=begin, end=end
    )


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SIGNS else f"{text[: MOST_SIGNS - 1]}…"
