"""Functions in LaTeX, with what stands on them (`\\sin^2 x`, `\\log_b x`), and brackets."""

from __future__ import annotations

from dataclasses import dataclass, field

from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.latex.arguments import Arguments, Frame
from gradcalc.syntax.latex.tables import BRACKETS, GROUP
from gradcalc.syntax.tokens import Token


@dataclass(slots=True)
class Applied:
    """A function that waits for its argument, with what stands on it: `\\log_2^3`."""

    name: str
    span: Span
    scripts: dict[str, list[Token]] = field(default_factory=dict)


class Functions(Arguments):
    """Applies a function to the bracket that follows it, or to a bare argument."""

    def __init__(self, source: str, functions: frozenset[str], limits: Limits) -> None:
        super().__init__(source, functions, limits)
        self.pending: Applied | None = None  # its argument is the group that opens next

    def _function(self, name: str, span: Span) -> None:
        if self._after_value():
            self._close_bare(span)
        self._scripts(Applied(name, span))

    def _scripts(self, applied: Applied) -> None:
        """What stands on the function, then its argument."""
        self._skip()
        mark, script, start = len(self.tokens), self._peek(), self.position
        if script not in ("_", "^") or not script:
            self._apply(applied)
            return
        if script in applied.scripts or (script == "_" and applied.name != "log"):
            raise self._error(f"`{self._shown(applied.span)}` takes no `{script}` here", Span(start, start + 1))

        def read(closing: Span) -> None:
            applied.scripts[script] = self._cut(mark)
            self._scripts(applied)

        self.position += 1
        self._argument(Span(start, start + 1), read, script)

    def _apply(self, applied: Applied) -> None:
        typed, power = self._shown(applied.span), [t for t in applied.scripts.get("^", []) if t.text not in ("(", ")")]
        if "^" in applied.scripts and [token.kind for token in power] != ["number"]:
            place = Span(applied.span.start, len(self.source[: self.position].rstrip()))
            hint = f"write `{typed}(x)^{{…}}`, or the name of the inverse function"
            raise self._error(f"a power of `{typed}` itself is ambiguous", place, hint)
        applied.scripts["^"] = power
        base = "".join(token.text for token in applied.scripts.get("_", []) if token.text not in ("(", ")"))
        if base in ("2", "10"):
            applied.name += base
            del applied.scripts["_"]
        if GROUP.match(self.source, self.position, self.end):
            self.pending = applied
        else:
            self._open(applied)
            self._push(Frame(applied.span, "", lambda last: self._applied(applied, last)))

    def _open(self, applied: Applied) -> None:
        self._times(applied.span, function=True)
        self._emit(applied.span, *("(" for script in applied.scripts.values() if script))
        self._emit(applied.span, applied.name, kind="name")
        self._emit(Span(applied.span.end, applied.span.end), "(")

    def _applied(self, applied: Applied, closing: Span) -> None:
        self._emit(closing, ")")
        if base := applied.scripts.get("_"):
            self._emit(closing, "/")
            self._emit(closing, "log", kind="name")
            self._emit(closing, "(")
            self.tokens.extend(base)
            self._emit(closing, ")", ")")
        if power := applied.scripts.get("^"):
            self._emit(closing, "**")
            self.tokens.extend(power)
            self._emit(closing, ")")

    def _bracket(self, bracket: str, span: Span, side: str = "") -> None:
        """Open or close; `|` alone closes where a value stands before it and a `|` is open."""
        bar = (
            next((frame.closing for frame in reversed(self.frames) if frame.closing), "") == "|" and self._after_value()
        )
        opens = bracket in BRACKETS or bracket == "{"
        if bracket in ("|", "\\vert"):
            opens = {"open": True, "l": True, "close": False, "r": False}.get(side, not bar)
        sized = side in ("open", "close")
        if not opens:
            self._close("|" if bracket == "\\vert" else bracket, span, sized)
            return
        closing, function = BRACKETS.get(bracket, ("}", ""))
        applied, self.pending = self.pending, None
        if applied and not function:
            self._open(applied)
            self._push(Frame(span, closing, lambda last: self._applied(applied, last), sized))
            return
        if function or bracket == "{":
            self._times(span)
        else:
            self._factor(span, compound=True)
        if function:
            self._emit(span, function, kind="name")
        self._emit(span, "(")
        self._push(Frame(span, closing, lambda last: self._emit(last, ")"), sized))

    def _close(self, bracket: str, span: Span, sized: bool) -> None:
        self._close_bare(span)
        if not self.frames:
            raise self._error(f"`{self._shown(span)}` closes nothing", span)
        frame = self.frames[-1]
        if frame.closing != bracket or frame.sized != sized:
            wanted = ("\\right" if frame.sized else "") + frame.closing
            raise self._error(f"expected `{wanted}`, found `{self._shown(span)}`", frame.opening.join(span))
        self.frames.pop()
        frame.then(span)
