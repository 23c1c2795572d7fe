"""One-pass automata of regular expressions: what a scanner needs to take lines apart without ever going back.

An expression of the subset that the patterns use becomes positions and the ways between them, each way with the slots
(starts and ends of groups) that are set on it. It is deterministic when no byte leaves a choice between two ways; only
then one pass finds the groups. Several such expressions run side by side as one automaton, each with slots of its own:
its states are sets of positions, at most one of each expression.

Bytes are those of printable ASCII; a set of them is an integer with a bit for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

parser: Any = import_module("re._parser")
sre: Any = import_module("re._constants")

PRINTABLE = sum(1 << byte for byte in range(0x20, 0x7F))
END = -1
"""The end of an expression, as a position."""


class UnsupportedError(ValueError):
    """The expression has a construct that one pass cannot follow, or is not deterministic."""


@dataclass(slots=True)
class Expression:
    """Nodes of an expression: a set of bytes and what follows, or ways on without a byte (some set a slot)."""

    groups: dict[str, int] = field(default_factory=dict)
    sets: dict[int, int] = field(default_factory=dict)
    ways: dict[int, list[tuple[int, int | None]]] = field(default_factory=dict)
    follows: dict[int, int] = field(default_factory=dict)
    start: int = END
    closures: dict[int, dict[int, frozenset[frozenset[int]]]] = field(default_factory=dict)

    def node(self) -> int:
        """The number of the next node."""
        return len(self.sets) + len(self.ways)

    def byte(self, allowed: int, then: int) -> int:
        """A node that takes one byte of a set."""
        number = self.node()
        self.sets[number], self.follows[number] = allowed & PRINTABLE, then
        return number

    def choice(self, *targets: int, slot: int | None = None) -> int:
        """A node that goes on without a byte."""
        number = self.node()
        self.ways[number] = [(target, slot) for target in targets]
        return number

    def closure(self, node: int) -> dict[int, frozenset[frozenset[int]]]:
        """Positions reached from `node` before the next byte (or END), each with the sets of slots set on the way."""
        if node not in self.closures:
            found: dict[int, set[frozenset[int]]] = {}
            stack: list[tuple[int, frozenset[int]]] = [(node, frozenset())]
            seen = set(stack)
            while stack:
                at, slots = stack.pop()
                if at == END or at in self.sets:
                    found.setdefault(at, set()).add(slots)
                    continue
                for target, slot in self.ways[at]:
                    step = (target, slots if slot is None else slots | {slot})
                    if step not in seen:
                        seen.add(step)
                        stack.append(step)
            self.closures[node] = {at: frozenset(slots) for at, slots in found.items()}
        return self.closures[node]

    def is_deterministic(self) -> bool:
        """Whether no byte, and not the end either, leaves a choice of ways or of slots."""
        todo, seen = [self.start], {self.start}
        while todo:
            taken = 0
            for at, slots in self.closure(todo.pop()).items():
                if len(slots) > 1:
                    return False
                if at == END:
                    continue
                if taken & self.sets[at]:
                    return False
                taken |= self.sets[at]
                if self.follows[at] not in seen:
                    seen.add(self.follows[at])
                    todo.append(self.follows[at])
        return True


def compiled(text: str) -> Expression:
    """`text` as nodes. Raises UnsupportedError for what the patterns do not use."""
    tree = parser.parse(text)
    names = {number: name for name, number in tree.state.groupdict.items()}
    made = Expression(groups={name: 2 * order for order, (_, name) in enumerate(sorted(names.items()))})
    slots = {number: made.groups[name] for number, name in names.items()}
    made.start = _sequence(made, list(tree), END, slots)
    return made


def _sequence(made: Expression, items: Sequence[tuple[Any, Any]], then: int, slots: dict[int, int]) -> int:
    for kind, value in reversed(items):
        then = _item(made, kind, value, then, slots)
    return then


def _item(made: Expression, kind: Any, value: Any, then: int, slots: dict[int, int]) -> int:
    if kind in {sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY}:
        return made.byte(_set(kind, value), then)
    if kind is sre.BRANCH:
        return made.choice(*(_sequence(made, list(branch), then, slots) for branch in value[1]))
    if kind is sre.SUBPATTERN and not value[1] and not value[2]:
        slot = slots.get(value[0])
        if slot is None:
            return _sequence(made, list(value[3]), then, slots)
        body = _sequence(made, list(value[3]), made.choice(then, slot=slot + 1), slots)
        return made.choice(body, slot=slot)
    if kind in {sre.MAX_REPEAT, sre.MIN_REPEAT}:
        return _repeat(made, value, then, lambda after: _sequence(made, list(value[2]), after, slots))
    raise UnsupportedError(str(kind))


def _repeat(made: Expression, value: Any, then: int, body: Callable[[int], int]) -> int:
    low, high = int(value[0]), value[1]
    if high is sre.MAXREPEAT:
        loop = made.choice(then)
        made.ways[loop].append((body(loop), None))
        then = loop
    else:
        end = then
        for _ in range(int(high) - low):
            then = made.choice(body(then), end)
    for _ in range(low):
        then = body(then)
    return then


def _set(kind: Any, value: Any) -> int:
    if kind is sre.LITERAL:
        return 1 << value if value < 0x7F else 0
    if kind is sre.NOT_LITERAL:
        return PRINTABLE & ~_set(sre.LITERAL, value)
    if kind is sre.ANY:
        return PRINTABLE
    allowed, negated = 0, False
    for one, detail in value:
        if one is sre.NEGATE:
            negated = True
        elif one is sre.LITERAL:
            allowed |= _set(one, detail)
        elif one is sre.RANGE:
            allowed |= sum(1 << byte for byte in range(detail[0], min(detail[1], 0x7E) + 1))
        else:
            raise UnsupportedError(str(one))
    return PRINTABLE & ~allowed if negated else allowed


@dataclass(slots=True)
class State:
    """A state of an automaton: bytes that stay in it, edges (bytes, target, action), which expression ends here.

    An action is the slots that are set before the byte is taken; `action` those that are set at the line's end.
    """

    run: int = 0
    edges: list[tuple[int, int, frozenset[int]]] = field(default_factory=list)
    accepts: int | None = None
    ambiguous: bool = False
    action: frozenset[int] = frozenset()


Threads = frozenset[tuple[int, int]]


def side_by_side(expressions: Sequence[Expression], slots: Sequence[dict[int, int]], *, prefix: bool) -> list[State]:
    """All expressions as one automaton, its first state first; `slots` renames each expression's slots.

    With `prefix` a state in which an expression ends has no ways on. A state in which several end is `ambiguous`.
    """
    classes = _classes(expressions)
    start: Threads = frozenset((number, one.start) for number, one in enumerate(expressions))
    numbers: dict[Threads, int] = {start: 0}
    order, states = [start], list[State]()
    for here in order:  # grows while it runs
        state = State()
        ways: dict[tuple[Threads, frozenset[int]], int] = {}
        _ends(state, here, expressions, slots)
        for allowed in () if prefix and (state.accepts is not None or state.ambiguous) else classes:
            then, action = _step(here, allowed, expressions, slots)
            if then:
                ways[then, action] = ways.get((then, action), 0) | allowed
        for (then, action), allowed in ways.items():
            if then not in numbers:
                numbers[then] = len(order)
                order.append(then)
            if then == here and not action:
                state.run = allowed
            else:
                state.edges.append((allowed, numbers[then], action))
        states.append(state)
    return states


def _ends(state: State, here: Threads, expressions: Sequence[Expression], slots: Sequence[dict[int, int]]) -> None:
    for number, node in here:
        closure = expressions[number].closure(node)
        if END in closure:
            state.ambiguous = state.accepts is not None and state.accepts != number
            state.accepts = number
            state.action = frozenset(slots[number][slot] for slot in next(iter(closure[END])) if slots[number])


def _step(
    here: Threads, allowed: int, expressions: Sequence[Expression], slots: Sequence[dict[int, int]]
) -> tuple[Threads, frozenset[int]]:
    then, action = set(), set()
    for number, node in here:
        one = expressions[number]
        for at, ways in one.closure(node).items():
            if at != END and one.sets[at] & allowed:
                then.add((number, one.follows[at]))
                if slots[number]:
                    action |= {slots[number][slot] for way in ways for slot in way}
    return frozenset(then), frozenset(action)


def _classes(expressions: Iterable[Expression]) -> list[int]:
    """The finest sets of bytes that the expressions tell apart."""
    parts = [PRINTABLE]
    for allowed in {allowed for one in expressions for allowed in one.sets.values()}:
        parts = [part for old in parts for part in (old & allowed, old & ~allowed) if part]
    return parts
