"""A run that stops: the audit of the step, what else explains it, and the file from which it is made again."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.undisturbed_torch import put_back
from gradcalc.answers.watch.computed_torch import Computed
from gradcalc.answers.watch.entry import Entry
from gradcalc.answers.watch.records import Found, NotFiniteError
from gradcalc.answers.watch.saved_torch import save
from gradcalc.answers.watch.step_torch import audit_step
from gradcalc.answers.watch.taken_torch import Taken
from gradcalc.base.errors import UsageError

Tensor = Any


@dataclass(frozen=True, slots=True, eq=False)
class Stopped:
    """A step that is not finite, and the tensors of what it computed with."""

    computed: Computed
    taken: Taken
    weights: Sequence[Tensor]
    buffers: Sequence[Tensor]

    @property
    def modes(self) -> list[Any]:
        """Which layers train, and which parameters require grad."""
        training = [[part.training for part in one.modules()] for one in self.computed.modules]
        return [training, [one.requires_grad for one in self.weights]]


def stop(stopped: Stopped, found: Found, entry: Entry | None, folder: Path | None, timeout: float) -> NotFiniteError:
    """The error that a run stops with; the weights are those of the step again."""
    taken = stopped.taken
    if taken.weights is not None:
        put_back(stopped.weights, taken.weights)
    audit, what = audit_step(stopped.computed, taken, stopped.buffers, timeout)
    saved, refused = None, None
    if folder is not None:
        try:
            state = {"weights": stopped.weights, "buffers": taken.buffers}
            saved = save(taken, state, entry, folder, stopped.modes, found)
        except (UsageError, OSError) as error:
            refused = f"not saved: {error}"
    command = None
    if saved is not None and entry is not None:
        command = f"gradcalc audit {shlex.quote(entry.target)} --saved {shlex.quote(str(saved))}"
    message = f"step {taken.number}: {what}{found.shortly(audit)}"
    whole = found.beside(audit)
    if refused is not None:
        whole = replace(whole, notes=(*whole.notes, refused))
    return NotFiniteError(message, taken.number, whole, saved, command)
