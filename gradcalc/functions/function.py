"""What one row of the catalogue says, and its rules read as trees."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache, reduce
from typing import Any, ClassVar, TypeAlias

from gradcalc.base.errors import InternalError, UsageError
from gradcalc.base.limits import Limits
from gradcalc.base.printing import Printed
from gradcalc.syntax.parser import Vocabulary, parse
from gradcalc.syntax.tree import Call, Constant, Node, rebuilt, substitute, with_arguments

Sample = tuple[Any, ...]  # an argument is a number, or nested tuples of them


class Absent(Enum):
    """What stands in a row where it has no rule for a parameter."""

    NO_GRADIENT = "no gradient flows there"
    UNKNOWN = "gradcalc has no rule for it"
    BLOCKS = "it depends on literal numbers or on blocks, and stands in gradcalc/calculus/matrix/structure.py"
    FORGOTTEN = "it was forgotten"


NO_GRADIENT, UNKNOWN, BLOCKS, FORGOTTEN = Absent
Rule: TypeAlias = str | Absent


@dataclass(frozen=True, slots=True)
class Function:
    """One function, in gradcalc's own language, to be read like a line of a printed table of derivatives.

    `vjp` holds a rule for each parameter: the gradient that flows to it when `g` flows in from above; `out` is the
    function's own value. NO_GRADIENT says that none flows there, UNKNOWN that one does which gradcalc cannot tell; a
    rule that is left out is FORGOTTEN. `domain`, `kink` and `pole` are conditions on the parameters: where the value is
    real; where one-sided derivatives may differ; where the derivative is infinite.
    `definition` writes the function in others; `samples` are points inside the domain, away from kinks. `turns` says of
    a function of one number where it turns from rising to falling or back, and that on each piece of its domain it does
    so nowhere else; with a `k`, which is every whole number, it repeats itself at every second turn.
    """

    name: str
    parameters: tuple[str, ...]
    vjp: tuple[Rule, ...]
    definition: str | None = None
    domain: str | None = None
    needs: str | None = None  # the domain in words, where the condition is no easy reading
    kink: str | None = None
    pole: str | None = None
    turns: tuple[str, ...] | None = None
    defaults: tuple[str, ...] = ()  # values of the last parameters where they are left out
    optional: int = 0  # how many of the last parameters may be left out for good
    aliases: tuple[str, ...] = ()
    fold: bool = False  # f(a, b, c) is f(f(a, b), c)
    note: str | None = None  # what it is, where libraries and books differ
    told: str | None = None  # what it is taken for, told beside every answer: elsewhere its name means another function
    bare: bool = False  # may stand before an argument without parentheses: `sin x`
    samples: tuple[Sample, ...] = ((0.5,), (1.75,), (-0.8,))
    latex: str | None = None  # its name there, or with %s what encloses its argument; by default a word

    @property
    def arity(self) -> tuple[int, int | None]:
        """The least and the greatest number of arguments; None where there is no greatest."""
        most = len(self.parameters)
        return (1 if self.fold else most - len(self.defaults) - self.optional), (None if self.fold else most)

    @property
    def texts(self) -> tuple[str | None, ...]:
        """The rules to read; None where there is none."""
        return tuple(one if isinstance(one, str) else None for one in self.vjp)

    def unknown(self, place: int) -> str:
        """The message about a parameter whose rule is UNKNOWN."""
        call = f"{self.name}({', '.join(self.parameters)})"
        return f"gradcalc knows no derivative of `{call}` by `{self.parameters[place]}`"

    def rule_to(self, place: int, rules: tuple[Rule, ...] | None = None) -> str | None:
        """The rule for a parameter, of `rules` or of the row's own; None where no gradient flows to it.

        Raises UsageError where gradcalc knows none, InternalError where the row does not say which.
        """
        rules = self.vjp if rules is None else rules
        found = rules[place] if place < len(rules) else FORGOTTEN
        if isinstance(found, str):
            return found
        if found is NO_GRADIENT:
            return None
        if found is UNKNOWN:
            raise UsageError(self.unknown(place))
        raise InternalError(
            f"gradcalc has a bug: the rule for the gradient that flows to argument {place + 1} of `{self.name}` is "
            f"missing: {found.value}",
            hint="please report it with this command",
        )


@dataclass(frozen=True, slots=True)
class Catalogue(Printed):
    """The rows that were asked for."""

    functions: tuple[Function, ...]
    verdict: ClassVar[None] = None  # nothing is compared


@cache
def rule(text: str) -> Node:
    """A rule of the catalogue as a tree; each text is parsed once."""
    root = substitute(parse(text, Everything(), Limits()).statements[0].body, {"pi": Constant("pi")})
    return rebuilt(root, lambda node, arguments: _nested(with_arguments(node, tuple(map(_in_place, arguments)))))


def _nested(node: Node) -> Node:
    """Several arrays that are put together, two by two."""
    if not isinstance(node, Call) or node.function != "concat" or len(node.arguments) < 3:
        return node
    return reduce(lambda x, y: Call("concat", (x, y)), node.arguments)


def _in_place(argument: Node) -> Node:
    """An argument, which may be given by name."""
    return argument.arguments[0] if isinstance(argument, Call) and argument.function == "axis=" else argument


class Everything(Vocabulary):
    """In a rule every name before a parenthesis is a function, any other a variable: its authors wrote the catalogue."""

    def __init__(self) -> None:
        super().__init__(functions=_Any(), variables=_Any())


class _Any(frozenset[str]):
    def __contains__(self, name: object) -> bool:
        return True
