"""What a paragraph and a run look like after defaults, styles, numbering and theme (ECMA-376 part 1, 17.7).

Nearest wins: direct formatting, character style, numbering level (paragraphs only), paragraph style and what it is
based on, table style, document defaults. Bold, italic and capitals are toggles: between styles they add up modulo two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from eoffice.documents.docx_file.archive import Package
from eoffice.documents.docx_file.names import A, Element, W, child, children, switched, value
from eoffice.documents.docx_file.numbering import Numbering

DEEPEST_STYLE = 40
_THEME_FONTS = {"major": "majorFont", "minor": "minorFont"}


@dataclass(frozen=True, slots=True)
class Fonts:
    """The font for ASCII letters and the one for all others: Vietnamese words need both."""

    ascii: str | None
    other: str | None


class Styles:
    """The styles of one DOCX; every lookup survives styles that name each other in a ring or do not exist."""

    def __init__(self, package: Package, related: dict[str, tuple[str, str]]) -> None:
        places = dict(related.values())
        self._root = package.xml(places.get("styles", ""))
        self._theme = package.xml(places.get("theme", ""))
        self.numbering = Numbering(package.xml(places.get("numbering", "")))
        self._by_id: dict[str, Element] = {}
        self._default: dict[str, str] = {}
        for style in () if self._root is None else children(self._root, "style"):
            name, kind = value(style, "styleId") or "", value(style, "type") or "paragraph"
            self._by_id.setdefault(name, style)
            if value(style, "default") in {"1", "true", "on"}:
                self._default[kind] = name

    @cached_property
    def _defaults(self) -> tuple[Element | None, Element | None]:
        defaults = child(self._root, "docDefaults")
        return child(child(defaults, "rPrDefault"), "rPr"), child(child(defaults, "pPrDefault"), "pPr")

    @cached_property
    def theme_fonts(self) -> dict[str, str]:
        """`minor` and `major` -> the theme's Latin typeface."""
        found = {}
        for name, tag in _THEME_FONTS.items():
            font = None if self._theme is None else self._theme.find(f".//{A}{tag}/{A}latin")
            if font is not None and font.get("typeface"):
                found[name] = font.get("typeface") or ""
        return found

    def chain(self, name: str | None, kind: str) -> Iterator[Element]:
        """The style of that name (or the default of its kind) and what it is based on, nearest first."""
        wanted = name if name in self._by_id else self._default.get(kind)
        seen: set[str] = set()
        while wanted and wanted in self._by_id and wanted not in seen and len(seen) < DEEPEST_STYLE:
            seen.add(wanted)
            yield self._by_id[wanted]
            wanted = value(child(self._by_id[wanted], "basedOn"))

    def paragraph_sources(self, paragraph: Element) -> list[Element]:
        """The `w:pPr` that speak of a paragraph, nearest first."""
        direct = child(paragraph, "pPr")
        styles = [
            one
            for style in self.chain(value(child(direct, "pStyle")), "paragraph")
            if (one := child(style, "pPr")) is not None
        ]
        level = self.level(paragraph)
        own = [direct] if direct is not None else []
        number_from_style = child(direct, "numPr") is None
        listed = [one for one in ((child(level, "pPr")) if level is not None else None,) if one is not None]
        inner = [*styles, *listed] if number_from_style else [*listed, *styles]
        table = [one for style in self._table_styles(paragraph) if (one := child(style, "pPr")) is not None]
        default = [self._defaults[1]] if self._defaults[1] is not None else []
        return [*own, *inner, *table, *default]

    def number_of(self, paragraph: Element) -> tuple[str, int] | None:
        """The list and level that number a paragraph, directly or by its style; None for none."""
        direct = child(paragraph, "pPr")
        sources = [direct, *(child(style, "pPr") for style in self.chain(value(child(direct, "pStyle")), "paragraph"))]
        for source in sources:
            numbered = child(source, "numPr")
            if numbered is not None:
                list_id = value(child(numbered, "numId")) or "0"
                level = value(child(numbered, "ilvl")) or "0"
                return (list_id, int(level)) if list_id != "0" and level in set("012345678") else None
        return None

    def level(self, paragraph: Element) -> Element | None:
        """The `w:lvl` that numbers a paragraph."""
        numbered = self.number_of(paragraph)
        return None if numbered is None else self.numbering.level(*numbered)

    def _table_styles(self, paragraph: Element) -> Iterator[Element]:
        table = next(paragraph.iterancestors(W + "tbl"), None)
        if table is not None:
            yield from self.chain(value(child(child(table, "tblPr"), "tblStyle")), "table")

    def run_sources(
        self, paragraph: Element, properties: Element | None
    ) -> tuple[list[Element], list[Element], list[Element]]:
        """The `w:rPr` of a run: (direct and character style), (paragraph style), (table style and defaults)."""
        style = value(child(properties, "rStyle"))
        by_character = self.chain(style, "character") if style else ()
        near = [one for found in by_character if (one := child(found, "rPr")) is not None]
        own = [properties] if properties is not None else []
        p_style = value(child(child(paragraph, "pPr"), "pStyle"))
        middle = [one for found in self.chain(p_style, "paragraph") if (one := child(found, "rPr")) is not None]
        far = [one for found in self._table_styles(paragraph) if (one := child(found, "rPr")) is not None]
        default = [self._defaults[0]] if self._defaults[0] is not None else []
        return [*own, *near], middle, [*far, *default]

    def toggled(
        self, sources: tuple[list[Element], list[Element], list[Element]], direct: Element | None, name: str
    ) -> bool:
        """A toggle property of a run."""
        said = switched(direct, name)
        if said is not None:
            return said
        near, middle, far = sources
        levels = [_first(level, name) for level in ([one for one in near if one is not direct], middle, far[:-1])]
        default = switched(far[-1], name) if far else None
        return bool(default) or sum(bool(level) for level in levels) % 2 == 1

    def fonts(self, sources: list[Element]) -> Fonts:
        """The fonts of a run; theme fonts are looked up, a theme font beats a named one in the same place."""
        return Fonts(self._font(sources, "ascii"), self._font(sources, "hAnsi"))

    def _font(self, sources: list[Element], which: str) -> str | None:
        for source in sources:
            named = child(source, "rFonts")
            theme = value(named, which + "Theme")
            if theme and (found := self.theme_fonts.get(theme[:5])):
                return found
            if name := value(named, which):
                return name.split(";")[0].strip()
        return None


def _first(level: list[Element], name: str) -> bool | None:
    return next((said for source in level if (said := switched(source, name)) is not None), None)
