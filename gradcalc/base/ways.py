"""One way on for each error of the reader whose place says none: what to write instead, by what is wrong."""

from __future__ import annotations

import re

CHOICE = "write `\\begin{cases} x & x > 0 \\\\ 0 & \\text{otherwise} \\end{cases}`"
WAYS = (  # what a message says, in textbook order from the first sign to whole formulas
    (r"^`\|` is never closed$", "an absolute value has two bars: `|x|`"),
    (r"is never closed$", "close it, or leave it out"),
    (r"closes nothing$", "open it before, or leave it out"),
    (r"^the expression is empty$", "write one, such as `x**2`"),
    (r"^expected a value, found (the end|nothing|`\$)", "write what is missing, or leave out the sign before it"),
    (r"^expected a value, found", "write a number, a name or a bracket there, or leave it out"),
    (r"^expected an operator or the end", "write a sign such as `*` there, or a new line for the next statement"),
    (r"^expected an operator or `", "write a sign such as `*` there, or close the bracket before"),
    (r"^expected `,` or", "close the bracket before, or write a comma there"),
    (r"^expected `\\", "close the bracket with its own kind"),
    (r"^expected `", "write it there"),
    (r"^unexpected", "leave it out: the operators are + - * / @ % ^ ! and comparisons"),
    (r"an array has at least one element", "write `[x, y]`"),
    (r"stands directly behind a name", "write `x_{12}`, or a bracket around what is raised"),
    (r"one word of letters and digits", "write `x_{12}` or `x_{max}`"),
    (r"^an accent stands on a name", "write `\\hat{y}`"),
    (r"needs an argument in braces", "write the argument behind it: `\\sqrt{x}`, `\\frac{a}{b}`, `x^{2}`"),
    (r"takes one digit only", "write braces around all of it: `x^{10}`"),
    (r"^nothing stands in the braces", "write `x^{2}`, or leave the braces out"),
    (r"^one value stands between bars", "write bars around each value: `|x| + |y|`"),
    (r"^this norm is not part", "write `\\lVert x\\rVert_{2}`, or 1, \\infty or F below it"),
    (r"^an element has two indices", "write `A_{ij}`"),
    (r"rows of a matrix have one length", "write 0 where nothing stands"),
    (r"entry of the matrix is missing", "write 0 where nothing stands"),
    (r"case has no value|cases are empty|expected a comparison, or", CHOICE),
    (r"takes no `_` here", "write the subscript on the argument"),
    (r"needs a bracket$", "write `\\left( x \\right)`"),
    (r"stands between two expressions", "write `\\frac{a}{b}`"),
    (r"needs what it runs over", "write `\\sum_{i=1}^{3} x_i`"),
    (r"stands before letters", "write `\\mathbf{x}`"),
    (r"needs its size", "write `\\mathbf{1}_{3}`"),
    (r"^complex numbers", "write both parts as formulas of their own"),
    (r"^expectations are not", "write a mean over values: `\\sum_i p_i x_i`"),
    (r"^probabilities are not", "write the formula of the density itself"),
    (r"^this has no terms", "count from the smaller bound to the larger one"),
    (r"how many terms this has", "write the bounds as numbers, or give the array a value"),
    (r"is an array, and a number of its elements", "choose another letter for one of them"),
    (r"^elements are counted from 1", "the first one is `x[1]`"),
    (r"^`nan` is not a number here", "leave it out: what has no value comes out as such"),
    (r"expected a whole number here", "write the number itself, as in `x[1]`"),
    (r"rows of an array have one shape", "give each row as many elements"),
    (r"^`\w*` is not a number here", "write a large number, such as `1e6`"),
    (r"^unknown command", "leave it out, or write what it stands for"),
    (r"^unknown (function|method)", "gradcalc functions lists all there are"),
    (r"^letters side by side", "write a product with a sign between its letters"),
    (r"is not part of the language", "leave it out, or write the formula that it stands for"),
    (r"is not a function", "write a product with `*`"),
    (r"inner dimensions differ", "in `a @ b` the last dimension of a is the first one of b"),
    (r"is given twice", "give it once"),
    (r"^the value is not a real number", "give a finite real number"),
)  # fmt: skip


def way_on(message: str) -> str | None:
    """What to do about an error; None where only the error itself says it."""
    return next((hint for pattern, hint in WAYS if re.search(pattern, message)), None)
