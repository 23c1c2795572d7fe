"""Drafts: what is written, every saved state of it, what is attached, linked and remarked, and who looked when.

Revisions are never changed and never deleted: each says who wrote it and when, and a redline can be shown between any
two. Files stand in the event store's neighbour `<store>/documents` under their SHA-256; a row holds the digest.
Officials are rows of the directory; `acting_for` names the official whose deputy did it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of

STATES = ("drafting", "on_route", "returned", "approved", "withdrawn")
"""Being written; with somebody; sent back to its author; approved, and not to be changed any more; given up."""
SOURCES = ("text", "docx")
"""Written here as structured text, or elsewhere as a DOCX that was uploaded."""
URGENCIES = ("normal", "urgent", "very_urgent", "express")
LINK_KINDS = ("replies_to", "replaces", "amends", "related")


class DraftRow(Base):
    """A document on its way from idea to approval.

    `changes` counts every change of the row: a page that was made before it moved on is told so. `form_by` answers for
    the form, `content_by` for the content: two people, and neither is the drafter (Decree 30/2020, art. 12).
    """

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint(one_of("source", SOURCES), name="source"),
        CheckConstraint(one_of("urgency", URGENCIES), name="urgency"),
        CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", name="approved_when"),
        CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL) AND (approved_at IS NULL) = (approved_revision IS NULL)",
            name="approved_whole",
        ),
        CheckConstraint("approved_by IS NULL OR approved_by != drafter", name="not_by_drafter"),
        CheckConstraint("content_by IS NULL OR content_by != drafter", name="content_by_another"),
        CheckConstraint("form_by IS NULL OR form_by != drafter", name="form_by_another"),
        CheckConstraint("content_by IS NULL OR form_by IS NULL OR content_by != form_by", name="two_people"),
        CheckConstraint("(withdrawn_at IS NULL) = (state != 'withdrawn')", name="withdrawn_when"),
        Index("ix_draft_drafter", "drafter", "state"),
        Index("ix_draft_unit", "unit", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    """A key of the rule set's document types (`eoffice.documents`)."""
    title: Mapped[str]
    unit: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    drafter: Mapped[int] = mapped_column(ForeignKey("official.id"))
    source: Mapped[str]
    state: Mapped[str] = mapped_column(default="drafting")
    urgency: Mapped[str] = mapped_column(default="normal")
    due: Mapped[date | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changes: Mapped[int] = mapped_column(default=0)
    content_by: Mapped[int | None] = mapped_column(ForeignKey("official.id"))
    form_by: Mapped[int | None] = mapped_column(ForeignKey("official.id"))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("official.id"))
    """The official who decided; a deputy where `approved_for` names whom they acted for."""
    approved_for: Mapped[int | None] = mapped_column(ForeignKey("official.id"))
    approved_revision: Mapped[int | None]
    """The number of the revision that was approved: the only one that may go out."""
    withdrawn_at: Mapped[datetime | None]


class RevisionRow(Base):
    """A saved state: `number` counts from 1 in each draft; `base` is the revision it was made from.

    `content` is the structured text (`eoffice.writing`), or what was read out of the DOCX for redline and search;
    `file_digest` is the DOCX itself.
    """

    __tablename__ = "draft_revision"
    __table_args__ = (
        UniqueConstraint("draft", "number", name="uq_draft_revision_draft_number"),
        CheckConstraint("number >= 1", name="counted"),
        CheckConstraint("base IS NULL OR base < number", name="after_its_base"),
        CheckConstraint("(file_digest IS NULL) = (file_name IS NULL)", name="file_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    number: Mapped[int]
    base: Mapped[int | None]
    author: Mapped[int] = mapped_column(ForeignKey("official.id"))
    acting_for: Mapped[int | None] = mapped_column(ForeignKey("official.id"))
    at: Mapped[datetime]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    content_digest: Mapped[str]
    file_digest: Mapped[str | None]
    file_name: Mapped[str | None]
    merged: Mapped[bool] = mapped_column(default=False)
    """Made by putting two people's changes together."""


class AttachmentRow(Base):
    """A file that belongs to a draft; removed ones are kept with who removed them."""

    __tablename__ = "draft_attachment"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size"),
        CheckConstraint("(removed_at IS NULL) = (removed_by IS NULL)", name="removed_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str]
    added_at: Mapped[datetime]
    added_by: Mapped[int] = mapped_column(ForeignKey("official.id"))
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("official.id"))


class DraftLink(Base):
    """Another document this one has to do with: one of the suite's own, or one named by its number."""

    __tablename__ = "draft_link"
    __table_args__ = (
        CheckConstraint(one_of("kind", LINK_KINDS), name="kind"),
        CheckConstraint("(other IS NULL) != (named IS NULL)", name="one_of_two"),
        CheckConstraint("other IS NULL OR other != draft", name="another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    kind: Mapped[str]
    other: Mapped[int | None] = mapped_column(ForeignKey("draft.id"), index=True)
    named: Mapped[str | None]
    added_at: Mapped[datetime]
    added_by: Mapped[int] = mapped_column(ForeignKey("official.id"))


class RemarkRow(Base):
    """An opinion or comment: on the whole, or anchored to a passage of a revision (block, range, the words quoted).

    `via` is the door it came by. A remark is answered by another (`parent`) and resolved, never changed.
    """

    __tablename__ = "draft_remark"
    __table_args__ = (
        CheckConstraint(one_of("via", ("web", "mail", "api")), name="via"),
        CheckConstraint("(block_id IS NULL) = (quote IS NULL)", name="anchored_whole"),
        CheckConstraint(
            "(begin_at IS NULL) = (end_at IS NULL) AND (begin_at IS NULL OR begin_at < end_at)", name="range_whole"
        ),
        CheckConstraint("(resolved_at IS NULL) = (resolved_by IS NULL)", name="resolved_whole"),
        Index("ix_draft_remark_draft", "draft", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    revision: Mapped[int]
    author: Mapped[int] = mapped_column(ForeignKey("official.id"))
    acting_for: Mapped[int | None] = mapped_column(ForeignKey("official.id"))
    at: Mapped[datetime]
    text: Mapped[str]
    block_id: Mapped[str | None]
    begin_at: Mapped[int | None]
    end_at: Mapped[int | None]
    quote: Mapped[str | None]
    parent: Mapped[int | None] = mapped_column(ForeignKey("draft_remark.id"))
    via: Mapped[str] = mapped_column(default="web")
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("official.id"))


class LookRow(Base):
    """The revision and the remark that an official saw last of a draft: "what changed since I looked" begins there."""

    __tablename__ = "draft_look"

    draft: Mapped[int] = mapped_column(ForeignKey("draft.id"), primary_key=True)
    official: Mapped[int] = mapped_column(ForeignKey("official.id"), primary_key=True)
    revision: Mapped[int]
    remark: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
