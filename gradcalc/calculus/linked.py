"""A derivation through a program whose statements lead one into the next: each by the one before it, multiplied."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import reduce

from gradcalc.calculus.derivation import derivation
from gradcalc.calculus.links import by_own_name
from gradcalc.calculus.simplify import build
from gradcalc.calculus.step import Rule, Step, placeholder
from gradcalc.syntax.tree import Call, Name, Node, free_names, postorder


@dataclass(frozen=True, slots=True)
class _Link:
    """A statement, and what it is derived by: the one that it alone depends on."""

    name: str
    body: Node
    by: str


class Program:
    """Derives the last statement of a program, `body`, which is called `name`; what was derived before is kept."""

    def __init__(self, name: str, body: Node, definitions: Mapping[str, Node], taken: Collection[str]) -> None:
        self.name, self.body, self.definitions, self.taken = name, body, definitions, taken
        self._known: dict[tuple[str, str], Step] = {}

    def step(self, by: str) -> Step:
        """The derivation by a variable. Raises LimitError where it is too large."""
        way = self._way(by)
        if len(way) < 2:
            return derivation(self.body, by, self.definitions, self.taken)
        inner = tuple(map(self._link, way))
        primes: list[Node] = [Name(placeholder(place)) for place in range(len(inner))]
        pattern = reduce(lambda x, y: Call("mul", (x, y)), primes)
        result = reduce(lambda x, y: build("mul", x, y), [one.result for one in inner])
        return Step(Rule.CHAIN, self.body, by, pattern, result, inner, self.name)

    def _link(self, link: _Link) -> Step:
        """The derivation of a statement by the one before it, or by a variable."""
        key = link.name, link.by
        if key not in self._known:
            definitions = {} if link.by in self.definitions else self.definitions
            found = derivation(link.body, link.by, definitions, self.taken)
            self._known[key] = replace(found, result=by_own_name(found.result, link.name, link.body))
        return self._known[key]

    def _way(self, by: str) -> list[_Link]:
        """The statements from the last one back to that which the variable stands in, if it is one way."""
        leading = {by}
        for name, body in self.definitions.items():
            if not leading.isdisjoint(free_names(postorder(body))):
                leading.add(name)
        found, name, body = [], self.name, self.body
        while True:
            names = [one for one in free_names(postorder(body)) if one in leading]
            is_one = len(names) == 1 and names[0] in self.definitions and not isinstance(body, Name)
            found.append(_Link(name, body, names[0] if is_one else by))
            if not is_one:
                return found
            name, body = names[0], self.definitions[names[0]]
