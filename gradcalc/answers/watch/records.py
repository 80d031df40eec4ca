"""What a watched training run stops with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from gradcalc.answers.audit.records import CodeAudit, CodeBlame
from gradcalc.base.errors import GradcalcError


@dataclass(frozen=True, slots=True)
class Found:
    """What else explains it: that the run had diverged, or the update that spoilt the weights."""

    diverged: str | None
    update: CodeBlame | None

    def beside(self, audit: CodeAudit) -> CodeAudit:
        """The audit of the step, with what the steps before it tell."""
        notes = audit.notes if self.diverged is None else (self.diverged, *audit.notes)
        blame = audit.blame if self.update is None else (self.update, *audit.blame)
        return replace(audit, notes=notes, blame=blame)

    def shortly(self, audit: CodeAudit) -> str:
        """The cause in a clause, as far as it is known: that of the run, the first line to blame, or the first note."""
        whole = self.beside(audit)
        lines = [f"{Path(one.file).name}, line {one.line}: {one.sentence}" for one in whole.blame]
        told = [*([self.diverged] if self.diverged else []), *lines, *whole.notes]
        return "".join(f"; {one.partition('; ')[0]}" for one in told[:1])


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
