"""Formulas as people write them, with something changed in them: each is read in one way, or refused in helpful words.

    python -m tests.fuzz.mutants SECONDS [SEED]

prints what breaks a property, and goes on.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

from gradcalc.base.errors import GradcalcError, LimitError
from gradcalc.base.limits import Limits
from gradcalc.functions import VOCABULARY
from gradcalc.functions.printer import to_text
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem
from gradcalc.render.error import render as error_text
from gradcalc.syntax.parser import parse
from gradcalc.syntax.tree import Call, Node, Number, postorder
from tests.syntax.corpora import table
from tests.syntax.hints import proposals

LIMITS = Limits(nodes=2_000, digits=200)
TOLD = 10_000  # texts, after which it is told how far the hunt is
SLOW = 2.0  # seconds that no text of this length may take
FORMULAS = [one.text for name in ("latex", "typed") for one in table(name)]
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\W\d_]+|\d+(?:\.\d+)?|\s|.", re.DOTALL)
TOKENS = sorted({token for text in FORMULAS for token in TOKEN.findall(text)})
WRAPPED = ("${}$", "\\[{}\\]", "\\left({}\\right)", "{{{}}}", "({})", "-{}", "y = {}", "sin({})", "\\sum_i {}", "|{}|")


def cut(parts: list[str], chance: random.Random) -> list[str]:
    """Without a piece."""
    start = chance.randrange(len(parts))
    return parts[:start] + parts[start + chance.randint(1, 4) :]


def doubled(parts: list[str], chance: random.Random) -> list[str]:
    """With a piece twice."""
    start = chance.randrange(len(parts))
    return parts[:start] + 2 * parts[start : start + chance.randint(1, 4)] + parts[start:]


def replaced(parts: list[str], chance: random.Random) -> list[str]:
    """With another word in place of one."""
    start = chance.randrange(len(parts))
    return [*parts[:start], chance.choice(TOKENS), *parts[start + 1 :]]


def inserted(parts: list[str], chance: random.Random) -> list[str]:
    """With another word in between."""
    start = chance.randint(0, len(parts))
    return [*parts[:start], chance.choice(TOKENS), *parts[start:]]


def swapped(parts: list[str], chance: random.Random) -> list[str]:
    """With two words in each other's places."""
    one, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    made = list(parts)
    made[one], made[other] = made[other], made[one]
    return made


def joined(parts: list[str], chance: random.Random) -> list[str]:
    """With another formula's end."""
    other = TOKEN.findall(chance.choice(FORMULAS))
    return parts[: chance.randint(0, len(parts))] + other[chance.randint(0, len(other)) :]


def wrapped(parts: list[str], chance: random.Random) -> list[str]:
    """Inside of something."""
    return [chance.choice(WRAPPED).format("".join(parts))]


def foreign(parts: list[str], chance: random.Random) -> list[str]:
    """With a character from anywhere."""
    start = chance.randint(0, len(parts))
    return [*parts[:start], chr(chance.choice((chance.randrange(128), chance.randrange(0x3000)))), *parts[start:]]


CHANGES: tuple[Callable[[list[str], random.Random], list[str]], ...] = (
    cut, doubled, replaced, inserted, swapped, joined, wrapped, foreign,
)  # fmt: skip


def mutant(chance: random.Random) -> str:
    """A formula with one to three changes, a row of words, or bytes."""
    kind = chance.random()
    if kind < 0.05:
        return chance.randbytes(chance.randint(1, 40)).decode("utf-8", "replace")
    if kind < 0.2:
        return "".join(chance.choices(TOKENS, k=chance.randint(1, 12)))
    parts = TOKEN.findall(chance.choice(FORMULAS))
    for _ in range(chance.randint(1, 3)):
        parts = chance.choice(CHANGES)(parts, chance) or ["x"]
    return "".join(parts)


def faults(text: str) -> Iterator[str]:
    """What is wrong with how a text is read, if anything is."""
    try:
        problem = pose(text, LIMITS)
    except GradcalcError as error:
        yield from refusal(text, error)
        return
    yield from other_ways(text, problem)


def refusal(text: str, error: GradcalcError) -> Iterator[str]:
    """An error shows its place in the text, and proposes what is read."""
    shown = error_text(error.located(text))
    if not all(letter.isprintable() or letter == "\n" for letter in shown):
        yield f"the message cannot be shown: {shown!r}"
    if error.span is not None and not 0 <= error.span.start <= error.span.end <= len(text):
        yield f"the place is outside of the text: {error.span}"
    own = error.message.startswith("a derivative")  # proposes what stands behind `d/dx`, whatever it is
    for proposal in [] if own else proposals(error.hint or ""):
        if re.split(r"\\cdot |\*(?=[(])", proposal, maxsplit=1)[-1] in text:
            continue  # a bracket as it was typed, whatever is in it
        try:
            parse(proposal, VOCABULARY, LIMITS)
        except GradcalcError as other:
            yield f"{error.message!r} proposes `{proposal}`: {other.message!r}"


def other_ways(text: str, problem: Problem) -> Iterator[str]:
    """What is printed is read as the same, and so is the text with the shapes that were assumed."""
    try:
        stated = pose(text, LIMITS, shape=problem.assumed) if problem.assumed else problem
    except GradcalcError as error:
        if "is one name" not in error.message:  # which is pointed at where its letters have shapes
            yield f"with the shapes that are assumed: {error.message!r}"
        return
    if not same(stated.root, problem.root):
        yield f"with the shapes that are assumed it is {to_text(stated.root)}, else {to_text(problem.root)}"
    printed = to_text(problem.root)
    try:
        again = pose(printed, LIMITS, shape=problem.shapes, wrt=[*problem.names])
    except LimitError:
        return
    except GradcalcError as error:
        yield f"`{printed}`, as it is read, is no formula: {error.message!r}"
        return
    if not same(again.root, problem.root):
        yield f"`{printed}`, as it is read, is read as `{to_text(again.root)}`"


def same(one: Node, other: Node) -> bool:
    """Are two trees equal, however deep they are, and whatever they share?"""
    kinds: dict[object, int] = {}
    found: dict[int, int] = {}
    for node in postorder(one, other):
        if isinstance(node, Call):
            label: object = node.function, tuple(found[id(child)] for child in node.arguments)
        else:
            label = type(node).__name__, node.value if isinstance(node, Number) else node.name
        found[id(node)] = kinds.setdefault(label, len(kinds))
    return found[id(one)] == found[id(other)]


def hunt(seconds: float, seed: int) -> None:
    """Print what is wrong with mutants, for so many seconds of processor time."""
    chance = random.Random(seed)
    count: Counter[str] = Counter()
    end = time.process_time() + seconds
    while time.process_time() < end:
        text = mutant(chance)
        start = time.process_time()
        try:
            found = list(faults(text))
        except Exception as error:  # whatever comes out of it is a finding
            found = [f"{type(error).__name__}: {error}"]
        if time.process_time() - start > SLOW:
            found.append("it takes too long")
        count.update(texts=1, findings=len(found))
        for one in found:
            print(repr(text), one, sep="\n    ", flush=True)
        if count["texts"] % TOLD == 0:
            print(f"{count['texts']:,} texts", flush=True)
    print(f"{count['texts']:,} texts, {count['findings']} findings", flush=True)


if __name__ == "__main__":
    hunt(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
