"""A result as Python and notebooks show it: text as wide as a page, LaTeX where it is a formula, HTML."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

from gradcalc.base.errors import UsageError
from gradcalc.base.printing import Printed
from gradcalc.files.access import require_free, write_whole
from gradcalc.render.formats import text
from gradcalc.render.plot.suffixes import require_suffix

LIST = r"\begin{enumerate}"  # which is no formula: what typesets those in a notebook knows no lists


def shown(result: object, form: str) -> str | None:
    """A result as `text`, `latex` or `html`; None where it has no such form."""
    return FORMS[form](result)


def to_json(result: Printed) -> str:
    """What the command of a result prints with `--json`: one object, strict RFC 8259, its keys those of `schema`.

        json.loads(gradcalc.to_json(gradcalc.diff("x**2", at=3)))["gradient"]["x"]["symbolic"]  # 6.0

    A number that is not finite is "NaN", "Infinity" or "-Infinity". Raises TypeError at what is no result.
    """
    if not isinstance(result, Printed):
        raise TypeError(f"expected a result of gradcalc, found {type(result).__name__}")
    return text(result, "json").rstrip("\n")


def save(result: Any, file: PathLike[str] | str, *, dark: bool, force: bool) -> None:
    """Draw a picture in a file. Raises UsageError or FileError."""
    from gradcalc.render.plot.matplotlib import draw  # here, as most results are no pictures

    path = Path(file)
    require_suffix(path)
    require_free(path, force=force)
    write_whole(path, draw(result, path.suffix.lower(), dark=dark), force=force)


def _text(result: object) -> str:
    return text(result, "printed")


def _latex(result: object) -> str | None:
    """The formulas, displayed; None where there are none."""
    try:
        written = text(result, "latex")
    except UsageError:  # this kind of result, or just this one, has no formula
        return None
    return None if LIST in written else f"$$\n{written.strip()}\n$$"


def _html(result: object) -> str:
    return text(result, "fragment")


FORMS = {"text": _text, "latex": _latex, "html": _html}
