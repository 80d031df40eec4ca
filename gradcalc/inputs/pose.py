"""Arguments to a problem: the expression read, its variables chosen, the point settled, the options checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypedDict, Unpack

from gradcalc.arrays.array import Value
from gradcalc.arrays.shape import Shape
from gradcalc.base.errors import UnknownNameError, UsageError, one_of, shortened
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import Limits
from gradcalc.base.words import listed
from gradcalc.functions import CATALOGUE, UNKNOWING, VOCABULARY
from gradcalc.functions.function import UNKNOWN
from gradcalc.inputs.equation import dependent_variable, require_whole
from gradcalc.inputs.graph import without_height
from gradcalc.inputs.point import Given, Point, read_point
from gradcalc.inputs.shapes import (
    GivenShapes,
    Shaped,
    Stated,
    declared,
    require_symmetric,
    settled_shapes,
    shaped,
    size_names,
    with_sizes,
)
from gradcalc.problem.problem import DEFAULT_DTYPE, Problem
from gradcalc.problem.required import NOT_NUMBERS
from gradcalc.problem.resolve import Expression, read
from gradcalc.syntax.latex import looks_like_latex
from gradcalc.syntax.letters import canonical
from gradcalc.syntax.tree import Call, free_names, postorder

HIGHEST_ORDER = 50
OTHER_NAMES = {  # of dtypes, in other libraries; `float` is another one in each
    "float": "float64 is the usual one, float32 that of torch",
    "double": "did you mean `float64`?", "f64": "did you mean `float64`?",
    "single": "did you mean `float32`?", "f32": "did you mean `float32`?",
    "half": "did you mean `float16`?", "f16": "did you mean `float16`?", "bf16": "did you mean `bfloat16`?",
    "torch.float64": "did you mean `float64`?", "torch.float32": "did you mean `float32`?",
}  # fmt: skip


class Posing(TypedDict, total=False):
    """The options that make a problem of an expression at a point; what each means is told by `api.diff`.

    Who gives `of`, though it be None, can deal with equations.
    """

    wrt: Sequence[str] | str | None
    order: int
    shape: GivenShapes | None
    symmetric: Sequence[str] | str | None
    of: str | None


def pose(
    expression: str,
    limits: Limits,
    *,
    at: Given | None = None,
    dtype: str = DEFAULT_DTYPE,
    named: Iterable[str] = (),
    **options: Unpack[Posing],
) -> Problem:
    """The problem that the options describe, or the error in them; `named` are other names that are variables.

    Shapes that are assumed may settle what was open: the expression is read again with them, so that it has the meaning
    that it has where the same shapes are declared.
    """
    assumed: Mapping[str, Shape] = {}
    while True:
        problem = _posed(expression, limits, at, dtype, named, options, assumed)
        if problem.assumed.items() <= assumed.items():
            return problem
        assumed = problem.assumed


def _posed(
    expression: str,
    limits: Limits,
    at: Given | None,
    dtype: str,
    named: Iterable[str],
    options: Posing,
    assumed: Mapping[str, Shape],
) -> Problem:
    """The problem, where some shapes are assumed already."""
    shape, order, point = options.get("shape"), options.get("order", 1), None if at is None else read_point(at, limits)
    _require_options(expression, order, dtype)
    asked = None if (wrt := options.get("wrt")) is None else names(wrt)
    found, stated, sizes = _read(expression, limits, shape, point, {*named, *(asked or ())}, assumed)
    point = without_height(point, found)
    dependent = dependent_variable(found, asked, options)
    by = tuple(name for name in found.variables if name != dependent) if asked is None else tuple(asked)
    values = _values(point, found, by, _require_variables(by, found), dtype)
    shapes = settled_shapes(shape, values, [*found.variables, *by])
    own = {} if values else _own({**found.stated, **assumed}, {*found.variables} - {*shapes})
    found = with_sizes(found, sizes, stated, own | shapes)
    settled = shaped(found, own | shapes, values, limits)
    own |= settled.assumed
    return Problem(
        source=expression,
        root=found.root,
        definitions=found.definitions,
        variables=found.variables,
        wrt=by,
        order=order,
        dtype=dtype,
        point=values,
        meant={} if point is None or values is None else point.rounded(values),
        rewritten=found.rewritten,
        shapes=_of_arrays(settled.shapes),
        assumed=_of_arrays(own),
        arrays=settled.arrays,
        symmetric=_symmetric(options.get("symmetric"), (*found.variables, *by), settled, values),
        of=dependent,
    )


def _own(shapes: Mapping[str, Shape], names: Collection[str]) -> dict[str, Shape]:
    """The shapes of some names."""
    return {name: shape for name, shape in shapes.items() if name in names}


def _of_arrays(shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    """The shapes of arrays, without those of numbers."""
    return {name: shape for name, shape in shapes.items() if shape}


def _read(
    expression: str,
    limits: Limits,
    shape: GivenShapes | None,
    point: Point | None,
    named: set[str],
    assumed: Mapping[str, Shape],
) -> tuple[Expression, Stated, frozenset[str]]:
    """The expression read, the shapes that are stated, with it or in it, and the names of sizes, no variables of it."""
    known = {**dict(declared(shape)), **(point.shapes if point else {})}
    given = {*named, *known} - {""}
    known |= assumed
    counting = point is not None and looks_like_latex(expression, VOCABULARY.functions)  # no other text has bounds
    found = read(expression, limits, given, known, point.counts if point and counting else None)
    stated = [*declared(shape), *assumed.items(), *found.stated.items()]
    sizes = size_names(found, stated, given)
    return replace(found, variables=tuple(name for name in found.variables if name not in sizes)), stated, sizes


def _values(
    point: Point | None, found: Expression, by: Sequence[str], defined: set[str], dtype: str
) -> dict[str, Value] | None:
    """The numbers of the point, but for those that bounds of sums count to, which are put in; None without a point."""
    if point is None:
        return None
    needed = {*found.variables, *by}
    inside = free_names(postorder(*(one.whole for one in found.definitions)))  # of statements that nothing uses, too
    counted = [name for name in (*found.counted, *inside) if name not in needed]
    if found.equation:
        require_whole(found, point.values(found.variables, defined, FORMATS[dtype]))
    values = point.settle(found.variables, (*by, *counted), defined, FORMATS[dtype])
    return {name: one for name, one in values.items() if name not in counted}


def _symmetric(
    given: Sequence[str] | str | None, variables: Sequence[str], settled: Shaped, values: Mapping[str, Value] | None
) -> frozenset[str]:
    """The matrices that are declared to equal their transposes. Raises where one is no such matrix."""
    found = frozenset(names(given or ()))
    require_symmetric(found, variables, settled.shapes, values)
    return found


def _require_options(expression: object, order: object, dtype: object) -> None:
    """Raises UsageError unless each is of its kind."""
    if not isinstance(expression, str):
        raise UsageError(f"the expression is {type(expression).__name__}, expected text")
    require_dtype(dtype)
    if isinstance(order, bool) or not isinstance(order, int) or not 1 <= order <= HIGHEST_ORDER:
        raise UsageError(f"the order is {order}, expected a whole number from 1 to {HIGHEST_ORDER}")


def names(wrt: Sequence[str] | str) -> list[str]:
    """The names in `x,y` or in several such texts, each once. Raises UsageError at what is no name."""
    return list(dict.fromkeys(map(_name, separated(wrt))))


def separated(wrt: Sequence[str] | str) -> list[str]:
    """What stands between the commas of a text, or of several. Raises UsageError at what is no text."""
    texts = [wrt] if isinstance(wrt, str) else wrt
    if not isinstance(texts, Sequence) or not all(isinstance(text, str) for text in texts):
        raise UsageError("wrt is no text, expected names", hint='write wrt="x", or wrt=["x", "y"]')
    return [text.strip() for one in texts for text in one.split(",")]


def _name(text: str) -> str:
    if not text:
        raise UsageError("the name of a variable is missing", hint="write --wrt x, or --wrt x,y")
    name = canonical(text)
    if name is None or name in NOT_NUMBERS:
        raise UsageError(f"`{shortened(text)}` is not the name of a variable", hint="write --wrt x, or --wrt x,y")
    return name


def require_dtype(dtype: object) -> None:
    """Raises UsageError at an unknown dtype."""
    if not isinstance(dtype, str) or dtype not in FORMATS:
        raise UsageError(
            f"unknown dtype `{shortened(str(dtype))}`",
            hint=OTHER_NAMES.get(str(dtype)) or one_of(str(dtype), FORMATS),
        )


def _require_variables(by: Sequence[str], found: Expression) -> set[str]:
    """The names that the expression defines. Raises where something other than a variable is to be derived by."""
    defined = {one.name for one in found.definitions if one.name is not None}
    for name in by:
        if name in defined:
            raise UnknownNameError(
                f"`{shortened(name)}` is defined by the expression, it is not a variable of it",
                hint=f"its variables are {listed(found.variables)}" if found.variables else None,
            )
        if name == "pi" or name in VOCABULARY.bare:
            raise UnknownNameError(f"`{name}` is a {'constant' if name == 'pi' else 'function'}, not a variable")
    _require_rules(by, found)
    return defined


def _require_rules(by: Sequence[str], found: Expression) -> None:
    """Raises UsageError where a variable to derive by stands in an argument that gradcalc has no rule for."""
    for node in postorder(found.root):
        if not isinstance(node, Call) or node.function not in UNKNOWING:
            continue
        row = CATALOGUE[node.function]
        for place, argument in enumerate(node.arguments):
            inside = set(free_names(postorder(argument))) if row.vjp[place] is UNKNOWN else set()
            if not inside.isdisjoint(by):
                rest = [name for name in by if name not in inside]
                hint = f"derive by others alone: --wrt {','.join(rest)}" if rest else None
                raise UsageError(row.unknown(place), span=argument.span, source=found.source, hint=hint)
