"""The answer to a line of a batch, as a line: the record of a comparison or of an error, with the line's `id`."""

from __future__ import annotations

from gradcalc.jobs.batch import Outcome
from gradcalc.render import json
from gradcalc.render.pages import comparison_json


def line(outcome: Outcome) -> bytes:
    """One record as one line of UTF-8."""
    if outcome.comparison is not None:
        record = comparison_json.comparison(outcome.comparison)
    else:
        assert outcome.error is not None
        record = json.error(outcome.error) | {"line": outcome.line}
    return json.render({"schema": json.SCHEMA} | dict(outcome.given) | record).encode()
