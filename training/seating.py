"""Who sits in a class, and who waits: pure, so that it can be tried with every order of events.

There are as many chairs as places; each holds one person. Whoever asks gets the lowest free chair, or goes to the end
of the line when there is none. A chair that becomes free, or is added, goes to the first in line at once: nobody waits
while a chair is free. Whoever leaves and asks again asks last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from training.errors import SeatError

MOST_WAITING = 500


@dataclass(frozen=True, slots=True)
class Seating:
    """The chairs of a class, numbered from 1: `seated` is (chair, person) by chair, `waiting` the line in order."""

    places: int
    seated: tuple[tuple[int, int], ...] = ()
    waiting: tuple[int, ...] = ()

    @property
    def people(self) -> frozenset[int]:
        """Everybody who sits or waits."""
        return frozenset(person for _, person in self.seated) | frozenset(self.waiting)

    @property
    def free(self) -> int:
        """How many chairs are free."""
        return self.places - len(self.seated)

    def chair_of(self, person: int) -> int | None:
        """The chair that somebody has; None where they have none."""
        return next((chair for chair, one in self.seated if one == person), None)

    def place_in_line(self, person: int) -> int | None:
        """1 for who gets the next free chair; None where they do not wait."""
        return self.waiting.index(person) + 1 if person in self.waiting else None


def ask(before: Seating, person: int) -> Seating:
    """Somebody asks for a seat; nothing changes for who has one or waits. Raises `SeatError` where the line is full."""
    if person in before.people:
        return before
    if len(before.waiting) >= MOST_WAITING:
        raise SeatError("Danh sách chờ đã đầy.", "The waiting list is full.")
    return _moved_up(replace(before, waiting=(*before.waiting, person)))


def leave(before: Seating, person: int) -> Seating:
    """Somebody gives the chair back, or waits no longer; the first in line moves up."""
    seated = tuple((chair, one) for chair, one in before.seated if one != person)
    return _moved_up(replace(before, seated=seated, waiting=tuple(one for one in before.waiting if one != person)))


def resize(before: Seating, places: int) -> Seating:
    """Another number of places, by a change of room; raises `SeatError` where that would take chairs away from people.

    People whose chair has a number beyond the last get one of the free ones before it.
    """
    if places < len(before.seated):
        raise SeatError(
            f"Đã có {len(before.seated)} người có chỗ; số chỗ không thể ít hơn.",
            f"{len(before.seated)} people have a seat; there cannot be fewer places.",
        )
    seated = tuple((number, person) for number, (_, person) in enumerate(before.seated, start=1))
    return _moved_up(replace(before, places=places, seated=seated if places < before.places else before.seated))


def _moved_up(before: Seating) -> Seating:
    """The same with every free chair given to the line, the lowest chair first."""
    taken = {chair for chair, _ in before.seated}
    free = [chair for chair in range(1, before.places + 1) if chair not in taken]
    given = tuple(zip(free, before.waiting, strict=False))
    return replace(before, seated=tuple(sorted((*before.seated, *given))), waiting=before.waiting[len(given) :])
