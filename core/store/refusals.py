"""What the server of a bucket answered instead of an object, in a sentence that says what to look after."""

from __future__ import annotations

import re

from obstore.exceptions import NotFoundError, PermissionDeniedError, UnauthenticatedError

from core.store.model import MissingError, StoreUnavailableError
from core.words import Text

_NO_BUCKET = re.compile(r"NoSuchBucket")
_REFUSED = re.compile(r"AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|status code: 40[13]")
_LONGEST = 300


def refusal(failed: BaseException, key: str, place: str) -> MissingError | StoreUnavailableError:
    """What to raise for an error of the library. A bucket that is not there is no missing object."""
    said = str(failed)
    if isinstance(failed, MissingError):
        return failed
    if _NO_BUCKET.search(said):
        text = Text(f"Không có kho {place}.", f"There is no bucket {place}.")
    elif isinstance(failed, NotFoundError | FileNotFoundError):
        return MissingError(key)
    elif isinstance(failed, PermissionDeniedError | UnauthenticatedError) or _REFUSED.search(said):
        text = Text(
            f"Máy chủ của kho {place} từ chối khóa truy cập; hãy xem lại [s3] access_key và khóa bí mật.",
            f"The server of {place} refuses the access key; please look at [s3] access_key and its secret.",
        )
    else:
        text = Text(
            f"Máy chủ của kho {place} không trả lời; hãy thử lại sau.",
            f"The server of {place} does not answer; please try again later.",
        )
    return StoreUnavailableError(text, detail=f"{key}: {' '.join(said.split())[:_LONGEST]}")
