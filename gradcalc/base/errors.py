"""Everything that can go wrong for a user, one class per remedy; each knows its exit code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from gradcalc.base.span import Span
from gradcalc.base.spelling import beginning, nearest

LONGEST_QUOTE = 40  # characters


class GradcalcError(Exception):
    """Base of every error that a user can meet.

    `message` is one lower-case clause; `source` is the text that `span` points into, and `also` where there are two
    places; `hint` says what to do.
    """

    kind: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 2

    def __init__(
        self,
        message: str,
        *,
        span: Span | None = None,
        also: Span | None = None,
        source: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.also = also
        self.source = source
        self.hint = hint
        if hint is not None:
            self.add_note(f"hint: {hint}")  # under the message in a traceback

    def located(self, source: str) -> GradcalcError:
        """The same error, with the text that its span points into."""
        if self.source is None:
            self.source = source
        return self


class ExpressionSyntaxError(GradcalcError):
    """The text is not an expression; the remedy is to correct it at the carets."""

    kind = "syntax"


class UnknownNameError(GradcalcError):
    """An unknown function, or a name defined twice or too late."""

    kind = "name"


class PointError(GradcalcError):
    """The point does not fit the expression: a value missing, unknown, or out of range."""

    kind = "point"


class ShapeError(GradcalcError):
    """Arrays whose shapes do not fit; `sizes` are the two dimensions that would have to be equal, where that is all."""

    kind = "shape"
    sizes: tuple[int | str, ...] = ()


class UsageError(GradcalcError):
    """The command line, or the arguments of the Python API, do not fit together."""

    kind = "usage"


class SeveralError(UsageError):
    """Code returns several tensors, or none; `results` are the names of those that have a gradient."""

    def __init__(self, message: str, *, hint: str | None = None, results: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.results = results


class MissingProgramError(GradcalcError):
    """A program that draws or converts is not installed; the remedy is to install it."""

    kind = "program"


class FileError(GradcalcError):
    """A file cannot be read or written."""

    kind = "file"


class UserCodeError(GradcalcError):
    """The user's own code raised, or ended the program; the remedy is in that code."""

    kind = "code"


class LineError(GradcalcError):
    """A line of a file is not what the command reads: the remedy is to correct that line."""

    kind = "line"


class LimitError(GradcalcError):
    """A budget was used up: time, size or digits; the message names the option that raises it."""

    kind = "limit"
    exit_code = 3


class InternalError(GradcalcError):
    """A bug of gradcalc's own; the remedy is to report it. The exit code is EX_SOFTWARE of sysexits.h."""

    kind = "internal"
    exit_code = 70


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint that names the known word nearest to `word`, or None where none is near."""
    words = list(known)
    near = nearest(word, words) or beginning(word, words)
    return f"did you mean `{near}`?" if near else None


def one_of(word: str, known: Iterable[str]) -> str:
    """A hint that names the known word nearest to `word`, or all of a few."""
    return did_you_mean(word, known) or f"one of {', '.join(known)}"


def shortened(text: str, longest: int = LONGEST_QUOTE) -> str:
    """A user's text for a message, cut where it is very long."""
    return text if len(text) <= longest else text[:longest] + "…"
