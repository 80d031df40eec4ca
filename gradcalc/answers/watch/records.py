"""What a watched training run stops with."""

from __future__ import annotations

from pathlib import Path

from gradcalc.answers.audit.records import CodeAudit
from gradcalc.base.errors import GradcalcError


class NotFiniteError(GradcalcError):
    """A loss or a gradient is not finite; the remedy is in the line that the audit of that batch blames.

    `step` counts from 1 the calls of the watched step, `saved` is the file with batch, weights and random state, and
    `command` the command line that makes the same audit of it; None where nothing was saved.
    """

    kind = "not-finite"

    def __init__(self, message: str, step: int, audit: CodeAudit, saved: Path | None, command: str | None) -> None:
        super().__init__(message)
        self.step, self.audit, self.saved, self.command = step, audit, saved, command

    def __str__(self) -> str:
        again = "" if self.command is None else f"the same audit again: {self.command}"
        kept = "" if self.saved is None else f"batch, weights and random state are in {self.saved}"
        return "\n\n".join(part for part in (self.message, str(self.audit), kept, again) if part)
