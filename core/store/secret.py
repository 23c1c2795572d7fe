"""The secret of a bucket's key, read when it is needed and kept nowhere."""

from __future__ import annotations

from core.options import first_line
from core.store.model import StoreUnavailableError
from core.store.options import BucketOptions
from core.words import Text


def secret_of(options: BucketOptions, given: str) -> str:
    """The first line of `secret_file`, else what the environment gave. Raises `StoreUnavailableError` without any."""
    secret, detail = given, "no secret"
    if options.secret_file:
        try:
            secret = first_line(options.secret_file).strip()
        except (OSError, UnicodeDecodeError) as unreadable:
            secret, detail = "", type(unreadable).__name__
    if not secret:
        raise StoreUnavailableError(
            Text(
                "Không có khóa bí mật của kho S3 ([s3] secret_file, hoặc VANTHU_STORE_SECRET).",
                "There is no secret for the S3 store ([s3] secret_file, or VANTHU_STORE_SECRET).",
            ),
            detail=detail,
        )
    return secret
