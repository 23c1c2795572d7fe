"""The text of lines of the event store, for as long as it is kept."""

from __future__ import annotations

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.store import MissingError, Store
from core.words import Text
from mail_audit.errors import DamagedObjectError
from mail_audit.kept import unbroken
from mail_audit.models import LogPiece, LogSegment
from mail_audit.segments import table_key
from mail_audit.sums import sound

REMOVED = Text(
    "Dòng nhật ký đã được xóa sau thời hạn lưu; con số vẫn giữ nguyên.",
    "The line was removed after the time that logs are kept; the figure stays.",
)


def why_without(lost: str | None) -> Text:
    """Why a line stands without its text: `lost` is the file that cannot be read, where that is why."""
    if lost is None:
        return REMOVED
    return Text(
        f"Chưa đọc được dòng nhật ký: tệp {lost} trong kho bị mất hoặc bị hỏng; con số vẫn giữ nguyên.",
        f"The line cannot be read: {lost} in the store is lost or damaged; the figure stays.",
    )


def with_texts(session: Session, rows: pl.DataFrame, store: Store) -> pl.DataFrame:
    """`rows` with `line` filled in from the event store, where they name a `stream`; and `removed` where it is gone.

    `lost` names the file that should hold the line and cannot be read; it is null where the line went after its time.
    Evidence of an audit of files, and of copies of letters, holds its lines and comes back as it is.
    """
    if "stream" not in rows.columns:
        return rows
    found: dict[tuple[int, int], str] = {}
    lost: dict[tuple[int, int], str] = {}
    for (stream,), part in rows.filter(pl.col("stream").is_not_null()).group_by("stream"):
        offsets = sorted(set(part["offset"]))
        texts, unread = _texts(session, int(str(stream)), offsets, store)
        found.update(((int(str(stream)), offset), line) for offset, line in texts.items())
        lost.update(((int(str(stream)), offset), key) for offset, key in unread.items())
    places = list(rows.select("stream", "offset").iter_rows())
    lines = pl.Series([found.get(place) for place in places], dtype=pl.String)
    keys = pl.Series([lost.get(place) for place in places], dtype=pl.String)
    told = rows.with_columns(line=pl.coalesce(_own_line(rows), lines), lost=keys)
    return told.with_columns(removed=pl.col("line").is_null(), line=pl.col("line").fill_null(""))


def _own_line(rows: pl.DataFrame) -> pl.Expr:
    """The line that evidence without a stream holds itself."""
    own = pl.col("line") if "line" in rows.columns else pl.lit(None, dtype=pl.String)
    return pl.when(pl.col("stream").is_null()).then(own)


def _texts(session: Session, stream: int, offsets: list[int], store: Store) -> tuple[dict[int, str], dict[int, str]]:
    """Offset -> text of the lines of a stream that are still there; and -> the file that should hold it, unreadable."""
    pieces = select(LogSegment.folder, LogPiece.start, LogPiece.stop)
    pieces = pieces.join(LogPiece, LogPiece.segment_id == LogSegment.id)
    pieces = pieces.where(
        LogPiece.stream_id == stream,
        LogPiece.start <= offsets[-1],
        LogPiece.stop > offsets[0],
        LogSegment.removed_at.is_(None),
    )
    wanted = pl.Series("offset", offsets, dtype=pl.Int64).to_frame().lazy()
    held: dict[str, list[tuple[int, int]]] = {}
    for folder, start, stop in session.execute(pieces.distinct()):
        held.setdefault(folder, []).append((start, stop))
    found: dict[int, str] = {}
    lost: dict[int, str] = {}
    for folder, spans in held.items():
        key = table_key(folder, "lines")
        try:
            with unbroken(key):
                lines = pl.scan_parquet(sound(store, key)).select("offset", "line")
                found.update(lines.join(wanted, on="offset", how="semi").collect().iter_rows())
        except (MissingError, DamagedObjectError):
            lost |= {at: key for at in offsets if any(start <= at < stop for start, stop in spans)}
    return found, lost
