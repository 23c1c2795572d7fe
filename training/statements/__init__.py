"""What somebody learnt as xAPI statements (Experience API 1.0.3), for a learning record store. Pure.

A statement's id follows from what it says, so that the same thing told twice is one statement to every store.
"""

from __future__ import annotations

from training.statements.building import Learnt, Subject, statement, statement_id

__all__ = ["Learnt", "Subject", "statement", "statement_id"]
