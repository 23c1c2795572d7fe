"""What can go wrong around training, in sentences for the person who asked."""

from __future__ import annotations

from datetime import date

from core.errors import ConflictError, InputError, NotFoundError, UnavailableError
from core.words import Text, day_words


class TableError(InputError):
    """A file that cannot be used; the message names the file, the line and the column."""


class DrawError(InputError):
    """People or a seed with which no waves can be drawn, or an announced draw that is not what its seed gives."""


class AssigningError(InputError):
    """A rule, an exemption or an assignment that cannot be as it was given."""

    def __init__(self, vi: str, en: str, *, detail: str = "") -> None:
        super().__init__(Text(vi, en), detail=detail)


class AlreadyAssignedError(ConflictError):
    """The official has this course to do already."""

    def __init__(self) -> None:
        super().__init__(
            Text("Người này đang có khóa học đó rồi.", "This official has that course to do already."),
        )


class MovedOnError(ConflictError):
    """Somebody else was quicker: what should be changed is no longer as it was."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(Text(vi, en))


class NotJudgedError(UnavailableError):
    """How the officials of a large city used e-mail in the two windows is judged by a task, which has still to end."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Đang tính việc dùng thư của toàn thể cán bộ trong hai kỳ; hãy thử lại sau một phút.",
                "How all officials used e-mail in the two windows is being worked out; please try again in a minute.",
            )
        )


class AssignmentNotFoundError(NotFoundError):
    """No such assignment, or not one in reach."""

    def __init__(self, assignment_id: int) -> None:
        super().__init__(Text("Không có lượt học này.", "There is no such assignment."), detail=str(assignment_id))


class RuleNotFoundError(NotFoundError):
    """No such rule, or not one in reach."""

    def __init__(self, rule_id: int) -> None:
        super().__init__(Text("Không có quy tắc này.", "There is no such rule."), detail=str(rule_id))


class CampaignNotFoundError(NotFoundError):
    """No such list, or not one in reach."""

    def __init__(self, campaign_id: int) -> None:
        super().__init__(Text("Không có danh sách này.", "There is no such list."), detail=str(campaign_id))


class ExemptionNotFoundError(NotFoundError):
    """No such exemption, or not one in reach."""

    def __init__(self, exemption_id: int) -> None:
        super().__init__(Text("Không có lượt miễn này.", "There is no such exemption."), detail=str(exemption_id))


class CourseNotFoundError(NotFoundError):
    """There is no such course, edition, lesson, picture or quiz."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            Text("Không có khóa học hoặc bài học này.", "There is no such course or lesson."), detail=detail
        )


class NotOpenError(ConflictError):
    """The assigned course has not begun, or is over."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Khóa học này chưa bắt đầu hoặc đã kết thúc; chưa ghi nhận gì.",
                "This course has not begun or is over; nothing was recorded.",
            )
        )


class StaleAttemptError(ConflictError):
    """The answers were saved from another page after this page was made."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Bài làm đã được lưu từ một trang khác sau khi Ông/Bà mở trang này; chưa ghi nhận gì từ trang này. "
                "Hãy mở lại bài kiểm tra.",
                "The answers were saved from another page after you opened this one; nothing of this page was "
                "recorded. Please open the quiz again.",
            )
        )


class AttemptsUsedError(ConflictError):
    """Nobody may try once more today."""

    def __init__(self, most: int) -> None:
        super().__init__(
            Text(
                f"Hôm nay đã làm bài {most} lần. Hãy xem lại bài học và làm lại vào ngày mai.",
                f"The quiz was taken {most} times today. Please read the lessons again and come back tomorrow.",
            )
        )


class CourseFileError(InputError):
    """A course that cannot be used; each of `faults` names its file and line, the sentence holds them all."""

    def __init__(self, faults: tuple[Text, ...]) -> None:
        super().__init__(
            Text(
                "Khóa học chưa dùng được. " + " ".join(one.vi for one in faults),
                "The course cannot be used. " + " ".join(one.en for one in faults),
            )
        )
        self.faults = faults


class QuestionError(InputError):
    """A question that cannot be kept as it was written: `faults` are the fields of its form, each with a sentence."""

    def __init__(self, faults: tuple[tuple[str, Text], ...]) -> None:
        said = Text(". ".join(one.vi for _, one in faults) + ".", ". ".join(one.en for _, one in faults) + ".")
        super().__init__(said)
        self.faults = faults


class PackageError(InputError):
    """A zip file that is refused before anything of it is read as a course."""

    def __init__(self, vi: str, en: str, *, detail: str = "") -> None:
        super().__init__(Text(vi, en), detail=detail)


class OpenedElsewhereError(ConflictError):
    """A lesson of a package was opened in another window after this one; what this one says does not count any more."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Bài này đã được mở lại ở một cửa sổ khác; cửa sổ này không còn được ghi.",
                "This lesson was opened again in another window; what is done in this one is not recorded any more.",
            )
        )


