"""How long closed forms are beside those that books print, and those of SymPy, Maxima and Giac.

python -m tests.benchmarks.forms [--all]
Prints the table, and the forms that are longer than the book's, or than the shortest of the others'. With `--all` the
others are asked too; one that is not installed is left out (Debian packages: maxima, xcas).
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from shutil import which

import sympy

from gradcalc import diff
from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.engines.sympy.closed_form import lowered
from gradcalc.engines.sympy.text import NotExpressible, to_tree
from gradcalc.functions.printer import to_text
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Node, children
from tests.benchmarks.antiderivatives import ANTIDERIVATIVES, SUITES, UNSEEN
from tests.benchmarks.formulas import FORMULAS
from tests.benchmarks.published import GROUPS

NEAR = 1.25
SECONDS = 20  # for one formula, of another system


@dataclass(frozen=True)
class Row:
    """An expression and its published derivative of an order by a variable."""

    expression: str
    published: str
    by: str = "x"
    order: int = 1


def rows(table: str) -> Iterator[Row]:
    """The rows of a table: `expression = derivative | variable order`."""
    for line in filter(None, map(str.strip, table.splitlines())):
        formulas, _, how = line.partition(" | ")
        expression, _, published = formulas.partition(" = ")
        by, order = how.split()[:1] or ["x"], how.split()[1:] or ["1"]
        yield Row(expression.strip(), published.strip(), by[0], int(order[0]))


def tree(text: str) -> Node:
    """A formula as gradcalc reads it."""
    return read(text, Limits()).root


def nodes(text: str) -> int:
    """How many nodes a formula has."""
    return _nodes(tree(text))


def _nodes(node: Node) -> int:
    return 1 + sum(map(_nodes, children(node)))


def ours(row: Row) -> str | None:
    """gradcalc's closed form."""
    return diff(row.expression, wrt=row.by, order=row.order).gradient[row.by].formula


def by_sympy(row: Row) -> str | None:
    """What SymPy's `simplify` makes of SymPy's derivative."""
    found = sympy.simplify(sympy.diff(lowered(tree(row.expression)), sympy.Symbol(row.by, real=True), row.order))
    try:
        return to_text(to_tree(found))
    except NotExpressible:
        return None


def by_maxima(row: Row) -> str | None:
    """What Maxima's `ratsimp` makes of its derivative."""
    command = f"display2d:false$ linel:10000$ ratsimp(diff({_foreign(row.expression)},{row.by},{row.order}));"
    found = _asked(["maxima", "--very-quiet", "--batch-string", command]).strip().splitlines()
    return found[-1].replace("%e", "e").replace("%pi", "pi") if found else None


def by_giac(row: Row) -> str | None:
    """What Giac's `simplify` makes of its derivative."""
    found = _asked(["icas", f"simplify(diff({_foreign(row.expression)},{row.by},{row.order}))"])
    return found.strip().splitlines()[-1] if found.strip() else None


def _asked(command: Sequence[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False).stdout
    except subprocess.TimeoutExpired:
        return ""


DEFINED = (("sigmoid", "(1/(1+exp(-(%s))))"), ("softplus", "log(1+exp(%s))"), ("logsigmoid", "(-log(1+exp(-(%s))))"))


def _foreign(expression: str) -> str:
    for name, definition in DEFINED:
        expression = re.sub(rf"\b{name}\((\w+(?:[*+]\w+)*)\)", lambda found, d=definition: d % found[1], expression)
    return expression.replace("**", "^").replace("pi", "%pi")


OTHERS: dict[str, tuple[str | None, Callable[[Row], str | None]]] = {
    "SymPy simplify": (None, by_sympy), "Maxima ratsimp": ("maxima", by_maxima), "Giac simplify": ("icas", by_giac),
}  # fmt: skip


def length(text: str | None) -> float:
    """The nodes of an answer; infinite where it cannot be read."""
    try:
        return nodes(text) if text else float("inf")
    except GradcalcError:
        return float("inf")


@dataclass(slots=True)
class Total:
    """What is counted of one table."""

    asked: dict[str, Callable[[Row], str | None]]
    count: int = 0
    longer: int = 0
    short: dict[str, int] = field(default_factory=dict)
    near: dict[str, int] = field(default_factory=dict)

    def add(self, row: Row) -> str | None:
        """Count a row; returns a line where gradcalc's form is longer than the book's, or than the others'."""
        answers = {name: ask(row) for name, ask in self.asked.items()}
        lengths = {name: length(answer) for name, answer in answers.items()}
        book, own = nodes(row.published), lengths.pop("gradcalc")
        for name, found in (("gradcalc", own), *lengths.items()):
            self.short[name] = self.short.get(name, 0) + (found <= book)
            self.near[name] = self.near.get(name, 0) + (found <= NEAR * book)
        self.count += 1
        best = min(lengths, key=lengths.__getitem__, default=None)
        longer = best is not None and own > NEAR * lengths[best]
        self.longer += longer
        if own <= book and not longer:
            return None
        beside = f"   {best}: {answers[best]}" if longer and best else ""
        asked = f"{row.expression} by {row.by}" + ("" if row.order == 1 else f" {row.order}")
        return f"{asked}: {answers['gradcalc']} [{own}], book {row.published} [{book}]{beside}"

    def lines(self, title: str) -> Iterator[str]:
        """The table."""
        yield f"\n{title}: {self.count}"
        for name in self.asked:
            short, near = (counted[name] / self.count for counted in (self.short, self.near))
            yield f"  {name:<16} as short {short:>6.1%}   within {NEAR} times {near:>6.1%}"
        if len(self.asked) > 1:
            yield f"  more than {NEAR} times the best of the others: {self.longer} ({self.longer / self.count:.1%})"


def main(*, others: bool) -> None:
    """Print what is longer, and the tables."""
    asked: dict[str, Callable[[Row], str | None]] = {"gradcalc": ours}
    if others:
        asked |= {name: ask for name, (program, ask) in OTHERS.items() if program is None or which(program)}
    tables = {
        "derivatives": "".join(GROUPS.values()),
        "formulas": "".join(FORMULAS.values()),
        "antiderivatives": ANTIDERIVATIVES + UNSEEN,
        "antiderivatives of test suites": SUITES,
    }
    totals = {title: Total(asked) for title in tables}
    for title, table in tables.items():
        for row in rows(table):
            if (line := totals[title].add(row)) is not None:
                print(line, flush=True)
    for title, total in totals.items():
        print(*total.lines(title), sep="\n")


if __name__ == "__main__":
    main(others="--all" in sys.argv[1:])
