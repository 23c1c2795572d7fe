"""`vanthu directory sync`: the directory as the offices' directory servers have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import core.cli
from core.directory.change_lines import say_changes, vi_number
from core.words import Text

if TYPE_CHECKING:
    from core.directory.services.syncing import Synced

SHOWN_LEFT_OUT = 20


@click.command()
@click.argument("name", required=False)
@click.option("--dry-run", is_flag=True, help="Chỉ cho biết sẽ thay đổi gì. Only tell what would change.")
@click.option("--force", is_flag=True, help="Cho phép nhiều cán bộ nghỉ. Many officials may leave.")
def sync(name: str | None, *, dry_run: bool, force: bool) -> None:
    """Đồng bộ danh bạ từ máy chủ LDAP [sync.NAME]. Sync from a directory server; without NAME from each."""
    from core.directory.feeds.options import feeds
    from core.directory.syncing import run_sync
    from core.errors import NotFoundError, VanthuError
    from core.permissions import command_line_actor

    settings = core.cli.settings()
    keys = [name] if name else list(feeds(settings))
    if not keys:
        raise NotFoundError(
            Text("vanthu.toml chưa có bảng [sync.NAME] nào.", "There is no table [sync.NAME] in vanthu.toml.")
        )
    failed: VanthuError | None = None
    for key in keys:
        try:
            synced = run_sync(settings, command_line_actor(), key=key, dry_run=dry_run, force=force)
        except VanthuError as wrong:  # the other servers are asked all the same
            if len(keys) > 1:
                core.cli.say(Text(f"{key}: {wrong.message.vi}", f"{key}: {wrong.message.en}"), err=True)
            failed = failed or wrong
        else:
            _say(key, synced, dry_run=dry_run)
    if failed is not None:
        raise failed


def _say(key: str, synced: Synced, *, dry_run: bool) -> None:
    for one in synced.left_out[:SHOWN_LEFT_OUT]:
        core.cli.say(Text(f"Bỏ qua {one.dn}: {one.words.vi}", f"Left out {one.dn}: {one.words.en}"), err=True)
    tally = synced.tally
    core.cli.say(
        Text(
            f"{key}: {vi_number(tally.found)} mục, {vi_number(tally.left_out)} chỗ không dùng được, "
            f"{vi_number(tally.without_number)} không có mã cán bộ, "
            f"{vi_number(tally.references)} dẫn chiếu không theo; "
            f"vào {vi_number(tally.joined)}, chuyển {vi_number(tally.moved)}, nghỉ {vi_number(tally.left)}.",
            f"{key}: {tally.found:,} entries, {tally.left_out:,} faults, {tally.without_number:,} without a number, "
            f"{tally.references:,} references not followed; "
            f"{tally.joined:,} join, {tally.moved:,} move, {tally.left:,} leave.",
        )
    )
    say_changes(synced.changes, dry_run=dry_run, source=Text("máy chủ danh bạ", "directory server"))
    if synced.refusal is not None:
        core.cli.say(synced.refusal.message, err=True)
