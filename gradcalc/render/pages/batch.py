"""The answer to a line of a batch, as a line: the record of a comparison or of an error, with the line's `id`."""

from __future__ import annotations

from gradcalc.jobs.batch import Outcome
from gradcalc.render import json


def line(outcome: Outcome) -> bytes:
    """One record as one line of UTF-8."""
    if outcome.error is None:
        record = json.plain(outcome.comparison)
    else:
        record = json.error(outcome.error) | {"line": outcome.line}
    return json.render(dict(outcome.given) | record).encode()
