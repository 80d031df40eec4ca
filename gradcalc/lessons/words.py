"""How a lesson's code calls things, in names of Python: `lambda` is a fine variable and no fine identifier."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from gradcalc.codegen.identifiers import free, identifiers
from gradcalc.problem.problem import Problem

RESULTS = ("y", "z", "u", "f", "g")
FUNCTIONS = ("f", "g", "h", "F")


@dataclass(frozen=True, slots=True)
class Words:
    """An identifier for each variable and definition in `names`; `y` is the result, `f` the function of it all.

    `x` is the first variable to derive by, which a lesson shows things on.
    """

    names: Mapping[str, str]
    variables: tuple[str, ...]
    x: str
    y: str
    f: str

    def call(self, changed: Collection[str] = (), change: str = "") -> str:
        """`f(x, w)`; with `change`, a call such as `.detach()`, after each of the `changed` variables."""
        given = (self.names[name] + (change if name in changed else "") for name in self.variables)
        return f"{self.f}({', '.join(given)})"

    def free(self, names: Sequence[str]) -> str:
        """The first of the names that nothing else has."""
        return free(names, {*self.names.values(), self.y, self.f})


def words(problem: Problem) -> Words:
    """The words for a problem at a point; a result without a name gets one that is free."""
    assert problem.point is not None
    variables = tuple(problem.point)
    names = identifiers([*variables, *problem.defined])
    last = problem.definitions[-1].name
    y = free(RESULTS, names.values()) if last is None else names[last]
    return Words(names, variables, names[problem.wrt[0]], y, free(FUNCTIONS, {*names.values(), y}))
