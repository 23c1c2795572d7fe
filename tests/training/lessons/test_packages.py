"""Hostile zips are refused before anything of them is read as a course; honest ones are read."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable

import pytest

from training import lessons
from training.errors import CourseFileError, PackageError
from training.lessons import package
from training.lessons.picturefile import LARGEST as LARGEST_PICTURE
from training.lessons.picturefile import picture_of

Build = Callable[[zipfile.ZipFile], None]
GOOD = {
    path.relative_to(lessons.SHIPPED / "phone").as_posix(): path.read_bytes()
    for path in sorted((lessons.SHIPPED / "phone").rglob("*"))
    if path.is_file()
}


def zipped(build: Build, *, good: bool = True) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in GOOD.items() if good else ():
            archive.writestr(path, content)
        build(archive)
    return kept.getvalue()


def named(name: str) -> Build:
    return lambda archive: archive.writestr(name, b"x")


def special(mode: int) -> Build:
    def build(archive: zipfile.ZipFile) -> None:
        entry = zipfile.ZipInfo("pictures/link.svg")
        entry.create_system, entry.external_attr = 3, (mode | 0o777) << 16
        archive.writestr(entry, b"/etc/passwd")

    return build


def many(archive: zipfile.ZipFile) -> None:
    for at in range(package.MOST_ENTRIES + 1):
        archive.writestr(f"pictures/{at}.svg", b"x")


HOSTILE: dict[str, Build] = {
    "a way up": named("../../etc/cron.d/x"),
    "a way up in the middle": named("pictures/../../x.svg"),
    "an absolute path": named("/etc/passwd"),
    "a drive": named("C:/windows/x"),
    "a backslash": named("pictures\\..\\x.svg"),
    "a hidden file": named(".bashrc"),
    "a sign that no screen shows": named("pictures/a\u202egvs.exe"),
    "a deep folder": named("a/b/c/d/e/f.md"),
    "a very long name": named("p" * 200),
    "a symbolic link": special(stat.S_IFLNK),
    "a device": special(stat.S_IFCHR),
    "a pipe": special(stat.S_IFIFO),
    "a bomb": lambda archive: archive.writestr("pictures/b.svg", b"\0" * 900_000),
    "a large entry": lambda archive: archive.writestr("pictures/b.svg", b"\0" * (package.LARGEST_ENTRY + 1)),
    "too many": many,
    "the same twice": lambda archive: archive.writestr("COURSE.toml", b"x"),
    "a strange packing": lambda archive: archive.writestr("pictures/x.svg", b"x", zipfile.ZIP_LZMA),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_zips_are_refused(name: str) -> None:
    with pytest.raises(PackageError):
        lessons.of_zip(zipped(HOSTILE[name]))


def test_an_encrypted_entry_is_refused() -> None:
    content = bytearray(zipped(lambda _archive: None))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(sign) + flags
        content[at : at + 2] = struct.pack("<H", 1)
    with pytest.raises(PackageError):
        lessons.of_zip(bytes(content))


def test_a_size_that_is_a_lie_is_refused() -> None:
    """The directory claims less than what comes out."""
    content = bytearray(zipped(lambda archive: archive.writestr("zz.md", b"y" * 5_000), good=False))
    for sign, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(sign) + at
        content[place : place + 4] = struct.pack("<I", 100)
    with pytest.raises(PackageError):
        lessons.of_zip(bytes(content))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all", b"PK\x05\x06" + b"\0" * 18 + b"rest" * 10])
def test_no_zip(content: bytes) -> None:
    with pytest.raises((PackageError, CourseFileError)):
        lessons.of_zip(content)


def test_cut_short_anywhere_it_is_refused() -> None:
    whole = zipped(lambda _archive: None)
    for length in range(0, len(whole) - 1, max(1, len(whole) // 40)):
        with pytest.raises(PackageError):
            lessons.of_zip(whole[:length])


def test_too_many_bytes() -> None:
    with pytest.raises(PackageError, match="10 MB"):
        lessons.of_zip(b"PK\x03\x04" + b"\0" * package.LARGEST)


def test_honest_zips_are_read() -> None:
    """As they are, in a folder of their own, and with what a Mac leaves in them."""
    expected = lessons.of_folder(lessons.SHIPPED / "phone")
    assert lessons.of_zip(zipped(lambda _archive: None)) == expected
    assert lessons.of_zip(zipped(lambda archive: archive.writestr("__MACOSX/._x", b"x"))) == expected

    def in_a_folder(archive: zipfile.ZipFile) -> None:
        for path, content in GOOD.items():
            archive.writestr(f"phone/{path}", content)

    assert lessons.of_zip(zipped(in_a_folder, good=False)) == expected


SVG = b'<svg xmlns="http://www.w3.org/2000/svg">%s</svg>'
BAD_PICTURES = {
    "script.svg": SVG % b"<script>alert(1)</script>",
    "handler.svg": SVG % b'<rect onload="alert(1)"/>',
    "foreign.svg": SVG % b"<foreignObject><p>x</p></foreignObject>",
    "link.svg": SVG % b'<a href="https://evil.example"><rect/></a>',
    "image.svg": SVG % b'<image href="https://evil.example/x.png"/>',
    "use.svg": SVG % b'<use href="data:image/svg+xml,x"/>',
    "style.svg": SVG % b"<style>@import url(//evil.example)</style>",
    "inline-style.svg": SVG % b'<rect style="fill:url(//evil.example)"/>',
    "fill.svg": SVG % b'<rect fill="url(https://evil.example/x)"/>',
    "stylesheet.svg": b'<?xml-stylesheet href="//evil.example"?>' + SVG % b"",
    "instruction.svg": SVG % b"<?php system('x') ?>",
    "entities.svg": b'<!DOCTYPE svg [<!ENTITY x "y">]>' + SVG % b"<text>&x;</text>",
    "outside.svg": b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG % b"<text>&x;</text>",
    "html.svg": b'<html xmlns="http://www.w3.org/1999/xhtml"><script>x</script></html>',
    "broken.svg": b"<svg",
    "page.png": b"<html><script>alert(1)</script></html>",
    "other.jpg": b"\x89PNG\r\n\x1a\n....",
    "large.png": b"\x89PNG\r\n\x1a\n" + b"\0" * LARGEST_PICTURE,
    "program.exe": b"MZ",
}


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_bad_pictures_are_refused(name: str) -> None:
    files = dict(GOOD) | {f"pictures/{name}": BAD_PICTURES[name]}
    with pytest.raises(CourseFileError, match=rf"pictures/{name}"):
        lessons.read_course(files)


def test_good_pictures_are_told_by_what_is_in_them() -> None:
    kinds = {
        "a.svg": SVG % b'<g><title>T</title><rect width="1" height="1" fill="url(#g)"/></g>',
        "a.png": b"\x89PNG\r\n\x1a\n....",
        "a.jpeg": b"\xff\xd8\xff....",
        "a.webp": b"RIFF....WEBP....",
    }
    found = [getattr(picture_of(name, content), "media_type", None) for name, content in kinds.items()]
    assert found == ["image/svg+xml", "image/png", "image/jpeg", "image/webp"]
