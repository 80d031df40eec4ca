"""Ways to call a function: by other names, with defaults, with other numbers of arguments, with arguments by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from gradcalc.base.errors import ExpressionSyntaxError, GradcalcError, UnknownNameError, shortened
from gradcalc.base.span import Span
from gradcalc.functions import ALIASES, CATALOGUE
from gradcalc.functions.elsewhere import DERIVATIVES, SAME, Elsewhere
from gradcalc.functions.function import Function, rule
from gradcalc.functions.lacking import LACKING
from gradcalc.functions.printer import is_writable, to_text
from gradcalc.functions.turned import AXES, along, folded
from gradcalc.syntax.letters import GREEK
from gradcalc.syntax.tree import Call, Name, Node, Number, rebuilt

AXIS = "axis"  # the parameter of a reduction
SAMPLE = "ddof"  # what is taken from n where a variance divides by less
SYNONYMS = {  # what parameters are called elsewhere
    "dim": AXIS, "axes": AXIS, "negative_slope": "a", "alpha": "a", "min_val": "low", "max_val": "high", "base": "b",
    "min": "low", "max": "high", "a_min": "low", "a_max": "high", "lambd": "lambda", "delta": "d", "beta": "b", "input": "x", "other": "y",
    "target": "y", "exponent": "y", "diagonal": "k", "ord": "p", SAMPLE: SAMPLE, "unbiased": SAMPLE, "correction": SAMPLE,
}  # fmt: skip
NOTHING = {  # arguments by name that say nothing new, with the value that does so
    "keepdim": ("False",), "keepdims": ("False",), SAMPLE: ("0", "False"), AXIS: ("None",), "inplace": ("False",),
}  # fmt: skip
NOTHING_OF = {  # the same, of functions of vectors
    ("normalize", "p"): ("2", "2.0"), ("normalize", AXIS): ("0", "-1"), ("cosine_similarity", AXIS): ("0", "-1"),
}  # fmt: skip
KEPT = ("keepdim", "keepdims")
VARIANTS = {"max": ("amax", "max"), "min": ("amin", "min"), "logsumexp": ("logsumexp", "logaddexp")}
NORMS = {"1": "norm1", "2": "norm2", "inf": "norminf", "fro": "norm"}
LISTED = "gradcalc functions lists those that it has"
MORE = {"norm": ("a", "p", AXIS), "diff": ("a", "n", AXIS)}  # parameters that stand for other functions
CLASSED = ("cross_entropy", "nll")
CLAMPS = ("clamp", "clip", "clip_by_value")
_same = {(row.name, len(row.parameters)): row for row in SAME}
_lacking = {(row.name, len(row.parameters)): row for row in LACKING}


def variant(name: str, count: int, along_axis: bool) -> str:
    """The row that a name means: `max` of one array is its greatest element, of several the greater of each pair."""
    reduction, pairwise = VARIANTS.get(name, (name, name))
    return reduction if along_axis or count == 1 else pairwise


def wrong_number(node: Call, row: Function) -> ExpressionSyntaxError:
    """The error for a call with too few or too many arguments."""
    least, most = row.arity
    others = [one for (name, _), one in _same.items() if name == row.name]
    if most is not None:
        most = max([most, *(len(one.parameters) for one in others)])
    ways = (
        ["x[1]", "A[1, 2]"]
        if row.name == "index"
        else [usage(row, node.function), *(f"{node.function}({', '.join(one.parameters)})" for one in others)]
    )
    if node.function in GREEK and len(node.arguments) == 1:
        ways.append(shortened(f"{node.function}*({to_text(node.arguments[0])})"))
    return ExpressionSyntaxError(
        f"`{node.function}` takes {_counted(least, most)}, found {len(node.arguments)}",
        span=node.span,
        hint=f"write {' or '.join(f'`{way}`' for way in ways)}",
    )


def is_spelled(name: str, count: int) -> bool:
    """Is this called as other libraries do: `norm(x, 1)`, `log(x, 2)`?"""
    return (name, count) in _same or (name in ("norm", *AXES) and count > 1)


def spelled(name: str, arguments: tuple[Node, ...], span: Span | None) -> Node | None:
    """A function of other libraries in gradcalc's own terms: `square(x)` as `x**2`; None where it has no such name."""
    if name == "norm" and len(arguments) in (2, 3):
        return _norm(arguments, span)
    if name == "concat" and len(arguments) == 1 and isinstance(arguments[0], Call) and arguments[0].function == "array":
        return folded(name, arguments[0].arguments, span)
    if name == "hstack":
        name, arguments = "concat", (*arguments, Call("neg", (Number(Fraction(1)),)))
    if name in AXES and (found := along(name, arguments, span)) is not None:
        return found
    if name in CLASSED and len(arguments) == 2:
        return _of_classes(name, *arguments, span)
    row = _same.get((name, len(arguments)))
    if row is not None and row.words and len(arguments) == 2 and (found := _of_classes_from_0(row, arguments, span)):
        return found
    return None if row is None else _built(row, arguments, span)


