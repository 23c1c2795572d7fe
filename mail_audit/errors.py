"""What can go wrong around a usage audit, in sentences for the person who asked."""

from __future__ import annotations

from core.errors import ConflictError, InputError, NotFoundError, UnavailableError, VanthuError
from core.words import Text


class AuditNotFoundError(NotFoundError):
    """There is no such run."""

    def __init__(self, audit_id: int) -> None:
        super().__init__(
            Text("Không tìm thấy lần kiểm tra này.", "There is no such usage audit."), detail=f"audit {audit_id}"
        )


class NoFiguresError(NotFoundError):
    """The run is known, but has no figures (yet)."""

    def __init__(self, audit_id: int) -> None:
        super().__init__(
            Text("Lần kiểm tra này chưa có số liệu.", "This usage audit has no figures yet."),
            detail=f"audit {audit_id}",
        )


class UnitNotFoundError(NotFoundError):
    """The run says nothing of such a unit."""

    def __init__(self, unit_key: str) -> None:
        super().__init__(
            Text("Lần kiểm tra này không có số liệu về đơn vị này.", "This usage audit has no figures of such a unit."),
            detail=f"unit {unit_key!r}",
        )


class OfficialNotFoundError(NotFoundError):
    """The run says nothing of such an official."""

    def __init__(self, official_id: str) -> None:
        super().__init__(
            Text(
                "Lần kiểm tra này không có số liệu về người này.",
                "This usage audit has no figures of such an official.",
            ),
            detail=f"official {official_id!r}",
        )


class ReportFileNotFoundError(NotFoundError):
    """The report was not rendered in this form, or its file is gone."""

    def __init__(self, language: str, ending: str) -> None:
        super().__init__(
            Text("Chưa có báo cáo ở dạng này.", "There is no report in this form."), detail=f"{language} {ending}"
        )


class ManifestNotFoundError(NotFoundError):
    """The run was not made from the store."""

    def __init__(self, audit_id: int) -> None:
        super().__init__(
            Text(
                "Lần kiểm tra này đọc tệp nhật ký, không lập từ kho, nên không có bản kê.",
                "This usage audit read log files and was not made from the store, so it has no manifest.",
            ),
            detail=f"audit {audit_id}",
        )


class LogPathError(InputError):
    """A path that may not be read, or is not there."""


class UploadError(InputError):
    """A sent log that cannot be taken."""


class AuditBusyError(ConflictError):
    """Something is asked of a run that it cannot do in its state."""


class CancelledError(ConflictError):
    """The run was cancelled or deleted while it was working."""

    def __init__(self, audit_id: int) -> None:
        super().__init__(
            Text("Lần kiểm tra này đã bị hủy.", "This usage audit was cancelled."), detail=f"audit {audit_id}"
        )


class SourceError(InputError):
    """A source of logs that cannot be as it was asked."""


class SourceNotFoundError(NotFoundError):
    """There is no such source."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(f"Không có nguồn nhật ký “{name}”.", f"There is no source of logs “{name}”."),
            detail=f"source {name!r}",
        )


class OvertakenError(ConflictError):
    """Another process has read on in the same stream meanwhile."""

    def __init__(self, stream: str) -> None:
        super().__init__(
            Text("Một tiến trình khác đang đọc cùng nhật ký này.", "Another process is reading the same log."),
            detail=f"stream {stream}",
        )


class TargetNotFoundError(NotFoundError):
    """There is no such target (any more)."""

    def __init__(self, target_id: int) -> None:
        super().__init__(
            Text("Mục tiêu này không còn nữa.", "There is no such target any more."), detail=f"target {target_id}"
        )


class ContestNotFoundError(NotFoundError):
    """There is no such contest, or it is not the actor's to see."""

    def __init__(self, contest_id: int) -> None:
        super().__init__(
            Text("Không tìm thấy đề nghị này.", "There is no such request."), detail=f"contest {contest_id}"
        )


class ContestTextError(InputError):
    """The reason or the answer is missing or too long; or it is about something that cannot be contested."""


class ContestBusyError(ConflictError):
    """The same figure is contested already, or the contest was answered meanwhile."""


class ExceptionNotFoundError(NotFoundError):
    """There is no such exception on record."""

    def __init__(self, exception_id: int) -> None:
        super().__init__(
            Text("Không tìm thấy ngoại lệ này.", "There is no such exception on record."),
            detail=f"exception {exception_id}",
        )


class ExceptionInputError(InputError):
    """An exception that cannot be recorded: days in the wrong order, no such official, an address that is none."""


class ExceptionEndedError(ConflictError):
    """The exception was ended or withdrawn meanwhile."""


class FullStoreError(UnavailableError):
    """What was to be kept could not be written."""

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            Text(
                "Không ghi được vào kho: ổ đĩa đã đầy. Hãy giải phóng chỗ trống rồi chạy lại; phần đã ghi vẫn còn.",
                "The store could not be written: its disk is full. Please make room and run this again; what was "
                "written before is kept.",
            ),
            detail=detail,
        )


class UnreadableObjectError(VanthuError):
    """What the store keeps under a key cannot be had."""


class LostObjectError(UnreadableObjectError, NotFoundError):
    """What a row names is not in the store: removed after its time, or lost."""

    def __init__(self, key: str) -> None:
        super().__init__(
            Text(
                f"Tệp {key} không còn trong kho: đã được xóa sau thời hạn lưu, hoặc bị mất. "
                "Nếu cần, hãy khôi phục tệp từ bản sao lưu.",
                f"{key} is no longer in the store: it was removed after its time, or it was lost. "
                "Restore it from the backup if it is needed.",
            )
        )


class DamagedObjectError(UnreadableObjectError):
    """What the store keeps under a key cannot be read: a disk or whoever copied it changed its bytes."""

    def __init__(self, key: str, *, detail: str = "") -> None:
        super().__init__(
            Text(
                f"Tệp {key} trong kho bị hỏng, không đọc được. "
                "Hãy khôi phục tệp từ bản sao lưu, hoặc đọc lại nhật ký gốc.",
                f"{key} in the store is damaged and cannot be read. "
                "Restore it from the backup, or read its logs again.",
            ),
            detail=detail,
        )


class NoRoomAsideError(UnavailableError):
    """The events of a long log do not fit on the disk that temporary files lie on."""

    def __init__(self, folder: str, *, detail: str) -> None:
        super().__init__(
            Text(
                f"Không ghi được tệp tạm ở {folder} (nhật ký dài cần khoảng 60 byte mỗi sự kiện); "
                "hãy giải phóng ổ đĩa hoặc đặt biến TMPDIR tới nơi còn chỗ.",
                f"Cannot write temporary files in {folder} (a long log needs some 60 bytes an event); "
                "please free the disk, or set TMPDIR to a place that has room.",
            ),
            detail=detail,
        )
