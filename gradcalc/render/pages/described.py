"""One function of the catalogue in full, on a screen of eighty columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcalc.answers.described import Described
from gradcalc.base.words import listed
from gradcalc.functions import Function
from gradcalc.functions.array_function import ArrayFunction
from gradcalc.functions.function import BLOCKS, NO_GRADIENT, UNKNOWN, Rule, rule
from gradcalc.render.conditions import in_words
from gradcalc.render.document import Document, Verbatim
from gradcalc.render.json import plain
from gradcalc.render.pages.catalogue import domain
from gradcalc.render.wrapped import SCREEN, beside, broken
from gradcalc.syntax.tree import free_names, postorder

record = plain
LABELS = 13  # columns
LETTERS = {  # of rules
    "g": "g is the gradient that flows in from above", "out": "out the function's own value",
    "n": "n the number of elements averaged, or of rows",
}  # fmt: skip
WITHOUT = {
    NO_GRADIENT: "no gradient flows to it", UNKNOWN: "gradcalc knows no rule for it",
    BLOCKS: "block by block",
}  # fmt: skip


def document(found: Described) -> Document:
    """The page."""
    row = found.row
    lines = [line for label, texts in _facts(found) for line in beside(label, texts, LABELS)]
    note = [] if row.note is None else ["\n".join(broken(row.note, SCREEN, ""))]
    legend = "\n".join(broken("; ".join(_letters(row)), SCREEN, ""))
    return Document(tuple(map(Verbatim, filter(None, (found.signature, *note, "\n".join(lines), legend)))))


def quiet(found: Described) -> str:
    """The rules alone, one a line."""
    return "".join(f"{text or ''}\n" for text in found.row.texts)


def _facts(found: Described) -> Iterator[tuple[str, list[str]]]:
    """What there is to say, under labels."""
    row = found.row
    if row.aliases:
        yield "other names", [", ".join(row.aliases)]
    if row.definition is not None:
        yield "definition", [row.definition]
    if isinstance(row, ArrayFunction) and row.shape:
        yield "shapes", [one.text for one in row.signatures]
    yield "gradient", list(_rules(row.parameters, row.vjp))
    for shape, rules in row.others.items() if isinstance(row, ArrayFunction) else ():
        yield f"  {shape}", list(_rules(row.parameters, rules))
    if row.domain is not None or not isinstance(row, ArrayFunction):
        yield "domain", [domain(row), *([] if row.needs is None else [f"({row.needs})"])]
    for label, text in (("kink", row.kink), ("pole", row.pole)):
        if text is not None:
            yield label, [in_words(rule(text))]
    yield "torch", list(found.torch) or ["none"]
    if found.torch and found.without:
        yield "", [f"without a gradient by {listed(found.without)}"]
    command, _, point = found.example.partition(" --at ")
    one_line = len(found.example) <= SCREEN - LABELS
    yield "for example", [found.example] if one_line else [f"{command} \\", f"    --at {point}"]


def _rules(names: Sequence[str], rules: Sequence[Rule]) -> Iterator[str]:
    """The rule for each parameter, or why there is none."""
    for name, text in zip(names, rules, strict=True):
        said = text if isinstance(text, str) else WITHOUT[text]
        yield said if len(names) == 1 else f"{name}: {said}"


def _letters(row: Function) -> list[str]:
    """What the letters mean that the rules use beside the parameters."""
    others = row.others.values() if isinstance(row, ArrayFunction) else ()
    used = {
        name for rules in (row.vjp, *others) for text in rules if isinstance(text, str)
        for name in free_names(postorder(rule(text)))
    }  # fmt: skip
    return [meaning for letter, meaning in LETTERS.items() if letter in used - set(row.parameters)]