def _of_classes(name: str, scores: Node, target: Node, span: Span | None) -> Node | None:
    """A loss whose target is the number of a class, or one for each row; None where it is probabilities."""
    listed = isinstance(target, Call) and target.function == "array"
    numbers = target.arguments if isinstance(target, Call) and listed else (target,)
    whole = all(isinstance(one, Number) and one.value.denominator == 1 for one in numbers)
    total = sum(one.value for one in numbers if isinstance(one, Number))
    if not whole or total == (1 if listed else 0):  # [0, 1, 0] has a 1 for the class
        return None
    logs = Call("log_softmax", (scores,), span) if name == "cross_entropy" else scores
    if not listed:
        return Call("neg", (Call("index", (logs, target), span),), span)
    rows = [Call("index", (logs, Number(Fraction(row), span), one), span) for row, one in enumerate(numbers, start=1)]
    return Call("neg", (Call("mean", (Call("array", tuple(rows), span),), span),), span)


def _of_classes_from_0(row: Elsewhere, arguments: tuple[Node, ...], span: Span | None) -> Node | None:
    """A loss of torch's, whose classes are counted from 0; None where the target is no whole number."""
    scores, target = arguments
    name = next((one for one in CLASSED if (row.formula or "").startswith(one)), None)
    if name is None or not isinstance(target, Number) or target.value.denominator != 1:
        return None
    return _of_classes(name, scores, Number(target.value + 1, target.span), span)


def _norm(arguments: tuple[Node, ...], span: Span | None) -> Node:
    """`norm(x, p)` and `norm(x, p, axis)`."""
    array, order, *axis = arguments
    kind = NORMS.get(to_text(order))
    if not axis and kind is not None:
        return Call(kind, (array,), span)
    if kind == "norminf":
        return Call("amax", (Call("abs", (array,), span), *axis), span)
    if kind == "norm1":
        return Call("sum", (Call("abs", (array,), span), *axis), span)
    if kind is not None:
        squares = Call("pow", (array, Number(Fraction(2), span)), span)
        return Call("sqrt", (Call("sum", (squares, *axis), span),), span)
    powers = Call("pow", (Call("abs", (array,), span), order), span)
    root = Call("div", (Number(Fraction(1), span), order), span)
    return Call("pow", (Call("sum", (powers, *axis), span), root), span)


def _built(row: Elsewhere, arguments: tuple[Node, ...], span: Span | None) -> Node:
    """The formula of a row, with the arguments in it."""
    assert row.formula is not None
    values: Mapping[str, Node] = dict(zip(row.parameters, arguments, strict=True))

    def built(node: Node, inside: tuple[Node, ...]) -> Node:
        if isinstance(node, Name):
            return values.get(node.name, node)
        if isinstance(node, Call):
            return Call(variant(node.function, len(inside), False), inside, span)
        return Number(node.value, span) if isinstance(node, Number) else node

    return rebuilt(rule(row.formula), built)


def lacking(shown: str, arguments: tuple[Node, ...], span: Span | None) -> GradcalcError:
    """The error for a function that other libraries have and gradcalc lacks, with the formula that stands for it."""
    if shown in DERIVATIVES and (len(arguments) > 1 or len(shown) > 1):
        return _derivative(arguments, span)
    row = _lacking.get((shown, len(arguments)))
    if row is None and (len(shown) == 1 or shown in GREEK):
        product = shortened(f"{shown}*({', '.join(map(to_text, arguments))})")
        hint = f"for a product write `{product}`" if len(arguments) == 1 else f"define it before: `{shown}(x, y) = …`"
        return UnknownNameError(f"`{shown}` is not a function", span=span, hint=hint)
    if row is None or not all(map(is_writable, arguments)):
        row = row or next(one for one in (*SAME, *LACKING) if one.name == shown)
        arguments = tuple(map(Name, row.parameters))
    parts = [] if row.formula is None else [f"write `{to_text(_built(row, arguments, None))}`"]
    hint = "; ".join([*parts, *filter(None, [row.words])]) or LISTED
    return UnknownNameError(f"gradcalc has no function `{shown}`", span=span, hint=hint)


