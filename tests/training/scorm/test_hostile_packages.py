"""SCORM packages that are refused, each with a sentence; and honest ones, as different tools write them."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
from collections.abc import Mapping

import pytest

from tests.training.scorm.packages import FILES, HEAD, ITEM, PAGE, SCO, Build, manifest, zipped
from training.errors import PackageError
from training.scorm import LARGEST, is_package, opening, read_package

RESOURCE = '<resource identifier="R1" type="webcontent" adlcp:scormtype="sco" href="%s">%s</resource>'
DEEP = "<item identifier='d'><title>x</title>" * 60 + "</item>" * 60


def entry(name: str, content: bytes = b"x", *, mode: int = 0, method: int = zipfile.ZIP_DEFLATED) -> Build:
    def build(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo(name)
        if mode:
            info.create_system, info.external_attr = 3, (mode | 0o777) << 16
        archive.writestr(info, content, method)

    return build


def many(archive: zipfile.ZipFile) -> None:
    for at in range(opening.LIMITS.most_entries + 1):
        archive.writestr(f"f{at}.txt", b"")


ZIPS: Mapping[str, tuple[Build, str]] = {
    "a way up": (entry("../../etc/cron.d/x"), "path"),
    "a way up in the middle": (entry("js/../../x.js"), "path"),
    "an absolute path": (entry("/etc/passwd"), "path"),
    "a drive": (entry("C:/windows/x.js"), "path"),
    "a backslash": (entry("js\\..\\..\\x.js"), "path"),
    "a sign that no screen shows": (entry("js/a\u202egpj.js"), "path"),
    "a very deep folder": (entry("a/" * 14 + "f.js"), "path"),
    "a very long name": (entry("p" * 300), "path"),
    "a symbolic link": (entry("js/link.js", b"/etc/passwd", mode=stat.S_IFLNK), "no plain file"),
    "a device": (entry("js/dev", mode=stat.S_IFCHR), "no plain file"),
    "a pipe": (entry("js/pipe", mode=stat.S_IFIFO), "no plain file"),
    "a bomb": (entry("b.txt", b"\0" * 8_000_000), "swells"),
    "the same name twice": (entry("index.html"), "stands twice"),
    "capitals that collide": (entry("INDEX.html"), "stands twice"),
    "too many files": (many, "more than"),
    "a strange packing": (entry("x.txt", method=zipfile.ZIP_BZIP2), "strange way"),
    "a program": (entry("setup.exe"), "a program"),
    "a script of a server": (entry("lms.php"), "a program"),
    "a Flash film": (entry("film.swf"), "a program"),
    "a hidden file": (entry("js/.htaccess"), "a program"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ZIPS)
def test_hostile_zips(name: str) -> None:
    build, said = ZIPS[name]
    with pytest.raises(PackageError, match=said):
        read_package(io.BytesIO(zipped(build=build)))


def based(element: str, base: str) -> str:
    """The element with a folder that its addresses begin in."""
    return re.sub(r"^<(\w+) ", rf"<\1 xml:base='{base}' ", element)


PARAMETERS = "<item identifier='I1' identifierref='R1' parameters='%s'"
ENTITIES = '<!DOCTYPE m [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>'
OUTSIDE = '<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
MANIFESTS: Mapping[str, tuple[str | bytes, str]] = {
    "no XML": ("<manifest", "not readable as XML"),
    "a DTD": ("<!DOCTYPE manifest SYSTEM 'http://127.0.0.1/x.dtd'>" + manifest().partition("?>")[2], "DOCTYPE"),
    "entities": (ENTITIES + manifest(title="&b;").partition("?>")[2], "DOCTYPE"),
    "a file by an entity": (OUTSIDE + "<manifest>&a;</manifest>", "DOCTYPE"),
    "a DTD in UTF-16": ("<!DOCTYPE manifest []><manifest/>".encode("utf-16"), "DOCTYPE"),
    "another document": ("<html xmlns='http://www.w3.org/1999/xhtml'/>", "not one of SCORM 1.2"),
    "SCORM 2004": ("<manifest xmlns='http://www.imsglobal.org/xsd/imscp_v1p1'/>", "SCORM 2004"),
    "SCORM 2004 by its word": (manifest().replace("version>1.2<", "version>2004 4th Edition<"), "2004 4th"),
    "too deep": (manifest(DEEP), "too deep"),
    "too many elements": (manifest(ITEM % "" + "<item/>" * 20_001), "too long"),
    "too large": (manifest(title="".join(map(str, range(200_000)))), "too large"),
    "a package in the package": (manifest(more="<manifest identifier='M2'/>"), "nested manifests"),
    "no organization": (re.sub("(</?)organization([ >])", r"\1other\2", manifest()), "organization"),
    "nothing that reports": (manifest(resources=SCO.replace('"sco"', '"asset"')), "no SCO"),
    "too many lessons": (manifest("".join((ITEM % "").replace("I1", f"I{at}") for at in range(31))), "more than 30"),
    "an item of nothing": (manifest(ITEM.replace("R1", "R9") % ""), "not in the package"),
    "two resources of one name": (manifest(resources=SCO + SCO), "stands twice"),
    "a lesson elsewhere": (manifest(resources=RESOURCE % ("https://evil.example/x.html", "")), "leads out"),
    "a lesson by a script": (manifest(resources=RESOURCE % ("javascript:alert(1)", "")), "leads out"),
    "a lesson as data": (manifest(resources=RESOURCE % ("data:text/html,x", "")), "leads out"),
    "a lesson of another host": (manifest(resources=RESOURCE % ("//evil.example/x.html", "")), "leads out"),
    "a lesson above": (manifest(resources=RESOURCE % ("../index.html", "")), "leads out"),
    "a lesson above, in disguise": (manifest(resources=RESOURCE % ("%2e%2e/index.html", "")), "leads out"),
    "a lesson behind a backslash": (manifest(resources=RESOURCE % ("..\\index.html", "")), "leads out"),
    "a base above": (manifest(resources=based(RESOURCE % ("i.html", ""), "../x/")), "leads out"),
    "a base elsewhere": (manifest(head=based(HEAD, "http://evil.example/")), "leads out"),
    "a file elsewhere": (manifest(resources=RESOURCE % ("index.html", "<file href='file:///x'/>")), "leads out"),
    "a lesson that is missing": (manifest(resources=RESOURCE % ("other.html", "")), "not in the package"),
    "parameters that break out": (manifest(PARAMETERS % "?a=&quot;&gt;" + ">x</item>"), "parameters"),
    "a mastery score of 900": (manifest(ITEM % "<adlcp:masteryscore>900</adlcp:masteryscore>"), "masteryscore"),
    "a time that is none": (manifest(ITEM % "<adlcp:maxtimeallowed>1h</adlcp:maxtimeallowed>"), "maxtimeallowed"),
    "launch data without end": (manifest(ITEM % f"<adlcp:datafromlms>{'x' * 4097}</adlcp:datafromlms>"), "datafromlms"),
}  # fmt: skip


@pytest.mark.parametrize("name", MANIFESTS)
def test_hostile_manifests(name: str) -> None:
    told, said = MANIFESTS[name]
    with pytest.raises(PackageError, match=said):
        read_package(io.BytesIO(zipped(told)))


def test_zips_that_lie() -> None:
    """Encrypted by their own word; a size smaller than what comes out; a name that is cut; a crowd in the directory."""
    cut = zipped(files={**FILES, "aXb.js": b"x"}).replace(b"aXb.js", b"a\0b.js")
    whole = bytearray(zipped())
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = whole.index(sign) + flags
        whole[at : at + 2] = struct.pack("<H", 1)
    lies = bytearray(zipped(files={**FILES, "z.txt": b"y" * 5_000}))
    for sign, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = lies.rindex(sign) + at
        lies[place : place + 4] = struct.pack("<I", 100)
    crowd = bytearray(zipped())
    crowd[-12:-10] = struct.pack("<H", 60_000)
    bigger = zipped()
    bigger = bigger[:-22] + b"PK\x06\x07" + b"\0" * 16 + bigger[-22:]
    for content in (cut, bytes(whole), bytes(lies), bytes(crowd), bigger, b"", b"PK\x05\x06", zipped()[:-30]):
        with pytest.raises(PackageError):
            read_package(io.BytesIO(content))
    assert not is_package(io.BytesIO(bytes(crowd)))


def test_a_file_that_is_too_large_is_not_read() -> None:
    class Large(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            super().seek(offset, whence)
            return LARGEST + 1

        def read(self, *_size: object) -> bytes:
            raise AssertionError("read")

    with pytest.raises(PackageError, match="100 MB"):
        read_package(Large())


def test_packages_as_tools_write_them() -> None:
    """In a folder of its own, with a base, capitals that differ, a query; with several lessons and what is not done."""
    plain = read_package(io.BytesIO(zipped())).manifest
    assert (plain.title, plain.scos[0].launch, plain.notices) == ("An toàn thông tin", "index.html", ())

    def around(archive: zipfile.ZipFile) -> None:
        told = manifest(
            "".join((
                PARAMETERS % "?p=1", "><title>Bài 1</title><adlcp:masteryscore>66.5</adlcp:masteryscore>",
                "<adlcp:datafromlms>x=1</adlcp:datafromlms>",
                "<adlcp:maxtimeallowed>0001:00:00</adlcp:maxtimeallowed></item>",
                "<item identifier='F'><title>Phần 2</title>", (ITEM % "<adlcp:prerequisites>I1</adlcp:prerequisites>"),
                "</item>", "<item identifier='A' identifierref='R2'><title>Tài liệu</title></item>",
            )),
            resources=RESOURCE.replace("<resource ", "<resource xml:base='Bài 1/' ") % ("INDEX.html?x=2#y", "")
            + "<resource identifier='R2' type='webcontent' adlcp:scormtype='asset' href='a.pdf'/>",
            more="<organization identifier='O2'><title>x</title></organization>",
        )  # fmt: skip
        archive.writestr("goi/imsmanifest.xml", told)
        archive.writestr("goi/Bài 1/index.html", PAGE)
        archive.writestr("__MACOSX/goi/._x", b"")

    file = io.BytesIO(zipped("", files={}, build=around))
    assert is_package(file)
    package = read_package(file)
    first, second = package.manifest.scos
    assert first.launch == "B%C3%A0i%201/index.html?x=2&p=1#y"
    assert (first.mastery_score, first.launch_data, first.max_time_allowed) == ("66.5", "x=1", "0001:00:00")
    assert second.title == "An toàn thông tin"
    said = " ".join(one.en for one in package.manifest.notices)
    for words in ("several organizations", "prerequisites", "time limit", "“Tài liệu” only shows"):
        assert words in said
    assert dict(package.files()).keys() == {"imsmanifest.xml", "Bài 1/index.html"}


def test_a_zip_without_a_manifest_is_none() -> None:
    assert not is_package(io.BytesIO(zipped("")))
    assert not is_package(io.BytesIO(b"no zip"))
