"""Tables that tell whether a line holds any of some literals."""

from __future__ import annotations

from collections.abc import Hashable, Sequence


def needle_rows(needles: Sequence[str]) -> tuple[list[int], list[list[int]]]:
    """A table that finds any of some literals: each byte's class, and for each row the next row of every class.

    Row -1 means that a literal ended there.
    """
    letters = sorted({letter for needle in needles for letter in needle})
    classes = [0] * 256
    for order, letter in enumerate(letters):
        classes[ord(letter)] = order + 1
    prefixes = sorted({needle[:size] for needle in needles for size in range(len(needle))}, key=len)
    numbers: dict[Hashable, int] = {prefix: number for number, prefix in enumerate(prefixes)}
    rows = []
    for prefix in prefixes:
        row = [0]
        for letter in letters:
            text = prefix + letter
            tails = [text[start:] for start in range(len(text) + 1)]
            ended = any(tail in needles for tail in tails)
            row.append(-1 if ended else next(numbers[tail] for tail in tails if tail in numbers))
        rows.append(row)
    return classes, rows


def needle_shifts(needles: Sequence[str]) -> tuple[int, bytes]:
    """The length of the shortest needle, and for every two neighbouring bytes how far a search may move on.

    Where the two stand at the end of a window of that length, no needle starts in the window before so many bytes
    further on; zero where one may start at the window itself (Wu and Manber 1994).
    """
    shortest = min(len(needle) for needle in needles)
    shifts = bytearray([shortest - 1]) * (128 * 128)
    for needle in needles:
        for end in range(1, shortest):
            place = ord(needle[end - 1]) << 7 | ord(needle[end])
            shifts[place] = min(shifts[place], shortest - 1 - end)
    return shortest, bytes(shifts)
