"""Long formulas of code as papers print them, in terms of names for what they share, and read back to be sure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gradcalc.answers.audit.paper.paper import words
from gradcalc.answers.beside import Where
from gradcalc.answers.records import Comparison
from gradcalc.arrays.shape import Shape
from gradcalc.base.limits import current
from gradcalc.calculus.matrix.naming import Named, is_worth, named
from gradcalc.calculus.matrix.upright import untransposed
from gradcalc.functions.printer import to_text
from gradcalc.inputs.pose import pose
from gradcalc.syntax.tree import Call, Name, Node, children, rebuilt, shared

SPREADS = frozenset({"sqrt", "std", "norm"})
PRODUCTS, SUMS = frozenset({"mul", "div", "matmul"}), frozenset({"add", "sub"})


def where(
    expression: str,
    gradient: Mapping[str, str],
    others: Sequence[Mapping[str, Node]],
    shapes: Mapping[str, Shape],
    names: set[str],
) -> Iterator[tuple[Where, Mapping[str, Node]]]:
    """A formula and its gradient in terms of names, shortest first, where these are worth it and read back as they are.

    `others` are the same gradient in other terms, and what is given goes with the gradient that it is; `names` are
    those of the variables, scalars among them.
    """
    function = rooted(expression, shapes)
    plain = {name: rooted(text, shapes) for name, text in gradient.items()}
    found = [(one, made) for one in (plain, *others) if (made := named(function, [*one.values()], shapes, names))]
    for one, made in sorted(found, key=lambda pair: pair[1].length):
        if is_worth(made, function, [*plain.values()]) and (whole := _where(made, function, one, shapes)) is not None:
            yield whole, one


def _where(made: Named, function: Node, gradient: Mapping[str, Node], shapes: Mapping[str, Shape]) -> Where | None:
    """The texts of formulas with names; None where they do not read back as what they came from."""
    definitions = {name: to_text(body) for name, body in made.definitions.items()}
    first, *rest = map(to_text, made.formulas)
    said = zip((first, *rest), (function, *gradient.values()), strict=True)
    if not all(_reads_back(definitions, text, whole, shapes) for text, whole in said):
        return None
    return Where(definitions, first, dict(zip(gradient, rest, strict=True)), made.shapes)


def sizes_told(shown: Comparison, shapes: Mapping[str, Shape]) -> tuple[str, ...]:
    """What the letters are that stand for sizes in the formulas as they are printed: of which variables."""
    texts = [shown.expression, *(row.formula for row in shown.gradient.values() if row.formula)]
    texts += [] if shown.where is None else shown.where.definitions.values()
    used = {one for one in set().union(*map(words, texts)) - {*shapes} if not one.isdigit()}
    told: list[str] = []
    for name, shape in shapes.items():
        own = used & {one for size in shape for one in words(str(size))}
        if own:
            each = " by ".join(map(str, shape))
            told.append(f"`{name}` is {each}" if len(shape) > 1 else f"`{name}` has {each} elements")
            used -= own
    return (", ".join(told),) if told else ()


def program(function: Node, form: Node, shapes: Mapping[str, Shape]) -> str | None:
    """A long formula as a program: definitions of what repeats in it, and the formula in terms of them.

    None where it would not read back as it is.
    """
    found = named(function, [form], shapes, set(shapes))
    if found is None:
        return to_text(form)
    definitions, text = {name: to_text(body) for name, body in found.definitions.items()}, to_text(found.formulas[1])
    return _program(definitions, text) if _reads_back(definitions, text, form, shapes) else None


def rooted(text: str, shapes: Mapping[str, Shape]) -> Node:
    """The tree of a formula, whose variables have those shapes."""
    return pose(text, current(), shape=shapes, wrt=list(shapes)).root


def _reads_back(definitions: Mapping[str, str], text: str, whole: Node, shapes: Mapping[str, Shape]) -> bool:
    """Is the program of the definitions and a formula the formula that it came from?"""
    one, other = children(shared(Call("", (rooted(_program(definitions, text), shapes), whole))))
    return one is other or to_text(one) == to_text(other)


def _program(definitions: Mapping[str, str], text: str) -> str:
    """A formula behind the definitions that it uses."""
    used, needed = words(text), list[str]()
    for name, body in reversed([*definitions.items()]):
        if name in used:
            needed.append(f"{name} = {body}")
            used |= words(body)
    return "; ".join([*reversed(needed), text])


def neat(text: str, shapes: Mapping[str, Shape]) -> str:
    """A formula with no more signs than it takes: a minus before the first factor, none after another, sums as one.

    What is normalised stands by itself, behind its weight.
    """
    used = words(text)
    own = {name: shape for name, shape in shapes.items() if shape and name in used}
    return to_text(rebuilt(pose(text, current(), shape=own).root, _signed))


def _signed(node: Node, arguments: tuple[Node, ...]) -> Node:
    if not isinstance(node, Call):
        return node
    made = replace(node, arguments=arguments)
    inner = arguments[0]
    if node.function == "add" and isinstance(arguments[1], Call) and arguments[1].function in SUMS:
        first, second = arguments[1].arguments
        return replace(arguments[1], arguments=(_signed(Call("add", (inner, first)), (inner, first)), second))
    if node.function == "sub" and isinstance(arguments[1], Call) and arguments[1].function == "neg":
        return _signed(Call("add", node.arguments), (inner, *arguments[1].arguments))
    if node.function == "div" and (weighted := _weighted(*arguments)) is not None:
        return weighted
    if node.function == "transpose" and isinstance(inner, Call) and inner.function == "transpose":
        return inner.arguments[0]
    if node.function != "neg" or not isinstance(inner, Call) or inner.function not in PRODUCTS:
        return made
    first, *rest = inner.arguments
    return replace(inner, arguments=(_signed(made, (first,)), *rest))


def _weighted(above: Node, below: Node) -> Node | None:
    """`w*((x - mean(x))/s)` for `w*(x - mean(x))/s`, also where all of it is turned; None for anything else."""
    spread = below.arguments[0] if isinstance(below, Call) and below.function == "add" else below
    if not isinstance(spread, Call) or spread.function not in SPREADS:
        return None
    product = untransposed(above) or above
    if not isinstance(product, Call) or product.function != "mul" or not isinstance(product.arguments[0], Name):
        return None
    weight, inner = product.arguments
    if product is above:
        return Call("mul", (weight, Call("div", (inner, below)))) if isinstance(inner, Call) else None
    straight = untransposed(inner)
    if straight is None:
        return None
    return Call("transpose", (Call("mul", (weight, Call("transpose", (Call("div", (straight, below)),)))),))
