"""Equations: which of the variables of `x**2 + y**2 = 25` is a function of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from gradcalc.arrays.array import Value
from gradcalc.base.errors import GradcalcError, PointError, UsageError, one_of, shortened
from gradcalc.base.limits import current
from gradcalc.base.words import joined, listed
from gradcalc.engines import ask
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import joint
from gradcalc.problem.resolve import Expression, read
from gradcalc.syntax.letters import canonical
from gradcalc.syntax.tree import Call, Node, number, substitute

SPACE = ("x", "y", "z")  # where all three are there, a surface is meant, z over x and y
USUAL = "y"


def dependent_variable(found: Expression, wrt: Sequence[str] | None, options: Mapping[str, object]) -> str | None:
    """The variable that an equation makes a function of the others; None of an expression.

    It is the one that the option `of` names; else z in space, y where there is one, or the last, as far as `wrt` leaves
    them over. Raises UsageError where nothing is left, and where an equation is none, or is no use.
    """
    named = options.get("of")
    if not found.equation:
        if named is not None:
            raise UsageError("--of is for equations", hint="write both sides: x**2 + y**2 = 25")
        return None
    if "of" not in options:
        raise _no_use(found)
    if len(found.variables) < 2:
        raise _too_few(found)
    left = [name for name in found.variables if name not in (wrt or ())]
    if named is not None:
        return _named(str(named), found, wrt or ())
    if not left:
        raise UsageError(
            "--wrt names every variable of the equation, and one has to depend on the others",
            hint=f"leave one out: {listed(found.variables)}",
        )
    return SPACE[-1] if {*SPACE} <= {*found.variables} and SPACE[-1] in left else USUAL if USUAL in left else left[-1]


def _named(text: str, found: Expression, wrt: Sequence[str]) -> str:
    """The variable of that name. Raises UsageError where there is none, or where it is one of `wrt` too."""
    name = canonical(text.strip())
    if name not in found.variables:
        hint = one_of(text, found.variables)
        raise UsageError(f"`{shortened(text)}` is not a variable of the equation", hint=hint)
    if name in wrt:
        raise UsageError(f"`{name}` cannot both depend on the others and be derived by", hint="--of and --wrt differ")
    return name


def _too_few(found: Expression) -> UsageError:
    """The error for an equation that makes nothing a function of anything."""
    if not found.variables:
        return UsageError("the equation has no variable in it", hint="gradcalc derives, it does not solve equations")
    (only,) = found.variables
    product = next((f"`{name}` is one name, for a product write `{text}`" for name, text in joint((only,))), None)
    return UsageError(
        f"the equation has one variable, `{only}`: it is solved by numbers, and makes nothing a function of it",
        hint=product or "gradcalc derives, it does not solve equations; two variables make a curve, x**2 + y**2 = 25",
    )


def _no_use(found: Expression) -> UsageError:
    """The error where a function is wanted."""
    body = found.definitions[-1].body
    assert isinstance(body, Call)
    left, right = body.arguments
    other = to_text(Call("sub", (left, right)))
    return UsageError(
        "this is an equation, and a function is asked for",
        span=body.span,
        source=found.source,
        hint=f"gradcalc diff, steps and check derive it implicitly; as a function it is `{other}`",
    )


def require_whole(found: Expression, values: Mapping[str, Value]) -> None:
    """Raises PointError where one coordinate is left out, with those that the equation allows, as far as proven."""
    missing = [name for name in found.variables if name not in values]
    if len(missing) != 1 or not all(isinstance(one, float) for one in values.values()):
        return
    (name,) = missing
    rest: dict[str, Node] = {key: number(Fraction(one)) for key, one in values.items() if isinstance(one, float)}
    equation = substitute(found.root, rest)
    texts = [one[name] for one in ask.roots([equation], [name]) if name in one]
    ways = [f"{name}={text}" for text in texts if _holds(equation, name, text)]
    if ways:
        raise PointError(f"no value for `{shortened(name)}`", hint=f"there the equation holds for {joined(ways, 'or')}")


def _holds(equation: Node, name: str, text: str) -> bool:
    """Is the equation true for this value, proven?"""
    try:
        value = ask.value(substitute(equation, {name: read(text, current()).root}), {})
    except GradcalcError:
        return False
    return value is not None and value.mantissa == 0
