"""What a LaTeX command applies to, and the brackets that are open meanwhile: a stack in place of recursion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradcalc.base.errors import shortened
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.latex.tables import COMMAND, NUMBER, SIGNED, SYMBOLS
from gradcalc.syntax.latex.text import Text
from gradcalc.syntax.letters import CONSTANT_LETTERS


@dataclass(slots=True)
class Frame:
    """A bracket that is open; `then` writes what its end stands for. A bare argument (`\\sin 2x`) has no `closing`."""

    opening: Span
    closing: str
    then: Callable[[Span], None]
    sized: bool = False  # opened by \left
    compound: bool = False  # a bare argument that began with a fraction, a root or an absolute value


class Arguments(Text):
    """Opens a frame for each bracket and each bare argument, and reads what a command takes in braces."""

    def __init__(self, source: str, functions: frozenset[str], limits: Limits) -> None:
        super().__init__(source, functions, limits)
        self.frames: list[Frame] = []

    def _push(self, frame: Frame) -> None:
        self.frames.append(frame)
        depth = len(self.frames)
        self.limits.require("depth", depth, f"the expression is nested {depth:,} deep", frame.opening)

    def _close_bare(self, span: Span) -> None:
        """End the arguments that have no bracket, such as that of `\\sin 2x`."""
        while self.frames and not self.frames[-1].closing:
            frame = self.frames[-1]
            if not self._after_value():
                typed = self._shown(frame.opening)
                raise self._error(
                    f"`{typed}` is a function and needs an argument", frame.opening, f"write `{typed}(x)`"
                )
            self.frames.pop()
            end = self.tokens[-1].span.end
            frame.then(Span(end, end))

    def _superscript(self, span: Span) -> None:
        self._emit(span, "**")
        self._skip()
        if self._peek() in ("{", "(", "\\"):
            return  # the next group or command is the exponent
        self._argument(span, lambda last: None, "^")

    def _argument(self, owner: Span, then: Callable[[Span], None], script: str = "") -> None:
        """What a command applies to: a group in braces, or one digit, letter or Greek letter."""
        self._skip()
        start, letter = self.position, self._peek()
        matched = COMMAND.match(self.source, start, self.end)
        if letter == "{":
            self._push(Frame(self._to(start + 1), "}", then))
            return
        if matched and matched.group()[1:] in SYMBOLS:
            self._emit(self._to(matched.end()), matched.group()[1:], kind="name")
        elif letter.isalpha():
            self._emit(self._to(start + 1), CONSTANT_LETTERS.get(letter, letter), kind="name")
        elif letter.isascii() and letter.isdigit():
            self._emit(self._to(start + 1), letter)
            if script:
                self._one_digit(script, self.tokens[-1].span)
        else:
            rest = SIGNED.match(self.source, start, self.end)
            hint = f"write `{script}{{{shortened(rest.group())}}}`" if script and rest and rest.group() else None
            raise self._error(f"`{self._shown(owner)}` needs an argument in braces", owner, hint)
        then(self.tokens[-1].span)

    def _one_digit(self, script: str, span: Span) -> None:
        """Raises where a second digit follows: `x^10` is x^1 0 on paper."""
        digits = NUMBER.match(self.source, span.start, self.end)
        if digits and digits.end() > span.end:
            raise self._error(
                f"`{script}` takes one digit only",
                Span(*digits.span()),
                f"write `{script}{{{shortened(digits.group())}}}`",
            )

    def _times(self, span: Span, function: bool = False) -> None:
        """The product sign before something that is no plain factor."""
        if not function:
            self._factor(span, compound=True)
        if self._after_value():
            self._emit(Span(span.start, span.start), "*")

    def _factor(self, span: Span, compound: bool = False) -> None:
        """Raises where it is unclear whether this still belongs to the bare argument before it."""
        frame = self.frames[-1] if self.frames and not self.frames[-1].closing else None
        if frame and self._after_value() and (compound or frame.compound):
            typed = self._shown(frame.opening)
            raise self._error(
                f"it is unclear where the argument of `{typed}` ends", frame.opening.join(span), f"write `{typed}(…)`"
            )
        if frame and compound and self.tokens[-1].text == "(":
            frame.compound = True
