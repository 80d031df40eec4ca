"""The way back through an array expression: what flows from each intermediate result to those before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape
from gradcalc.calculus.matrix.closed import SIZE, as_tree, has_decimals, marked_sizes
from gradcalc.calculus.matrix.form import Form, Unreadable, leaf
from gradcalc.calculus.matrix.gradient import accumulated
from gradcalc.calculus.matrix.read import read
from gradcalc.calculus.matrix.stages import Stage
from gradcalc.calculus.matrix.sums import add, number
from gradcalc.calculus.step import Rule, placeholder
from gradcalc.syntax.tree import Call, Name, Node, dependents, free_names, postorder, rebuilt, with_arguments

FLOW = placeholder(0)  # what flows into a line, in patterns
RULES = {
    **dict.fromkeys(("add", "sub", "neg"), Rule.SUM), "mul": Rule.PRODUCT, "div": Rule.QUOTIENT, "pow": Rule.POWER,
    **dict.fromkeys(("matmul", "dot", "outer", "kron"), Rule.MATRIX_PRODUCT), "exp": Rule.EXPONENTIAL,
    "where": Rule.CASES,
}  # fmt: skip
SILENT = frozenset({"transpose", "array", "index", "slice"})


@dataclass(frozen=True, slots=True)
class Back:
    """One step back: what flows from the line `stage` to a name in it.

    `pattern` says it with `FLOW` for what flows into the line, where that is not the seed and there is such a formula;
    `result` is that with what does flow put in. Where several lines use the name, each gives a `part`; the step that
    adds them has no stage, and neither has the seed. `functions` are the operations on the way, outermost first.
    """

    rule: Rule
    to: str
    result: Node
    shape: Shape
    stage: Stage | None = None
    pattern: Node | None = None
    functions: tuple[str, ...] = ()
    part: bool = False


def backward(lines: Sequence[Stage], by: Sequence[str], shapes: Mapping[str, Shape]) -> tuple[Back, ...]:
    """The steps from the result back to the variables `by`; `shapes` are those of the variables.

    Raises Unreadable where a step has no closed form in array terms.
    """
    return tuple(_Backward(lines, by, shapes).steps())


class _Backward:
    """One pass over the lines, from the last to the first."""

    def __init__(self, lines: Sequence[Stage], by: Sequence[str], shapes: Mapping[str, Shape]) -> None:
        self.lines, self.last = lines, lines[-1]
        self.plain = {**shapes, **{one.name: one.shape for one in lines}}
        order = postorder(*(one.body for one in lines))
        known = [*free_names(order), *self.plain, *by]
        self.shapes = marked_sizes(self.plain, known)
        self.decimals = has_decimals(order)
        self.leaves = {name: leaf(Name(name), self.shapes.get(name, ())) for name in known}
        self.leading = leading(lines, by)

    def steps(self) -> Iterator[Back]:
        """The seed, the steps of each line, and what several of them add up to."""
        yield self._back(Rule.SEED, self.last.name, number(1))
        found, parts = list(self._shares()), dict[str, list[Form]]()
        for share in found:
            name, own = share.to, parts.setdefault(share.to, [])
            own.append(share.form)
            count = sum(one.to == name for one in found)
            functions = between(share.line.body, name)
            pattern = None if share.pattern is None else rebuilt(self._tree(share.pattern, name), _flow_last)
            yield self._back(_rule(functions), name, share.form, share.line, pattern, functions, count > 1)
            if len(own) == count > 1:
                yield self._back(Rule.SUM, name, add(*reversed(own)))

    def _shares(self) -> Iterator[_Share]:
        """What flows from each line to each name in it that leads to a variable."""
        flows = {self.last.name: [number(1)]}
        for line in reversed(self.lines):
            if line.name not in self.leading or line.name not in flows:
                continue
            flow = add(*reversed(flows[line.name]))  # what was written first stands first
            names = [name for name in free_names(postorder(line.body)) if name in self.leading]
            general = self._general(line, names)
            found = self._flows(line, flow, names)
            for name in (one for one in names if one in found):
                flows.setdefault(name, []).append(found[name])
                yield _Share(line, name, found[name], general.get(name))

    def _general(self, line: Stage, names: Sequence[str]) -> dict[str, Form]:
        """What flows from a line, whatever flows into it; nothing where that is the seed, or has no closed form."""
        if line is self.last:
            return {}
        try:
            return self._flows(line, leaf(Name(FLOW), self.shapes.get(line.name, ())), names)
        except Unreadable:
            return {}

    def _flows(self, line: Stage, flow: Form, names: Sequence[str]) -> dict[str, Form]:
        """What flows to the names of a line when `flow` flows in."""
        inferred = infer(line.body, self.shapes)
        forms = read(line.body, inferred, self.leaves, written=True)
        if line is not self.last:  # its value has a name
            forms = {**forms, id(line.body): self.leaves[line.name]}
        return accumulated(line.body, flow, names, forms, inferred)

    def _back(self, rule: Rule, name: str, form: Form, *more: Any) -> Back:
        return Back(rule, name, self._tree(form, name), self.plain.get(name, ()), *more)

    def _tree(self, form: Form, name: str) -> Node:
        """The tree of a form with the shape of what it is the gradient by. Raises Unreadable."""
        found = as_tree(form, self.shapes.get(name, ()), decimals=self.decimals)
        if any(SIZE in one and one != FLOW for one in free_names(postorder(found))):
            raise Unreadable
        return found


@dataclass(frozen=True, slots=True)
class _Share:
    """What flows from a line to a name in it, and the same for whatever flows into the line."""

    line: Stage
    to: str
    form: Form
    pattern: Form | None


def leading(lines: Sequence[Stage], by: Collection[str]) -> set[str]:
    """The variables, and the lines that depend on them."""
    found = set(by)
    for line in lines:
        if not found.isdisjoint(free_names(postorder(line.body))):
            found.add(line.name)
    return found


def between(body: Node, name: str) -> tuple[str, ...]:
    """The functions on the ways from the top of a line to a name, outermost first."""
    order = postorder(body)
    wanted = dependents(order, [name])
    found = (one.function for one in reversed(order) if isinstance(one, Call) and id(one) in wanted)
    return tuple(dict.fromkeys(found))


def _flow_last(node: Node, arguments: tuple[Node, ...]) -> Node:
    """A product element by element with what flows in as its last factor: `2*r*g` for `2*g*r`."""
    if isinstance(node, Call) and node.function == "mul":
        before, last = arguments
        if isinstance(before, Call) and before.function == "mul" and before.arguments[1] == Name(FLOW):
            return Call("mul", (Call("mul", (before.arguments[0], last)), Name(FLOW)))
        if before == Name(FLOW):
            return Call("mul", (last, before))
    return with_arguments(node, arguments)


def _rule(functions: Sequence[str]) -> Rule:
    """The rule that a textbook names for what is on the way: the first one that says more than that sums are sums."""
    found = [RULES.get(one, Rule.TABLE) for one in functions if one not in SILENT]
    return next((one for one in found if one is not Rule.SUM), Rule.SUM)
