"""What has been defined at the prompt, and the program that an expression becomes with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gradcalc import api
from gradcalc.base.errors import UsageError
from gradcalc.base.limits import current
from gradcalc.problem import resolve

DEFINITION = re.compile(r"\s*([^\W\d]\w*)\s*(\([^()]*\))?\s*=(?!=)\s*(.+)", re.DOTALL)
WORD = re.compile(r"[^\W\d]\w*")
OWN = re.compile(r"(?:^|[;\n])\s*([^\W\d]\w*)\s*(?:\([^()]*\))?\s*=(?!=)")  # what a program defines itself
LAST = "_"


@dataclass(slots=True)
class Notes:
    """Formulas and functions by name, each as its whole statement; values of variables; the program asked last."""

    formulas: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    last: str | None = None

    def define(self, line: str) -> str | None:
        """Take a definition down, as `f = x^2*y` or `x = 3`; the name, or None where the line is none.

        Raises what reading the right side raises.
        """
        found = DEFINITION.fullmatch(line)
        if found is None:
            return None
        name, parameters, text = found.groups()
        text = self.expanded(text)
        self.formulas.pop(name, None)
        self.values.pop(name, None)
        if parameters is None and not self.variables(text):
            self.values[name] = text
        else:
            self.formulas[name] = f"{name}{parameters or ''} = {text}"
        return name

    def program(self, text: str) -> str:
        """An expression with the definitions that it uses before it. Raises UsageError where they go in a circle."""
        text = self.expanded(text)
        if text in self.formulas and "(" not in self.formulas[text].partition("=")[0]:
            return "; ".join([*self._before(self.formulas[text], (text,)), self.formulas[text]])
        return "; ".join([*self._before(text, (), OWN.findall(text)), text])

    def expanded(self, text: str) -> str:
        """The text with the derivative found last in place of `_`. Raises UsageError where there is no one such."""
        if LAST not in WORD.findall(text):
            return text
        if self.last is None:
            raise UsageError("there is no last result yet", hint="`_` stands for the derivative of the line before")
        rows = api.diff(self.last).gradient
        formulas = [row.formula for row in rows.values()]
        if len(formulas) != 1 or formulas[0] is None:
            raise UsageError("the last result is not one formula", hint="`_` needs a line with one variable before it")
        if text.strip() == LAST:
            return formulas[0]
        return re.sub(rf"\b{LAST}\b", f"({formulas[0]})", text)

    def point(self, program: str, without: Mapping[str, object]) -> str | None:
        """The point of a program by the values that there are; None where one is missing. `without` has its own."""
        names = [name for name in self.variables(program) if name not in without]
        known = [f"{name}={self.values[name]}" for name in names if name in self.values]
        return ",".join(known) if known and len(known) == len(names) else None

    def variables(self, text: str) -> tuple[str, ...]:
        """The variables of an expression. Raises GradcalcError where it cannot be read."""
        return tuple(resolve.read(text, current()).variables)

    def _before(self, text: str, above: tuple[str, ...], own: Sequence[str] = ()) -> Iterator[str]:
        """The definitions that a text uses, each after those that it uses itself; not of names that are its `own`."""
        told: set[str] = set()
        for name in dict.fromkeys(one for one in WORD.findall(text) if one not in own):
            if name in above and name != above[-1]:
                raise UsageError(f"`{name}` is defined by itself", hint=f"define `{name}` anew")
            if name in self.formulas and name not in above:
                statements = [*self._before(self.formulas[name], (*above, name)), self.formulas[name]]
                yield from (one for one in statements if one not in told)
                told |= set(statements)
