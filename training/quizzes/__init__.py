"""Quizzes: five kinds of question, the draw of an attempt, marks, and how good a question is (no database)."""
