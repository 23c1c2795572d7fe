"""What goes wrong at a door before it is known who somebody is: one sentence for the person, the detail for the log."""

from __future__ import annotations

from core.errors import ForbiddenError, InputError, UnavailableError
from core.words import Text


class DoorError(ForbiddenError):
    """What came back from a provider does not prove who somebody is."""


class LeftThereError(ForbiddenError):
    """The person went back at the provider, or the provider let nobody in: no proof, and no false one."""


class StaleLogInError(InputError):
    """A log-in that was not begun in this browser, or too long ago, or that is over already."""


class ProviderAwayError(UnavailableError):
    """A provider or a directory server does not answer, or not as the standard says."""


def not_proven(detail: str) -> DoorError:
    """An answer that proves nothing; `detail` says why, and holds no token and no code."""
    return DoorError(
        Text(
            "Không xác nhận được việc đăng nhập. Hãy thử đăng nhập lại từ đầu.",
            "The log-in could not be confirmed. Please log in again from the beginning.",
        ),
        detail=detail,
    )


def refused_there(detail: str) -> LeftThereError:
    """The provider itself refused, or the person went back."""
    return LeftThereError(
        Text(
            "Việc đăng nhập đã bị hủy hoặc bị từ chối ở hệ thống bên kia. Có thể thử lại hoặc dùng cách khác.",
            "The log-in was cancelled or refused by the other system. You may try again, or use another way.",
        ),
        detail=detail,
    )


def stale(detail: str) -> StaleLogInError:
    """No log-in that was begun here belongs to this answer."""
    return StaleLogInError(
        Text(
            "Lần đăng nhập này đã quá lâu hoặc không bắt đầu từ trình duyệt này. Hãy bắt đầu lại.",
            "This log-in took too long, or did not begin in this browser. Please begin again.",
        ),
        detail=detail,
    )


def away(detail: str) -> ProviderAwayError:
    """It does not answer, or not as it should."""
    return ProviderAwayError(
        Text(
            "Hệ thống đăng nhập bên kia hiện không trả lời. Hãy thử lại sau ít phút hoặc dùng cách khác.",
            "The other log-in system does not answer now. Please try again in some minutes, or use another way.",
        ),
        detail=detail,
    )
