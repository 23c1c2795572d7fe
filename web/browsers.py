"""A browser in plain words, from how it names itself; the name itself is never kept."""

from __future__ import annotations

PROGRAMS = (
    ("Zalo", "Zalo"),
    ("coc_coc_browser", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Sign -> program; the first that is found, for most programs name the ones they descend from as well."""
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def in_words(user_agent: str) -> str:
    """Program and system (`Firefox, Windows`), as far as they are known; empty where neither is."""
    found = (next((words for sign, words in signs if sign in user_agent), "") for signs in (PROGRAMS, SYSTEMS))
    return ", ".join(words for words in found if words)