class SeatError(InputError):
    """A seat, a number of places or a line of waiting people that cannot be as it was asked for."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(Text(vi, en))


class ClassInputError(InputError):
    """A class that cannot be as it was written."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(Text(vi, en))


class ClassNotFoundError(NotFoundError):
    """No such class, or not one in reach."""

    def __init__(self, class_id: int) -> None:
        super().__init__(Text("Không có lớp học này.", "There is no such class."), detail=f"class:{class_id}")


class StaleClassError(ConflictError):
    """The class was changed after the page was made on which somebody changed it."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Lớp học đã được sửa sau khi mở trang này; chưa ghi nhận gì. Hãy xem lại rồi sửa.",
                "The class was changed after you opened this page; nothing was recorded. Look at it again first.",
            )
        )


class CheckInError(ConflictError):
    """Somebody cannot be recorded as present now, or not this way; the sentence says why, and nothing was recorded."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(Text(vi, en))


class CertificateInputError(InputError):
    """What was asked about a certificate cannot be as it was written."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(Text(vi, en))


class CertificateNotFoundError(NotFoundError):
    """No such certificate, or not one in reach."""

    def __init__(self) -> None:
        super().__init__(Text("Không có giấy chứng nhận nào mang mã này.", "There is no certificate with this code."))


class TooEarlyError(ConflictError):
    """Nothing can be said of an effect yet: `from_day` is the first day on which it can, None where nobody learns."""

    def __init__(self, from_day: date | None) -> None:
        said = (
            Text("Chưa giao khóa học cho ai trong danh sách này.", "Nobody on this list was assigned anything yet.")
            if from_day is None
            else Text(
                f"Chưa có đủ số liệu của 28 ngày sau đợt đầu; sớm nhất là ngày {day_words(from_day).vi}, khi nhật ký"
                " của các ngày đó đã được đọc.",
                f"There are no figures yet of the 28 days after the first wave; {day_words(from_day).en} at the"
                " earliest, when the logs of those days have been read.",
            )
        )
        super().__init__(said)


class EffectNotFoundError(NotFoundError):
    """No such report of an effect."""

    def __init__(self, report_id: int) -> None:
        super().__init__(Text("Không có báo cáo này.", "There is no such report."), detail=str(report_id))


class ExerciseNotFoundError(NotFoundError):
    """There is no such exercise in the course, or it was not begun."""

    def __init__(self, detail: str) -> None:
        super().__init__(Text("Không có bài thực hành này.", "There is no such exercise."), detail=detail)


class MissingForPracticeError(ConflictError):
    """Something that the exercise needs is not there: a mailbox, an address, mail."""

    def __init__(self, missing: Text) -> None:
        super().__init__(missing)


class TriesUsedError(ConflictError):
    """The exercise was begun too often in a day."""

    def __init__(self, most: int) -> None:
        super().__init__(
            Text(
                f"Bài này đã được bắt đầu {most} lần trong một ngày. Xin làm tiếp vào ngày mai.",
                f"This was begun {most} times within a day. Please go on tomorrow.",
            )
        )
