"""What to write instead of what cannot be read, where several errors have the same way on, or long ones."""

from __future__ import annotations

ACCENT = "write `\\hat{y}`"
ARGUMENT = "write the argument behind it: `\\sqrt{x}`, `\\frac{a}{b}`, `x^{2}`"
BEHIND = "write `x_{12}`, or a bracket around what is raised"
BEYOND = "leave it out, or write the formula that it stands for"
BRACKET = "write `\\left( x \\right)`"
CASES = "write `\\begin{cases} x & x > 0 \\\\ 0 & \\text{otherwise} \\end{cases}`"
COMMA = "close the bracket before, or write a comma there"
COUNTED = "the first one is `x[1]`"
FUNCTIONS = "gradcalc functions lists all there are"
LEAVE_OUT = "leave it out: the operators are + - * / @ % ^ ! and comparisons"
MISSING = "write what is missing, or leave out the sign before it"
OPEN = "open it before, or leave it out"
OPERATOR = "write a sign such as `*` there, or close the bracket before"
OTHER_LETTER = "choose another letter for one of them"
OWN_KIND = "close the bracket with its own kind"
PARTS = "write both parts as formulas of their own"  # of complex numbers
PRODUCT = "write a product with a sign between its letters"
STATEMENT = "write a sign such as `*` there, or a new line for the next statement"
SUM = "write `\\sum_{i=1}^{3} x_i`"
VALUE = "write a number, a name or a bracket there, or leave it out"
WORD = "write `x_{12}` or `x_{max}`"
ZERO = "write 0 where nothing stands"


def closing(opened: str) -> str:
    """What to do about a bracket that is never closed."""
    return "an absolute value has two bars: `|x|`" if opened == "|" else "close it, or leave it out"
