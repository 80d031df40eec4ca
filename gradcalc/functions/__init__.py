"""The function catalogue: one row a function, and what everything else looks up in it."""

from __future__ import annotations

from gradcalc.functions.arithmetic import ARITHMETIC, COMPARISONS
from gradcalc.functions.elementary import ELEMENTARY
from gradcalc.functions.function import Function
from gradcalc.functions.learning import LEARNING
from gradcalc.functions.special import SPECIAL
from gradcalc.syntax.parser import Vocabulary

OPERATORS: dict[str, Function] = {row.name: row for row in (*ARITHMETIC, *COMPARISONS)}
NAMED: dict[str, Function] = {row.name: row for row in (*ELEMENTARY, *SPECIAL, *LEARNING)}
CATALOGUE: dict[str, Function] = OPERATORS | NAMED
ALIASES: dict[str, str] = {alias: row.name for row in NAMED.values() for alias in row.aliases}
VOCABULARY = Vocabulary(
    functions=frozenset(NAMED) | frozenset(ALIASES),
    bare=frozenset(name for row in ELEMENTARY if row.bare for name in (row.name, *row.aliases)),
)

__all__ = ["ALIASES", "CATALOGUE", "COMPARISONS", "NAMED", "OPERATORS", "VOCABULARY", "Function"]
