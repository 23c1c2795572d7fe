"""What can be wrong with a directory, its file and the log-in accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import ConflictError, InputError
from core.words import Text

SHOWN = 20
"""So many wrong rows are spelt out; the rest are counted."""


@dataclass(frozen=True, slots=True)
class WrongRow:
    """One thing wrong in a directory file: its line (counted from 1), its column's name, and what would be right."""

    line: int
    column: str
    words: Text

    def sentence(self) -> Text:
        """The place and the words."""
        if not self.column:
            return Text(f"dòng {self.line}: {self.words.vi}", f"line {self.line}: {self.words.en}")
        return Text(
            f"dòng {self.line}, cột {self.column}: {self.words.vi}",
            f"line {self.line}, column {self.column}: {self.words.en}",
        )


class RosterError(InputError):
    """The directory file cannot be used; `problems` holds every wrong row, empty when the file itself is wrong."""

    def __init__(self, message: Text, *, detail: str = "", problems: Sequence[WrongRow] = ()) -> None:
        super().__init__(message, detail=detail)
        self.problems = tuple(problems)


def wrong_rows(file: str, problems: Sequence[WrongRow]) -> RosterError:
    """One error that names the file and the first wrong rows by line and column."""
    shown = [problem.sentence() for problem in problems[:SHOWN]]
    more = len(problems) - len(shown)
    vi = [f"{file}: {len(problems)} chỗ chưa đúng.", *(f"  {text.vi}" for text in shown)]
    en = [f"{file}: {len(problems)} wrong cell{'s'[: len(problems) > 1]}.", *(f"  {text.en}" for text in shown)]
    if more:
        vi.append(f"  … và {more} chỗ nữa.")
        en.append(f"  … and {more} more.")
    return RosterError(Text("\n".join(vi), "\n".join(en)), problems=problems)


class RemovalError(ConflictError):
    """An import would take many people out of the directory; the file is probably only a part of it."""


class UnfitPersonError(InputError):
    """What a program says of an official or a unit cannot be; `detail` names the attribute."""


class TakenError(ConflictError):
    """A number, a name or an address is another's already; `detail` names the attribute."""


class FixedError(InputError):
    """What a program would change cannot be changed that way; `detail` names the attribute."""


class PasswordError(InputError):
    """The password is too short, too long, guessed early, or the one there was."""


class AccountError(ConflictError):
    """There is an account of that name already."""


class FactorError(ConflictError):
    """A second factor cannot be added or taken away as things stand."""


class SealError(ConflictError):
    """A sealed secret cannot be opened: the installation's key is not the one it was sealed with."""


class TokenError(InputError):
    """A token of the API cannot be given like this: its name, its scopes, its end, or one too many."""


class GrantError(ConflictError):
    """The account has that role there already, or it cannot have it."""


class DeputyError(ConflictError):
    """That official acts for the other on these days already."""


class LastAdministratorError(ConflictError):
    """Without this one nobody would be left who lets others in."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Đây là quản trị viên cuối cùng của hệ thống. Hãy giao quyền quản trị cho người khác trước.",
                "This is the last administrator. Make somebody else an administrator first.",
            )
        )
