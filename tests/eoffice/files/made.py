"""Small files of every kind, honest and hostile, made when they are asked for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import typst


def docx_of(*paragraphs: str, header: str = "", box: str = "") -> bytes:
    """A DOCX with these paragraphs; `header` stands above each page, `box` in a text box."""
    document = docx.Document()
    for one in paragraphs:
        document.add_paragraph(one)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    file = io.BytesIO()
    document.save(file)
    if not box:
        return file.getvalue()
    shape = (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r>'
        f"<w:t>{box}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    return with_part(
        file.getvalue(), "word/document.xml", lambda xml: xml.replace(b"<w:sectPr", shape.encode() + b"<w:sectPr", 1)
    )


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The zip with one part changed, or added where there was none."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, change(old.read(entry)) if entry == name else old.read(entry))
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return made.getvalue()


def pdf_of(*lines: str) -> bytes:
    """A PDF with these lines."""
    text = "\n\n".join(lines)
    return typst.compile(f'#set document(title: "x")\n{text}'.encode())
