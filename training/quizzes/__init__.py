"""Quizzes: five kinds of question, the draw of an attempt, marks, and how good a question is (no database).

from training.quizzes import draw, mark, read_answer

asked = draw(questions, seed="3f…", count=6)          # what a page shows: no word of right or wrong in it
given = read_answer(asked[0], {"choice": ["2"]})      # from the values of the page to the keys of the question
share = mark(questions_by_key[asked[0].question], given)  # a fraction from 0 to 1
"""

from __future__ import annotations

from training.quizzes.drawing import Asked, Offered, draw
from training.quizzes.marking import mark, percent_of
from training.quizzes.model import KINDS, Choice, Kind, Question
from training.quizzes.reading import has_answer, read_answer, value_of
from training.quizzes.statistics import ItemFigures, item_figures

__all__ = [
    "KINDS",
    "Asked",
    "Choice",
    "ItemFigures",
    "Kind",
    "Offered",
    "Question",
    "draw",
    "has_answer",
    "item_figures",
    "mark",
    "percent_of",
    "read_answer",
    "value_of",
]
