"""Tests of the store, and what tests of others need of it."""

from __future__ import annotations

from pathlib import Path

from core.store import FolderStore, Store
from core.store.bucket import BucketStore


def folder_of(store: Store) -> Path:
    """Where a store in a folder lies."""
    assert isinstance(store, FolderStore)
    return store.folder


def everything(store: Store) -> list[str]:
    """The keys of all that lies in any of the places that Vanthu keeps things in."""
    places = ("audits", "documents", "events", "inputs", "standing", "uploads")
    drafts = [path for path in store.drafts.rglob("*") if path.is_file()] if store.drafts.is_dir() else []
    return [one.key for place in places for one in store.listed(place)] + [f"draft {path.name}" for path in drafts]


def environ_of(store: Store) -> dict[str, str]:
    """What another process of the same installation needs to be told of its store, beside the settings' file."""
    return {"VANTHU_STORE": store.place, "VANTHU_STORE_SECRET": store.secret} if isinstance(store, BucketStore) else {}
