"""What is kept in files: evidence, reports, documents, logs that were sent. In a folder, or in a bucket behind S3.

A *key* names an object: parts with slashes between them (`events/1f…/lines.parquet`). An object is there whole or it is
not there, and nobody ever sees a half of one; which objects count is said by the database alone, whose rows are
committed after the objects they name. So there is nothing to lock and nothing to undo: what no row names is swept.

Both kinds of store hold to the same tests (`tests/core/store`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.store.folder import FolderStore
from core.store.model import Kept, MissingError, Store, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FolderStore", "Kept", "MissingError", "Store", "StoreUnavailableError", "opened"]

BUCKET = "s3://"


def opened(place: str, home: Path, table: Mapping[str, Any], secret: str) -> Store:
    """The store at `place`: a folder, or `s3://BUCKET/PREFIX` as the settings' table `[s3]` says. Asks no server.

    Raises `SettingsError` for an entry of the table that cannot be used, `ValueError` for a place that is none.
    """
    if not place.startswith(BUCKET):
        return FolderStore(Path(place).expanduser().absolute())
    from core.store.bucket import BucketStore  # late: only a store in a bucket needs its library
    from core.store.options import BucketOptions

    return BucketStore(place, BucketOptions.of(table, home), secret)
