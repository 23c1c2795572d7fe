"""Questions of every kind, made by Hypothesis and by hand."""

from __future__ import annotations

from hypothesis import strategies as st

from core.words import Text
from training.quizzes import KINDS, Choice, Kind, Question
from training.quizzes.model import TRUTH, places

KEYS = st.lists(st.text("abcdefgh", min_size=1, max_size=4), min_size=2, max_size=8, unique=True)


def choices(keys: list[str]) -> tuple[Choice, ...]:
    """Choices of these keys."""
    return tuple(Choice(key, Text(key, key)) for key in keys)


def question(kind: Kind, keys: list[str], right: tuple[str, ...], *, key: str = "q", lesson: str = "a") -> Question:
    """A question; of `match`, partners are the choices' keys behind a `p`."""
    made = TRUTH if kind == "truth" else choices(keys)
    partners = {"order": places(len(keys)), "match": choices([f"p{one}" for one in keys])}.get(kind, ())
    return Question(key, kind, lesson, Text("Hỏi", "Ask"), Text("Vì", "Why"), made, right, partners)


@st.composite
def questions(draw: st.DrawFn, kind: Kind | None = None, key: str = "q") -> Question:
    """Any question."""
    chosen = kind if kind is not None else draw(st.sampled_from(KINDS))
    keys = draw(KEYS)
    if chosen == "truth":
        return question(chosen, keys, (draw(st.sampled_from(("yes", "no"))),), key=key)
    if chosen == "one":
        return question(chosen, keys, (draw(st.sampled_from(keys)),), key=key)
    if chosen == "several":
        ticked = draw(st.lists(st.sampled_from(keys), min_size=1, unique=True))
        return question(chosen, keys, tuple(one for one in keys if one in ticked), key=key)
    right = tuple(f"p{one}" for one in keys) if chosen == "match" else tuple(one.key for one in places(len(keys)))
    return question(chosen, keys, right, key=key, lesson=draw(st.sampled_from(("a", "b", "c"))))
