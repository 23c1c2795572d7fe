"""Safe fixes carried out on a DOCX: only the parts that change are written anew, everything else keeps its bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree

from eoffice.documents.changes import Change, Relayout, Renumber, Repage, Restyle, Retext, in_order
from eoffice.documents.checking import MOST_ROUNDS, check
from eoffice.documents.docx_file import editing, pages
from eoffice.documents.docx_file.archive import Package, opened
from eoffice.documents.docx_file.names import MM_A_TWIP, Element, R, W, child, children, number, switched, value
from eoffice.documents.docx_file.paragraphs import paragraphs, pieces
from eoffice.documents.docx_file.reading import body_of, read
from eoffice.documents.docx_file.styles import Styles
from eoffice.documents.draft import Draft
from eoffice.documents.recognising import recognise
from eoffice.documents.ruleset import RuleSet


def mend_docx(content: bytes, rules: RuleSet, *, document_type: str = "", only: str = "") -> tuple[bytes, Draft]:
    """The DOCX with every finding mended that can safely be, and the draft in it; the same bytes where there was none.

    `only` mends one rule's findings. Raises DocumentFileError as `read` does.
    """
    draft = recognise(read(content), rules, document_type=document_type)
    for _round in range(MOST_ROUNDS):
        fixable = [one for one in check(draft, rules) if one.fixable and only in {"", one.rule.id}]
        if not fixable:
            break
        content = changed(content, draft, [change for one in fixable for change in one.changes])
        draft = recognise(read(content), rules, document_type=draft.type)
    return content, draft


def changed(content: bytes, draft: Draft, changes: Iterable[Change]) -> bytes:
    """The DOCX that `draft` was read from, with the changes made."""
    package = opened(content)
    main = package.main()
    body = body_of(package)
    elements = {placed.number: placed.element for placed in paragraphs(body)}
    written: dict[str, Element] = {main: body}
    for change in in_order(changes):
        if isinstance(change, Repage):
            _repage(body, change)
        elif isinstance(change, Renumber):
            _renumber(package, main, body, dict(change.values), written)
        else:
            block = draft.block(change.block)
            if block is not None and block.paragraph in elements:
                _change_paragraph(elements[block.paragraph], block.start, change)
    return package.with_parts({name: _bytes(root) for name, root in written.items()})


def _bytes(element: Element) -> bytes:
    written: bytes = etree.tostring(element.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _change_paragraph(paragraph: Element, start: int, change: Restyle | Relayout | Retext) -> None:
    if isinstance(change, Relayout):
        editing.relayout(paragraph, dict(change.layout))
    elif isinstance(change, Restyle):
        editing.restyle(paragraph, start + change.start, start + change.end, dict(change.look))
    else:
        editing.retext(paragraph, start + change.start, start + change.end, change.text)


def _repage(body: Element, change: Repage) -> None:
    sections = pages.sections(body)
    if not sections:
        sections = [etree.SubElement(body, W + "sectPr")]
    if change.page >= len(sections):
        return
    section = sections[change.page]
    for name, wanted in change.values:
        if name in {"width", "height"}:
            size = editing.section_property(section, "pgSz")
            size.attrib.pop(W + "code", None)
            size.attrib.pop(W + "orient", None)
            size.set(W + name[0], str(round(wanted / MM_A_TWIP)))
        else:
            margins = editing.section_property(section, "pgMar")
            gutter = (number(margins, "gutter") or 0.0) if name == "left" else 0.0
            margins.set(W + name, str(round(wanted / MM_A_TWIP - gutter)))
    size = editing.section_property(section, "pgSz")
    if (number(size, "w") or 0.0) > (number(size, "h") or 0.0):
        size.set(W + "orient", "landscape")


def _renumber(package: Package, main: str, body: Element, values: dict[str, Any], written: dict[str, Element]) -> None:
    sections = pages.sections(body)
    if not sections:
        return
    first = sections[0]
    counting = {"numerals": ("fmt", "decimal"), "begins": ("start", "1")}
    for name, (attribute, said) in counting.items():
        if name in values:
            editing.section_property(first, "pgNumType").set(W + attribute, said)
    if values.get("on_first") is False:
        _hide_on_first(package, main, first)
    if {"align", "size", "italic"} & values.keys():
        _restyle_number(package, main, first, values, written)


def _hide_on_first(package: Package, main: str, section: Element) -> None:
    """The first page gets a header of its own, without a number."""
    if switched(section, "titlePg"):
        related = package.related(main)
        for where in ("header", "footer"):
            for reference in list(children(section, where + "Reference")):
                root = package.xml(related.get(reference.get(R + "id") or "", ("", ""))[1])
                shows = root is not None and any(pages.shows_number(one) for one in root.iter(W + "p"))
                if value(reference, "type") == "first" and shows:
                    section.remove(reference)
    else:
        editing.section_property(section, "titlePg").set(W + "val", "1")


def _restyle_number(
    package: Package, main: str, section: Element, values: dict[str, Any], written: dict[str, Element]
) -> None:
    shown = pages.page_number(package, main, section, Styles(package, package.related(main)))
    if shown is None:
        return
    root = written.get(shown.part)
    if root is None:
        root = package.xml(shown.part)
    if root is None:
        return
    written[shown.part] = root
    paragraph = list(root.iter(W + "p"))[shown.paragraph - 1]
    look = {name: said for name, said in values.items() if name in {"size", "italic"}}
    if look:
        for run in paragraph.iter(W + "r"):
            editing.restyle_run(run, look)
    if "align" in values:
        frame = child(child(paragraph, "pPr"), "framePr")
        if frame is not None:
            child(paragraph, "pPr").remove(frame)  # type: ignore[union-attr]
        for piece in list(pieces(paragraph)):
            if piece.text != "\t":
                break
            piece.run.remove(piece.element)
        editing.relayout(paragraph, {"align": values["align"], "first_line": 0.0, "left": 0.0})
