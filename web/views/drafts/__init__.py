"""Drafts: one's own, a new one, the text and what goes with it, its revisions, remarks, and sending it off."""

from __future__ import annotations

from web.views.drafts import describing, enclosing, listing, remarks, revisions, sending, writing
from web.views.drafts.frame import pages

__all__ = ["describing", "enclosing", "listing", "pages", "remarks", "revisions", "sending", "writing"]
