"""An effect in plain words, in two languages: what the terminal and the pages both say."""

from __future__ import annotations

from core.words import LANGUAGES, Language, Text
from training.effect.model import Effect, Label, Verdict

VERDICT_WORDS: dict[Verdict, Text] = {
    "rose": Text("Có tăng", "Rose"),
    "no real change": Text("Không thay đổi đáng kể", "No real change"),
    "fell": Text("Có giảm", "Fell"),
    "cannot tell": Text("Chưa kết luận được", "Cannot tell yet"),
}
LABEL_WORDS: dict[Label, Text] = {
    "A": Text("thứ tự đợt bốc thăm trong từng đơn vị", "order of waves drawn within each unit"),
    "B": Text("bốc thăm cho cả đơn vị", "whole units drawn"),
    "C": Text("mọi người dưới một ngưỡng đều được học", "everybody below a limit was trained"),
    "D": Text("có người chờ nhưng không bốc thăm", "others wait, but nobody drew who"),
    "E": Text("không có ai để so sánh", "nobody to compare with"),
}
HEADINGS: dict[str, Text] = {
    "period": Text("Kỳ", "Period"),
    "trained": Text("Đã học", "Trained"),
    "waiting": Text("Còn chờ", "Waiting"),
    "since": Text("Kỳ so với lúc học", "Periods since training"),
    "before_after": Text("Người đã học, trước và sau", "Trained people, before and after"),
    "averages": Text("Số ngày dùng thư trung bình mỗi 28 ngày", "Mean active days per 28"),
    "evidence": Text("Bằng chứng", "Evidence"),
    "needs": Text("Điều gì sẽ làm rõ", "What would settle it"),
}


def days(number: float, language: Language, *, signed: bool = False) -> str:
    """`2,1` or `2.1`, with a sign where asked; what rounds to nothing has none."""
    shown = f"{abs(number):.1f}"
    sign = "" if shown == "0.0" else "−" if number < 0 else "+" if signed else ""
    return sign + (shown.replace(".", ",") if language == "vi" else shown)


def headline(effect: Effect) -> Text:
    """The verdict with its figure in one or two sentences that can be read out."""
    return Text(*(f"{VERDICT_WORDS[effect.verdict].to(one)}. {_figure(effect).to(one)}" for one in ("vi", "en")))


def _figure(effect: Effect) -> Text:
    if effect.bracket is not None:
        low, high = effect.bracket
        return Text(
            f"Tùy cách tính, người đã học hơn người đang chờ từ {days(low, 'vi', signed=True)} đến "
            f"{days(high, 'vi', signed=True)} ngày mỗi 28 ngày; không biết cách nào đúng, nên không nêu một con số.",
            f"By one way of counting or another, trained people are ahead of those waiting by "
            f"{days(low, 'en', signed=True)} to {days(high, 'en', signed=True)} days per 28; nobody knows which is "
            "right, so no single figure is given.",
        )
    if effect.estimate is None:
        return Text("Không có con số để nêu.", "There is no figure to give.")
    compared = Text(
        f"So sánh {effect.people} người, {LABEL_WORDS[effect.label].vi}.",
        f"{effect.people} people compared; {LABEL_WORDS[effect.label].en}.",
    )
    more = effect.estimate >= 0
    vi = (
        f"Người đã học dùng thư {'nhiều' if more else 'ít'} hơn người đang chờ khoảng "
        f"{days(abs(effect.estimate), 'vi')} ngày mỗi 28 ngày ({_between(effect, 'vi')}). {compared.vi}"
    )
    en = (
        f"Trained people use e-mail on about {days(abs(effect.estimate), 'en')} {'more' if more else 'fewer'} days per "
        f"28 than those still waiting ({_between(effect, 'en')}). {compared.en}"
    )
    return Text(vi, en)


def _between(effect: Effect, language: Language) -> str:
    """How far the figure may be off: with signs where the two ends do not lie on one side."""
    if effect.low is None or effect.high is None:
        return without_an_end(effect).to(language)
    ends = sorted((effect.low, effect.high))
    signed = ends[0] < 0 < ends[1]
    if ends[1] <= 0:
        ends = [-ends[1], -ends[0]]
    first, last = (days(end, language, signed=signed) for end in ends)
    return Text(f"có thể từ {first} đến {last}", f"possibly from {first} to {last}").to(language)


def without_an_end(effect: Effect) -> Text:
    """How far an estimate may be off that is bounded on one side only, or on none."""
    end = effect.high if effect.low is None else effect.low
    if end is None:
        return Text("chưa thể nói trong khoảng nào", "within what limits cannot be said")
    vi, en = (days(end, language, signed=True) for language in LANGUAGES)
    if effect.low is None:
        return Text(f"nhiều nhất là {vi}, không rõ ít nhất", f"at most {en}; how little cannot be said")
    return Text(f"ít nhất là {vi}, không rõ nhiều nhất", f"at least {en}; how much cannot be said")
