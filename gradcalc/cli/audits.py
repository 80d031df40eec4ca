"""What `gradcalc diff` does with several dtypes, or with a range."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from gradcalc.base.loading import load
from gradcalc.cli.output import Output, form

AUDITED = "gradcalc.answers.audit.range:audited"
FORMATS = "gradcalc.answers.audit.formats:formats"
STEPS = "gradcalc.cli.progress:Steps"


def over_range(out: Output, expression: str, ranges: Sequence[str], **arguments: Any) -> int:
    """Audit a range; the exit code."""
    steps = load(STEPS)() if sys.stderr.isatty() else None
    report = None if steps is None else lambda done, total: steps.report(done, total, f"{done} of {total} points")
    try:
        result = load(AUDITED)(expression, ranges, report=report, **arguments)
    finally:
        if steps is not None:
            steps.close()
    out.write(*(form(f"gradcalc.render.pages.audit:range_{kind}", result) for kind in ("record", "quiet", "document")))
    return 0 if result.verdict == "agree" else 1


def in_formats(out: Output, expression: str, dtypes: Sequence[str], **arguments: Any) -> int:
    """Compare several dtypes; the exit code."""
    result = load(FORMATS)(expression, dtypes, **arguments)
    out.write(
        *(form(f"gradcalc.render.pages.audit:formats_{kind}", result) for kind in ("record", "quiet", "document"))
    )
    return 0 if result.verdict == "agree" else 1
