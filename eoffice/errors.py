"""What can go wrong around drafts and documents, in sentences for the person who asked."""

from __future__ import annotations

from core.errors import ConflictError, InputError, NotFoundError
from core.words import Text


class DocumentFileError(InputError):
    """A file that is no usable document: broken, too large, or made to do harm."""

    def __init__(self, vi: str, en: str, *, detail: str = "") -> None:
        super().__init__(Text(vi, en), detail=detail)


class RuleSetError(InputError):
    """A data set of rules that contradicts itself or names what does not exist."""

    def __init__(self, place: str, vi: str, en: str) -> None:
        super().__init__(Text(f"Bộ quy tắc, {place}: {vi}", f"Rule set, {place}: {en}"))


class PlanError(InputError):
    """A route that cannot be followed: `place` is the number of the step (`2.1`: the first inside the second)."""

    def __init__(self, place: str, vi: str, en: str) -> None:
        where = (f"Quy trình, bước {place}: ", f"Route, step {place}: ") if place else ("Quy trình: ", "Route: ")
        super().__init__(Text(where[0] + vi, where[1] + en))


class NotYourTurnError(ConflictError):
    """The draft does not wait for this person there (any more): it was decided, pulled back or passed on."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Văn bản không còn chờ ý kiến của Ông/Bà ở bước này; hãy mở lại trang để xem việc gì đã xảy ra.",
                "The document no longer waits for you at this step; open the page again to see what happened.",
            )
        )


class TooLateError(ConflictError):
    """What should be taken back has been seen by the next person."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Không thu hồi được nữa: người tiếp theo đã mở văn bản.",
                "It can no longer be taken back: the next person has opened the document.",
            )
        )


class MoveError(InputError):
    """Something that this step of the route does not allow."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(Text(vi, en))


class DraftNotFoundError(NotFoundError):
    """There is no such draft, or the actor may not know that there is."""

    def __init__(self, draft_id: int) -> None:
        super().__init__(
            Text(
                "Không có văn bản này, hoặc Ông/Bà không được xem.",
                "There is no such document, or it is not yours to see.",
            ),
            detail=f"draft:{draft_id}",
        )


class RouteNotFoundError(NotFoundError):
    """There is no such route, or it is not the actor's to change."""

    def __init__(self) -> None:
        super().__init__(
            Text("Không có quy trình này, hoặc Ông/Bà không được sửa.", "There is no such route, or it is not yours.")
        )


class StaleDraftError(ConflictError):
    """It was changed after the page was made on which somebody decided."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Văn bản đã được sửa sau khi Ông/Bà mở trang; chưa ghi nhận gì. Hãy xem bản mới rồi quyết định.",
                "The document was changed after you opened the page; nothing was recorded. Look at it again first.",
            )
        )


class SecretError(InputError):
    """A text that bears a level of secrecy: it must not be on a network at all."""

    def __init__(self, level: str) -> None:
        super().__init__(
            Text(
                f"Văn bản có dấu “{level}” nên không được soạn, lưu hay gửi trên mạng (Luật 29/2018/QH14, điều 5). "
                "Chưa lưu gì. Hãy xử lý bằng giấy theo quy định về bí mật nhà nước.",
                f"The text is marked “{level}”: it must not be written, kept or sent on a network (Law 29/2018/QH14, "
                "article 5). Nothing was kept. Handle it on paper as the rules on state secrets say.",
            ),
            detail=level,
        )
