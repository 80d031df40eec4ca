"""The grammar in tables: how tightly operators bind, and which names are functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CHOICE, COMPARISON, SUM, PRODUCT, PREFIX, POWER, POSTFIX = 2, 5, 10, 20, 25, 30, 40
# PREFIX is looser than POWER, so -x**2 is -(x**2), as on paper.
BESIDE, SUPERSCRIPT, RAISED = "beside", "superscript", "raised"  # operators without a sign: a b, a², in LaTeX and not
INFIX = {
    "==": ("eq", COMPARISON), "!=": ("ne", COMPARISON), "<": ("lt", COMPARISON),
    "<=": ("le", COMPARISON), ">": ("gt", COMPARISON), ">=": ("ge", COMPARISON),
    "+": ("add", SUM), "-": ("sub", SUM), "@": ("matmul", PRODUCT), "*": ("mul", PRODUCT), "/": ("div", PRODUCT),
    "·": ("dotted", PRODUCT), "×": ("crossed", PRODUCT), BESIDE: ("beside", PRODUCT), "%": ("mod", PRODUCT),
    "⊗": ("kron", PRODUCT),
    "**": ("pow", POWER), "^": ("raised", POWER), SUPERSCRIPT: ("superscript", POWER),
}  # fmt: skip
CHOICES = {"?": ":", "if": "else"}  # c ? a : b, and a if c else b
COMPARISONS = frozenset(symbol for symbol, (_, strength) in INFIX.items() if strength == COMPARISON)
COMMA = "a decimal comma is written as a point: 1.5; an array stands in brackets: [x, y]"
NESTED = "write `where(x > 0, where(y > 0, a, b), b)`"
WHERE = "write `where(x > 0, a, b)`"
OPTIMA, OPTIMA_HINT = ("minimize", "minimise", "maximize", "maximise"), "write the function itself"
WORDS = {  # that people write between values, which are none
    "and": NESTED, "or": NESTED, "not": NESTED, "if": WHERE, "then": WHERE, "else": WHERE, "times": "write `x*y`",
    "plus": "write `x + y`", "minus": "write `x - y`", "over": "write `x/y`", "squared": "write `x**2`",
    "cubed": "write `x**3`", "of": "a function's argument stands in parentheses: `sin(x)`",
    "where": WHERE, "for": "write `sum(x**2)` for all elements of x, or every term",
    "choose": "write `gamma(n + 1)/(gamma(k + 1)*gamma(n - k + 1))`", "by": "write `x/y`", "divided": "write `x/y`",
    "multiplied": "write `x*y`", "to": "write `x**y` for a power", "power": "write `x**y`", "percent": "5% is 0.05",
    **dict.fromkeys(OPTIMA, OPTIMA_HINT),
    "subject": "of f where g = c the extrema are among the critical points of `f - lam*(g - c)`",
    "the": "write the formula alone: `x**2`", "is": "write the formula alone: `x**2`", "def": "write `f(x) = …`",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The function names of the grammar; the `bare` ones may stand before an argument without parentheses.

    `foreign` are functions of other libraries, known by name, `told` what is said of those that have no formula here;
    `variables` are the names that are given as variables, `values` names that are factors before a parenthesis.
    """

    functions: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    told: Mapping[str, str] = field(default_factory=dict)
