"""A DOCX becomes a `Draft` whose blocks have no roles yet: words, looks, layout, pages, page numbers."""

from __future__ import annotations

from eoffice.documents.docx_file import looks, pages
from eoffice.documents.docx_file.archive import Package, not_usable, opened
from eoffice.documents.docx_file.lines import drawn
from eoffice.documents.docx_file.names import Element, W, child, value
from eoffice.documents.docx_file.paragraphs import Placed, paragraphs
from eoffice.documents.docx_file.styles import Styles
from eoffice.documents.draft import Block, Draft


def read(content: bytes) -> Draft:
    """The draft in a DOCX; its type and the roles of its blocks are still to be recognised.

    Raises DocumentFileError for what is no DOCX, is too large, or is made to do harm.
    """
    package = opened(content)
    main = package.main()
    body = body_of(package)
    styles = Styles(package, package.related(main))
    sections = pages.sections(body)
    shown = pages.page_number(package, main, sections[0] if sections else None, styles)
    return Draft(
        type="",
        blocks=tuple(_block(styles, placed) for placed in paragraphs(body)),
        pages=tuple(pages.page(section) for section in sections) or (pages.page(body),),
        page_number=shown.number if shown else None,
        several_pages=_broken_into_pages(body, styles),
    )


def body_of(package: Package) -> Element:
    """The `w:body` of the main part."""
    root = package.xml(package.main())
    body = child(root, "body")
    if root is None or root.tag != W + "document" or body is None:
        raise not_usable("no text in the main part")
    return body


def _block(styles: Styles, placed: Placed) -> Block:
    paragraph = placed.element
    runs = looks.runs(styles, paragraph)
    size = max((run.look.size or 0.0 for run in runs), default=14.0)
    numbered = styles.number_of(paragraph)
    border = next(
        (one for source in styles.paragraph_sources(paragraph) if (one := child(source, "pBdr")) is not None), None
    )
    return Block(
        id=f"p{placed.number}",
        role="",
        runs=runs,
        layout=looks.layout(styles, paragraph, size=size),
        line=drawn(paragraph, border),
        label=styles.numbering.label(*numbered) if numbered else "",
        paragraph=placed.number,
        column=placed.column,
        table=placed.table,
    )


def _broken_into_pages(body: Element, styles: Styles) -> bool:
    """Whether the text itself asks for a second page: a break, or a section that begins on a new one."""
    del styles
    breaks = any(value(one, "type") == "page" for one in body.iter(W + "br"))
    before = any(one.getparent().tag == W + "pPr" for one in body.iter(W + "pageBreakBefore"))
    return breaks or before or len(pages.sections(body)) > 1
