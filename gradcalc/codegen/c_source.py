"""A program in C: the function, and one that writes its gradient."""

from __future__ import annotations

from collections.abc import Sequence

from gradcalc.base.words import untaken
from gradcalc.calculus.straight_line import numbered
from gradcalc.codegen.c import HELPERS, KEYWORDS, C
from gradcalc.codegen.language import Spelled, imported, with_helpers
from gradcalc.codegen.lines import block
from gradcalc.codegen.program import Program, read_names
from gradcalc.syntax.tree import Node

INDENT = "    "
GRADIENT = "gradient"


def source(program: Program) -> str:
    """The program as a file. Raises UsageError where a function has no spelling."""
    value, partials = program.over(C.spelled_out)
    taken = {*KEYWORDS, *HELPERS, *C.functions, *map(str, C.functions.values())}
    names: dict[str, str] = {}
    for one in program.inputs:
        spelled = one if one.isascii() else f"v{len(names) + 1}"
        names[one] = untaken([spelled], {*taken, *names.values()})
    name = untaken([program.name], {*taken, *names.values()})
    given = ", ".join(f"double {one}" for one in names.values())
    known = [one for one in partials.values() if one is not None]
    alone = len(known) == 1
    written = untaken([GRADIENT], {*names.values()})
    results = ["return {};"] if alone else [f"{written}[{place}] = {{}};" for place in range(len(known))]
    head = f"double grad_{name}({given})" if alone else f"void grad_{name}({given}, double {written}[{len(known)}])"
    body = "\n\n".join(
        [
            _defined([program.about], f"double {name}({given})", [value], names, ["return {};"]),
            _defined(program.derivatives, head, known, names, results),
        ]
    )
    helpers = with_helpers(C, body)
    text = "\n\n".join([*helpers, body])
    about = f"/* {program.about}, and its gradient; written by gradcalc. */"
    return "\n".join([about, *imported(C, text), "", text, ""])


def _defined(
    about: Sequence[str], head: str, roots: Sequence[Node], names: dict[str, str], results: Sequence[str]
) -> str:
    """A definition with its comment."""
    whole = numbered(roots)
    lines, pieces = block(whole, Spelled(C), names)
    unread = [f"(void){one};" for name, one in names.items() if name not in read_names(whole)]
    last = [result.format(piece.text) for result, piece in zip(results, pieces, strict=True)]
    comment = "\n   ".join(about)
    return "\n".join([f"/* {comment} */", head, "{", *(f"{INDENT}{one}" for one in (*unread, *lines, *last)), "}"])
