"""A form check on the terminal, within 80 columns: a row for each rule, its places below; nothing by colour alone."""

from __future__ import annotations

from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.text import Text as Line

from core.words import Language, Text, day_words
from eoffice.documents.checking import Finding
from eoffice.documents.inspection import Inspection
from eoffice.documents.ruleset import SEVERITIES, RuleSet, Severity

WIDTH = 80
MOST_PLACES = 6
"""So many places of one fault are shown; the rest is counted."""
SEVERITY_WORDS: dict[Severity, Text] = {
    "error": Text("Sai", "Wrong"),
    "warning": Text("Nên xem lại", "Look again"),
    "advice": Text("Gợi ý", "Advice"),
}
_NOTHING = Text("Không thấy lỗi thể thức nào.", "No fault of form was found.")
_FIXABLE = Text("sửa được tự động", "can be mended automatically")
_UNKNOWN = Text(
    "Chưa nhận ra loại văn bản; chỉ kiểm tra phần chung.",
    "The type was not recognised; only the common parts were checked.",
)


def show(found: Inspection, console: Console, language: Language = "vi") -> None:
    """Prints the findings in `language`; what the file says is printed as it is, never as markup."""
    width = min(console.width, WIDTH)
    kind = found.rules.types.get(found.draft.type)
    title = kind.words if kind and kind.key else _UNKNOWN
    console.print(Line(f"{found.name}: {title.to(language)}", style="bold"), width=width)
    console.print(Line(f"{found.rules.words.to(language)} ({day_words(found.rules.on).to(language)})"), width=width)
    if not found.findings:
        console.print(Line(_NOTHING.to(language)), width=width)
        return
    for severity in SEVERITIES:
        ours = [one for one in found.findings if one.rule.severity == severity]
        if ours:
            console.print()
            console.print(Line(f"{SEVERITY_WORDS[severity].to(language)}: {len(ours)}", style="bold"), width=width)
            for _rule, same in groupby(sorted(ours, key=lambda one: one.rule.id), key=lambda one: one.rule.id):
                _rule_row(list(same), console, language, found.rules, width)
    console.print()
    console.print(Line(_summary(found).to(language)), width=width)


def _rule_row(same: list[Finding], console: Console, language: Language, rules: RuleSet, width: int) -> None:
    rule = same[0].rule
    console.print(Line(f"• {rule.words.to(language)}"), width=width)
    fixable = f" ({_FIXABLE.to(language)})" if any(one.fixable for one in same) else ""
    under = [f"{rule.place.to(language)} [{rule.id}]", *(_place(one, language, rules) for one in same[:MOST_PLACES])]
    if len(same) > MOST_PLACES:
        under.append(
            Text(f"… và {len(same) - MOST_PLACES} chỗ khác", f"… and {len(same) - MOST_PLACES} more places").to(
                language
            )
        )
    under.append(f"→ {rule.mend.to(language)}{fixable}")
    for line in under:
        if line:
            console.print(Padding(Line(line), (0, 0, 0, 4), expand=False), width=width)


def _place(one: Finding, language: Language, rules: RuleSet) -> str:
    part = rules.parts.get(one.role)
    paragraph = Text(f"đoạn {one.paragraph}", f"paragraph {one.paragraph}").to(language) if one.paragraph else ""
    quote = f"“{one.quote}”" if one.quote else ""
    found = one.found.to(language) if one.found else ""
    return " · ".join(part for part in (paragraph, part.words.to(language) if part else "", quote, found) if part)


def _summary(found: Inspection) -> Text:
    fixable = sum(one.fixable for one in found.findings)
    errors, warnings, advice = (found.count(severity) for severity in SEVERITIES)
    return Text(
        f"{errors} chỗ sai, {warnings} chỗ nên xem lại, {advice} gợi ý; {fixable} chỗ sửa được tự động (--fix TỆP).",
        f"{errors} wrong, {warnings} to look at again, {advice} advice; {fixable} can be mended here (--fix FILE).",
    )
