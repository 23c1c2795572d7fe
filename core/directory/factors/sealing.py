"""Secrets that must be read again, kept unreadable for whoever has the database only.

AES-256-GCM under a key derived (HKDF-SHA-256) from the installation's secret, which is not in the database. What a
secret is *for* is sealed with it: moved to another account's row it cannot be opened.
"""

from __future__ import annotations

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.directory.errors import SealError
from core.words import Text

VERSION = "1"
NONCE_BYTES = 12
PURPOSE = b"vanthu: secrets of second factors, 1"


def seal(key: str, plain: str, *, purpose: str) -> str:
    """The sealed text; `key` is the installation's secret, `purpose` must be the same when it is opened."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_derived(key)).encrypt(nonce, plain.encode(), _bound(VERSION, purpose))
    return f"{VERSION}.{base64.urlsafe_b64encode(nonce + sealed).decode('ascii')}"


def opened(key: str, sealed: str, *, purpose: str) -> str:
    """What was sealed. Raises `SealError` where key, purpose or text are not those of the sealing."""
    version, _, text = sealed.partition(".")
    try:
        raw = base64.urlsafe_b64decode(text)
        plain = AESGCM(_derived(key)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(version, purpose))
    except (InvalidTag, ValueError, binascii.Error) as broken:
        raise SealError(
            Text(
                "Không đọc được ứng dụng tạo mã của tài khoản này vì khóa của hệ thống đã thay đổi. Hãy dùng khóa "
                "truy cập hoặc mã khôi phục, hoặc nhờ quản trị viên khôi phục tài khoản.",
                "The authenticator app of this account cannot be read: the installation's key has changed. Use a "
                "passkey or a recovery code, or ask an administrator to recover the account.",
            ),
            detail=type(broken).__name__,
        ) from broken
    return plain.decode()


def _bound(version: str, purpose: str) -> bytes:
    return f"{version} {purpose}".encode()


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
