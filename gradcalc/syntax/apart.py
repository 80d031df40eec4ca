"""Words that were run together: `sinx` for `sin(x)`, `xsinxcosx`, `xy` for a product."""

from __future__ import annotations

import re
from collections.abc import Collection

from gradcalc.syntax.letters import GREEK, canonical

LONGEST = 40  # letters
WORDS = frozenset({  # that begin like a function and mean something else
    "cost", "cosy", "sink", "sing", "sine", "sins", "sinh", "tank", "tang", "tans", "logs", "logo", "loge", "logn",
    "expo", "sect", "secs", "cots", "logp", "logq", "logz",
})  # fmt: skip
LETTER = rf"(?:{'|'.join(sorted(GREEK, key=len, reverse=True))}|[^\W\d_])"
USUAL = frozenset("xyztθ")  # what stands before a function rather than the letters of a word


def functions_inside(name: str, functions: Collection[str]) -> str | None:
    """What a name says in which functions are run together with their arguments: `sin(x)*cos(x)`; None where none are.

    Each argument is a letter, a Greek letter's name, or a number with one behind it.
    """
    if (
        not functions
        or len(name) > LONGEST
        or name in WORDS
        or name in functions
        or not name.isalnum()
        or canonical(name) is None
    ):
        return None
    called = "|".join(sorted(functions, key=len, reverse=True))
    shape = re.compile(rf"({called})([0-9]*{LETTER})")
    parts, position = [], 0
    arguments = {found[2][-1] for found in shape.finditer(name)}
    while position < len(name):
        found = shape.match(name, position)
        if found is None and name[position] in USUAL | arguments and position < len(name) - 1:
            parts.append(name[position])
            position += 1
        elif found is None:
            return None
        else:
            number = re.match(r"[0-9]*", found[2])
            argument = "*".join(filter(None, (number[0] if number else "", found[2].lstrip("0123456789"))))
            parts.append(f"{found[1]}({argument})")
            position = found.end()
    return "*".join(parts) if arguments else None


def product_inside(name: str, known: Collection[str]) -> list[str] | None:
    """The known names that a name is made of, side by side: x and y in `xy`; None where it is not made of them."""
    ways: list[list[str] | None] = [[]]
    for end in range(1, min(len(name), LONGEST) + 1):
        starts = (start for start in range(end) if ways[start] is not None and name[start:end] in known)
        ways.append(next(([*(ways[start] or []), name[start:end]] for start in starts), None))
    return ways[-1] if len(name) == len(ways) - 1 and len(ways[-1] or []) > 1 else None
