"""Recovery codes: a sheet of ten, each good for one log-in when telephone and passkey are out of reach.

A code is twelve signs that are not mistaken for each other, 58 bits. Only Argon2id hashes are kept. The codes of one
sheet share their random salt, so that a typed code is hashed once and looked up, not hashed ten times.
"""

from __future__ import annotations

import base64
import re
import secrets

from argon2 import extract_parameters
from argon2.low_level import Type, hash_secret

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SHEET = 10
"""Codes of one sheet."""
LENGTH, GROUP = 12, 4
SALT_BYTES = 16
COST = {"time_cost": 2, "memory_cost": 19_456, "parallelism": 1}
"""OWASP's second choice of Argon2id: 19 MiB, two passes."""
HASH_BYTES = 32


def new_sheet() -> list[str]:
    """Ten new codes as they are shown: `ABCD-EFGH-JKMN`."""
    made: set[str] = set()
    while len(made) < SHEET:
        signs = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        made.add("-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP)))
    return sorted(made)


def kept(sheet: list[str]) -> list[str]:
    """What is kept of a new sheet: one hash a code, all with the same new salt."""
    salt = secrets.token_bytes(SALT_BYTES)
    return [_hash(_signs(code), salt, **COST) for code in sheet]


def typed(text: str) -> str | None:
    """The signs of a code as somebody typed it, with or without hyphens, in any case; None for what is no code."""
    signs = _signs(text[:100])
    return signs if len(signs) == LENGTH and set(signs) <= set(LETTERS) else None


def hash_like(kept_one: str, signs: str) -> str:
    """The hash of typed `signs` with salt and cost of `kept_one`: equal to the kept hash of the same code."""
    chosen = extract_parameters(kept_one)
    salt = _decoded(kept_one.split("$")[4])
    return _hash(
        signs, salt, time_cost=chosen.time_cost, memory_cost=chosen.memory_cost, parallelism=chosen.parallelism
    )


def sheet_of(kept_one: str) -> str:
    """What the hashes of one sheet have in common: cost and salt."""
    return kept_one.rpartition("$")[0]


def _signs(text: str) -> str:
    return re.sub(r"[\s-]", "", text).upper()


def _hash(signs: str, salt: bytes, *, time_cost: int, memory_cost: int, parallelism: int) -> str:
    made = hash_secret(
        signs.encode(),
        salt,
        time_cost=time_cost,
        memory_cost=memory_cost,
        parallelism=parallelism,
        hash_len=HASH_BYTES,
        type=Type.ID,
    )
    return made.decode("ascii")


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))