def _derivative(arguments: tuple[Node, ...], span: Span | None) -> GradcalcError:
    """`diff(u, x)`: a command does that."""
    written = [shortened(to_text(one)) if is_writable(one) else "x**2" for one in arguments]
    function, *rest = written or ["x**2"]
    variable = f" --wrt {rest[0]}" if rest and rest[0].isidentifier() else ""
    hint = f'write gradcalc diff "{function}"{variable}'
    return UnknownNameError("a derivative is not part of the language", span=span, hint=hint)


def placed(node: Call, arguments: tuple[Node, ...]) -> tuple[str, tuple[Node, ...], bool]:
    """The function and its arguments in their places, those by name too, and whether dimensions are to be kept.

    Raises ExpressionSyntaxError at a name that the function has no parameter for.
    """
    positional = [one for one in arguments if not _is_named(one)]
    function, kept = node.function, False
    found: dict[str, Call] = {}
    for one in filter(_is_named, arguments):
        assert isinstance(one, Call)
        name, value = one.function[:-1], to_text(one.arguments[0])
        kept = kept or (name in KEPT and value == "True")
        parameter = SYNONYMS.get(name, name)
        silent = (*NOTHING.get(parameter, ()), *NOTHING_OF.get((function, parameter), ()))
        if value not in silent and not (name in KEPT and value == "True"):
            found[parameter] = one
    if function in CLAMPS and len(positional) == len(found) == 1:
        function = "clamp_min" if "low" in found else "clamp_max"
    if function == "norm" and AXIS in found and len(positional) == 1:
        found.setdefault("p", Call("p=", (Number(Fraction(2), node.span),), node.span))
    if function == "diff" and AXIS in found and len(positional) == 1:
        found.setdefault("n", Call("n=", (Number(Fraction(1), node.span),), node.span))
    if ALIASES.get(function, function) == "concat" and list(found) == [AXIS]:
        return "concat", (*positional, found[AXIS].arguments[0]), kept
    if not found:
        return variant(ALIASES.get(function, function), len(positional), along_axis=kept), tuple(positional), kept
    for name, parameters in _ways(function):
        rest = parameters[len(positional) :][: len(found)]
        if set(found) == set(rest):
            return name, (*positional, *(found[one].arguments[0] for one in rest)), kept
    wrong = next(iter(found.values()))
    known = function in CATALOGUE or function in ALIASES
    hint = f"write `{usage(row_of(function), function)}`" if known else None
    if SYNONYMS.get(wrong.function[:-1]) == SAMPLE:
        hint = "the variance divides by n here"
    message = f"`{node.function}` takes no `{wrong.function[:-1]}`"
    raise ExpressionSyntaxError(message, span=wrong.span, hint=hint)


def _is_named(node: Node) -> bool:
    """Was an argument given by name?"""
    return isinstance(node, Call) and node.function.endswith("=")


def _ways(function: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The rows that a name may mean, with their parameters."""
    name = ALIASES.get(function, function)
    rows = [CATALOGUE[one] for one in (variant(name, 1, along_axis=True), name) if one in CATALOGUE]
    yield from ((row.name, row.parameters) for row in rows)
    yield from ((row.name, row.parameters) for row in (*SAME, *LACKING) if row.name == name)
    if name in MORE:
        yield name, MORE[name]


def _counted(least: int, most: int | None) -> str:
    """`1 argument`, `1 or 2 arguments`, `1 to 3 arguments`, `at least 1 argument`."""
    if most is None:
        return f"at least {least} argument{'s' if least != 1 else ''}"
    if least == most:
        return f"{least} argument{'s' if least != 1 else ''}"
    return f"{least} {'or' if most == least + 1 else 'to'} {most} arguments"


def usage(row: Function, name: str | None = None) -> str:
    """How a function is called, by its own name or another: `leaky_relu(x, a)`, `max(x, y, …)`."""
    if row.name == "where":
        return "where(x > 0, a, b)"
    return f"{name or row.name}({', '.join(row.parameters)}{', …' if row.fold else ''})"


def row_of(name: str) -> Function:
    """The row of a function, by any of its names."""
    return CATALOGUE[ALIASES.get(name, name)]
