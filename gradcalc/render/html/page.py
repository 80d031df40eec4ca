"""A result as one page to share: nothing in it comes from elsewhere, and everything of the user's is escaped."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from gradcalc import __version__
from gradcalc.answers.audit.range import Ranges
from gradcalc.answers.audit.records import CodeAudit
from gradcalc.answers.records import Comparison
from gradcalc.base.loading import loading
from gradcalc.render.document import GOOD, Sheet, Verbatim
from gradcalc.render.error import visible
from gradcalc.render.graph import code_drawing
from gradcalc.render.graph.drawing import drawing
from gradcalc.render.html import graph
from gradcalc.render.html.blocks import Setting
from gradcalc.render.html.elements import wide
from gradcalc.render.html.equations import block
from gradcalc.render.latex.comparison import named_in
from gradcalc.render.pages import plot as plots
from gradcalc.render.words import one_line

FIGURES: dict[str, Callable[[Any, Setting], str]] = {
    "Graph": lambda result, setting: graph.figure(drawing(result), setting),
    "Ranges": lambda result, setting: _plotted(result, setting),
    "CodeGraph": lambda result, setting: graph.figure(code_drawing.drawing(result), setting),
}
FORMULAS, LONGEST = "Formulas", 20_000  # characters of LaTeX that are set
POLICY = "default-src 'none'; img-src data:; style-src {}; script-src {}"
RIGHT = frozenset(("agree", "right"))
LISTS = "\\begin{enumerate}"  # LaTeX that is a page of its own, with words


def page(sheet: Sheet) -> str:
    """The whole page."""
    title = ": ".join(filter(None, (sheet.title, _subject(sheet))))
    policy = POLICY.format(_hash(style()), _hash(script()))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="gradcalc {__version__}">
<meta name="color-scheme" content="light dark">
<title>{escape(title, quote=False)}</title>
<link rel="icon" href="data:,">
<style>{style()}</style>
</head>
<body>
<main class="gradcalc">
{_body(sheet, 1)}
</main>
<footer class="gradcalc"><p>Written by gradcalc {__version__}.</p></footer>
<script>{script()}</script>
</body>
</html>
"""


def fragment(sheet: Sheet) -> str:
    """What stands in the page, with its style, for a place inside another page."""
    styled = f"<style>{style()}</style>\n"
    return f'<div class="gradcalc">\n{styled}{_body(sheet, 3)}\n<script>{script()}</script>\n</div>\n'


@cache
def style() -> str:
    """The style of every page."""
    return Path(__file__).with_name("page.css").read_text("utf-8")


@cache
def script() -> str:
    """What every page does: it follows a graph."""
    return Path(__file__).with_name("page.js").read_text("utf-8")


def _hash(text: str) -> str:
    """What a policy knows an element by: nothing else runs, whatever may stand in the page."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _subject(sheet: Sheet) -> str:
    """What the page is about: the expression as it was given, or the code."""
    told = (getattr(sheet.result, name, None) for name in ("audit", "first", "tracked"))
    for one in (sheet.result, *told):
        if isinstance(text := getattr(one, "expression", None) or getattr(one, "target", None), str):
            return visible(one_line(text))
    return ""


def _body(sheet: Sheet, level: int) -> str:
    return "\n".join((_header(sheet, level), *_parts(sheet, level + 1)))


def _header(sheet: Sheet, level: int) -> str:
    subject, verdict = _subject(sheet), sheet.result.verdict
    about = f'\n<p class="subject"><code>{escape(subject)}</code></p>' if subject else ""
    tone = GOOD if verdict in RIGHT else "bad"
    judged = f'\n<p class="verdict {tone}">Verdict: <strong>{escape(verdict)}</strong></p>' if verdict else ""
    return f"<header>\n<h{level}>{sheet.title}</h{level}>{about}{judged}\n</header>"


def _parts(sheet: Sheet, level: int) -> Iterator[str]:
    """The figure, the formulas, and the blocks of the page."""
    setting = _setting(sheet.result, level)
    if (draw := FIGURES.get(type(sheet.result).__name__)) is not None:
        yield draw(sheet.result, setting)
    latex = sheet.latex or ""
    if len(latex) > LONGEST:
        yield "<p>The formulas are too long to be set; --latex prints them.</p>"
    elif any(not line.startswith("%") for line in latex.splitlines()) and not latex.startswith(LISTS):
        yield setting.titled(FORMULAS, wide(block(latex), FORMULAS))
    yield from map(setting.block, sheet.document.blocks)


def _plotted(result: Ranges, setting: Setting) -> str:
    """The curves over the range that was audited."""
    with loading():
        from gradcalc.answers.plot.asking import over  # here, as few pages are of ranges
    plot = over(result.expression, result.box, result.others)
    if plot is None:
        return ""
    return "\n".join(setting.block(one) for one in plots.document(plot).blocks if isinstance(one, Verbatim))


def _setting(result: Any, level: int) -> Setting:
    """The names that formulas of a result are in, and the shapes of those that are arrays."""
    told = (getattr(result, name, None) for name in ("at", "gradient", "box", "fixed"))
    names = frozenset(name for one in told if isinstance(one, Mapping) for name in one)
    formula = result.formula if isinstance(result, CodeAudit) else None
    shown = result if formula is None else formula.shown
    own, shapes = named_in(shown) if isinstance(shown, Comparison) else ([], {})
    return Setting(names.union(own), shapes, level)
