"""The function catalogue: one row a function, and what everything else looks up in it."""

from __future__ import annotations

from gradcalc.functions.activations import ACTIVATIONS
from gradcalc.functions.arithmetic import ARITHMETIC, COMPARISONS
from gradcalc.functions.array_function import ArrayFunction
from gradcalc.functions.array_losses import ARRAY_LOSSES
from gradcalc.functions.array_moves import ARRAY_MOVES
from gradcalc.functions.arrays import ARRAY_OPERATORS, ARRAYS
from gradcalc.functions.decompositions import DECOMPOSITIONS
from gradcalc.functions.elementary import ELEMENTARY
from gradcalc.functions.elsewhere import CALLED, DERIVATIVES, SAME
from gradcalc.functions.function import UNKNOWN, Catalogue, Function
from gradcalc.functions.higher import HIGHER
from gradcalc.functions.lacking import LACKING
from gradcalc.functions.learning import LEARNING
from gradcalc.functions.losses import LOSSES
from gradcalc.functions.pieces import PIECES
from gradcalc.functions.special import SPECIAL
from gradcalc.syntax.parser import Vocabulary

OPERATORS: dict[str, Function] = {row.name: row for row in (*ARITHMETIC, *COMPARISONS)}
NEWER = (*PIECES, *HIGHER, *ACTIVATIONS, *LOSSES)
ELEMENTWISE: dict[str, Function] = {row.name: row for row in (*ELEMENTARY, *SPECIAL, *LEARNING, *NEWER)}
NEWER_ARRAYS = (*ARRAY_MOVES, *ARRAY_LOSSES, *DECOMPOSITIONS)
NAMED_ARRAYS = (*ARRAYS, *NEWER_ARRAYS)
ARRAY_FUNCTIONS: dict[str, ArrayFunction] = {row.name: row for row in (*ARRAY_OPERATORS, *NAMED_ARRAYS)}
NAMED: dict[str, Function] = ELEMENTWISE | {row.name: row for row in NAMED_ARRAYS}
CATALOGUE: dict[str, Function] = OPERATORS | NAMED | ARRAY_FUNCTIONS
ALIASES: dict[str, str] = {alias: row.name for row in NAMED.values() for alias in row.aliases}
WORDS = frozenset(
    name for row in (*NEWER, *NEWER_ARRAYS) for name in (row.name, *row.aliases)
)  # variables, but before a parenthesis
UNKNOWING = frozenset(row.name for row in HIGHER if UNKNOWN in row.vjp)  # rows without a rule for each parameter
VOCABULARY = Vocabulary(
    functions=frozenset(NAMED) | frozenset(ALIASES),
    bare=frozenset(name for row in ELEMENTARY if row.bare for name in (row.name, *row.aliases)),
    foreign=frozenset(row.name for row in (*SAME, *LACKING)) | DERIVATIVES | CALLED,
    told=dict.fromkeys(DERIVATIVES, 'write gradcalc diff "x**2", for instance')
    | {row.name: row.words for row in LACKING if row.formula is None and row.words},
)

__all__ = [
    "ALIASES",
    "ARRAY_FUNCTIONS",
    "CATALOGUE",
    "COMPARISONS",
    "ELEMENTWISE",
    "NAMED",
    "OPERATORS",
    "UNKNOWING",
    "VOCABULARY",
    "WORDS",
    "ArrayFunction",
    "Catalogue",
    "Function",
]
