"""Errors only the browser's side can have; each is a page with a sentence in `border`."""

from __future__ import annotations

from core.errors import ForbiddenError, VanthuError
from core.words import Text


class MayNotError(ForbiddenError):
    """Logged in, but not allowed to do this."""

    def __init__(self) -> None:
        super().__init__(
            Text("Tài khoản này không có quyền làm việc đó.", "This account may not do that."),
        )


class TooManyAttemptsError(VanthuError):
    """Too many log-ins were tried from one place."""

    http_status = 429

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Đã thử đăng nhập quá nhiều lần. Hãy đợi vài phút rồi thử lại.",
                "Too many log-ins were tried. Please wait a few minutes and try again.",
            ),
        )
