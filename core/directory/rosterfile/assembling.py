"""Rows that are right by themselves become a roster; what contradicts another row is reported by its line."""

from __future__ import annotations

from dataclasses import replace

from core.directory.errors import WrongRow
from core.directory.roster import Mailbox, Official, Post, Roster, Unit
from core.directory.rosterfile.rows import FileRow
from core.directory.rosterfile.units import Tree, read_tree
from core.words import Text


def assemble(rows: list[FileRow]) -> tuple[Roster, list[WrongRow]]:
    """The roster of `rows`, and the rows that contradict earlier ones (then the roster is not to be used)."""
    tree, problems = read_tree(rows)
    if problems:
        return Roster(), problems
    people = _People(tree, problems)
    for row in rows:
        people.add(row)
    people.check_addresses()
    people.check_posts(rows)
    posts = sorted(people.posts, key=lambda post: post.official_id)  # stable: an official's main post stays first
    boxes = {box.address: replace(box, aliases=tuple(sorted(box.aliases))) for box in people.mailboxes.values()}
    roster = Roster(tree.units, people.officials, tuple(posts), boxes)
    return roster, problems


class _People:
    """Officials, posts and mailboxes, gathered row by row."""

    def __init__(self, tree: Tree, problems: list[WrongRow]) -> None:
        self.tree = tree
        self.problems = problems
        self.officials: dict[str, Official] = {}
        self.posts: dict[Post, None] = {}
        self.mailboxes: dict[str, Mailbox] = {}
        self._first_line: dict[str, int] = {}
        self._alias_lines: dict[tuple[str, str], int] = {}

    def add(self, row: FileRow) -> None:
        unit = self._unit_of(row)
        if row.official_id:
            official = self.officials.setdefault(row.official_id, Official(row.official_id, row.name))
            if official.name != row.name:
                self._wrong(
                    row, "name",
                    f"mã {row.official_id} ở trên là “{official.name}”; mỗi mã là một người",
                    f"{row.official_id} is “{official.name}” above; a number belongs to one person",
                )  # fmt: skip
                return
            if row.rank is not None:
                self.posts[Post(row.official_id, unit.key, row.title, row.rank, row.since, row.until)] = None
        if row.email:
            self._add_mailbox(row, unit)

    def _unit_of(self, row: FileRow) -> Unit:
        return self.tree.units[self.tree.key_of_line[row.line]]

    def _add_mailbox(self, row: FileRow, unit: Unit) -> None:
        owner = row.official_id or None
        box = self.mailboxes.get(row.email)
        if box is None:
            self._first_line[row.email] = row.line
            box = self.mailboxes[row.email] = Mailbox(row.email, row.kind, unit.key, owner)
        line = self._first_line[row.email]
        if box.owner != owner:
            self._wrong(
                row, "email",
                f"{row.email} đã thuộc về dòng {line}; hộp thư dùng chung cần một dòng riêng, không có official_id",
                f"{row.email} belongs to line {line}; a shared mailbox needs a row of its own without official_id",
            )  # fmt: skip
        elif box.kind != row.kind:
            self._wrong(
                row, "kind",
                f"{row.email} ở dòng {line} là {box.kind}",
                f"{row.email} is {box.kind} in line {line}",
            )  # fmt: skip
        else:
            new = tuple(
                alias for alias in dict.fromkeys(row.aliases) if alias not in box.aliases and alias != box.address
            )
            for alias in new:
                self._alias_lines[row.email, alias] = row.line
            self.mailboxes[row.email] = replace(box, aliases=box.aliases + new)

    def check_addresses(self) -> None:
        """An alias is neither another mailbox's address nor another mailbox's alias."""
        taken: dict[str, str] = {address: address for address in self.mailboxes}
        for box in self.mailboxes.values():
            for alias in box.aliases:
                holder = taken.setdefault(alias, box.address)
                if holder != box.address:
                    self.problems.append(
                        WrongRow(
                            self._alias_lines[box.address, alias],
                            "aliases",
                            Text(
                                f"{alias} đã thuộc về hộp thư {holder} (dòng {self._first_line[holder]})",
                                f"{alias} belongs to the mailbox {holder} (line {self._first_line[holder]})",
                            ),
                        )
                    )

    def check_posts(self, rows: list[FileRow]) -> None:
        """A row without a rank is a further mailbox of an official whose post another row tells."""
        in_post = {post.official_id for post in self.posts}
        for row in rows:
            if row.official_id and row.official_id not in in_post:
                self._wrong(row, "rank", "trống; cần leader hoặc staff", "empty; it must be leader or staff")

    def _wrong(self, row: FileRow, column: str, vi: str, en: str) -> None:
        self.problems.append(WrongRow(row.line, column, Text(vi, en)))
