"""How long closed forms are beside those that books print, and those of SymPy, Maxima and Giac.

python tests/benchmarks/forms.py [--all]
Prints the table, and the forms that are longer than the book's, or than the shortest of the others'. With `--all` the
others are asked too; one that is not installed is left out (Debian packages: maxima, xcas).
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from shutil import which

import sympy
from antiderivatives import ANTIDERIVATIVES
from published import GROUPS

from gradcalc import diff
from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.engines.sympy.closed_form import lowered
from gradcalc.engines.sympy.text import NotExpressible, to_tree
from gradcalc.functions.printer import to_text
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Node, children

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
    found = re.search(r"%o3\)(.*)", _asked(["maxima", "--very-quiet", "--batch-string", command]).replace("\n", ""))
    return found and found[1].replace("%e", "e").replace("%pi", "pi")


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


def compared(
    group: Sequence[Row], answers: Sequence[Callable[[Row], str | None]]
) -> Iterator[tuple[Row, list[str | None]]]:
    """Each row with every answer to it."""
    for row in group:
        yield row, [answer(row) for answer in answers]


def main(*, others: bool) -> None:
    """Print the table, and the forms that are longer than the book's."""
    asked = {"gradcalc": ours}
    if others:
        asked |= {name: ask for name, (program, ask) in OTHERS.items() if program is None or which(program)}
    totals: dict[str, list[int]] = {name: [0, 0] for name in asked}
    count = beaten = 0
    for title, group in (
        *((name, list(rows(table))) for name, table in GROUPS.items()),
        ("all", []),
        ("antiderivatives", list(rows(ANTIDERIVATIVES))),
    ):
        if title in ("all", "antiderivatives"):
            report("all" if title == "all" else title, totals if title == "all" else {}, count, beaten)
        if title == "antiderivatives":
            totals, count, beaten = {name: [0, 0] for name in asked}, 0, 0
        for row, answers in compared(group, list(asked.values())):
            book, lengths = nodes(row.published), [length(one) for one in answers]
            for (name, total), found in zip(totals.items(), lengths, strict=True):
                total[0] += found <= book
                total[1] += found <= 1.25 * book
            count += 1
            best = min(lengths[1:], default=float("inf"))
            beaten += lengths[0] > 1.25 * best
            if lengths[0] > book or lengths[0] > 1.25 * best:
                print(
                    f"{row.expression:<44} {row.by} {row.order}  {answers[0]}  [{lengths[0]}]   book {row.published} [{book}]  {answers[1:] if lengths[0] > 1.25 * best else ''}"
                )
    report("antiderivatives", totals, count, beaten)


def report(title: str, totals: dict[str, list[int]], count: int, beaten: int) -> None:
    """One table."""
    for name, (short, near) in totals.items():
        print(f"{title}: {name:<16}{count:>5}  as short {short / count:>6.1%}  within 1.25 {near / count:>6.1%}")
    if len(totals) > 1:
        print(f"{title}: longer than 1.25 of the best of the others: {beaten} ({beaten / count:.1%})")


if __name__ == "__main__":
    main(others="--all" in sys.argv[1:])
