"""Code too large for exact arithmetic: judged along directions, and by the steepest component of each variable."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcalc.answers.audit.doubled_torch import doubled, line, source
from gradcalc.answers.audit.records import Finding, Judged, Part
from gradcalc.answers.audit.run_torch import Played, Subject, play
from gradcalc.base.floating import Format
from gradcalc.engines.torch import torch
from gradcalc.tracing.differences_torch import SAFETY, Slopes

Tensor = Any
SEED = 5  # of the directions
DIRECTIONS = 4
MOST = 16  # variables of which the steepest component is looked at
SPREAD = 8.0  # times what rounding does to a sum of numbers of that size
TOLD = "directions"  # the reason of a verdict that was not found component by component
NOTE = (
    "larger than the limit of exact work: judged by float64 values along {} fixed random directions, and by the "
    "steepest component of each variable; a longer --timeout raises the limit"
)


@dataclass(frozen=True, slots=True)
class Along:
    """Verdicts on the value, along directions, and on the components that were looked at."""

    forward: Judged
    directions: tuple[Judged, ...]
    gradient: Mapping[str, Part]


def along(subject: Subject, played: Played, form: Format, rtol: float | None) -> Along:
    """The verdicts that values alone give. Raises UserCodeError where the code raises."""
    gradients, moved = dict(played.gradients or {}), _moved(subject, form)
    with doubled(subject) as double:
        trial = _Trial(double, gradients, moved, form, form.rtol if rtol is None else rtol)
        generator = torch.Generator().manual_seed(SEED)
        ways = [trial.way(generator, trial.gradients) for _ in range(DIRECTIONS)]
        directions = tuple(trial.judged(way) for way in ways)
        bad = any(one.verdict is not Finding.AGREE for one in directions)
        own = {name: trial.judged(trial.way(generator, [name])) for name in trial.gradients} if bad else {}
        gradient = {name: trial.part(name, own.get(name), trial.steepest) for name in trial.gradients}
        return Along(trial.value(played.value), directions, gradient)


def _moved(subject: Subject, form: Format) -> Mapping[str, Tensor]:
    """Autograd's gradients where all that goes in has moved in its last place: what rounding explains."""
    generator = torch.Generator().manual_seed(SEED)

    def moved(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        signs = {
            name: torch.randint(0, 2, one.shape, generator=generator) * 2 - 1
            for name, one in tensors.items() if one.is_floating_point()
        }  # fmt: skip
        return {name: one + one * form.epsilon * signs[name] if name in signs else one for name, one in tensors.items()}

    found = play(Subject(subject.target, moved(subject.arguments), moved(subject.state))).gradients
    subject.fresh()
    return found or {}


@dataclass(eq=False)
class _Trial:
    """A subject in float64, and autograd's gradients in its own format: here, and a last place away."""

    subject: Subject
    gradients: Mapping[str, Tensor]
    moved: Mapping[str, Tensor]
    form: Format
    rtol: float

    @property
    def steepest(self) -> list[str]:
        """The variables with the largest gradients."""
        sizes = {name: float(one.abs().max()) if one.numel() else 0.0 for name, one in self.gradients.items()}
        return sorted(sizes, key=lambda name: -sizes[name] if sizes[name] == sizes[name] else -math.inf)[:MOST]

    def value(self, found: float) -> Judged:
        """The verdict on the value."""
        true = float(line(self.subject, {})(0.0))
        good = found == true or abs(found - true) <= max(self.rtol * abs(true), self.form.epsilon * abs(true))
        reason = None if good else "overflow" if math.isinf(found) else "precision"
        return Judged(found, true, f"{true:.12g}", Finding.AGREE if good else Finding.DISAGREE, reason)

    def way(self, generator: Any, names: Any) -> dict[str, Tensor]:
        """A random way, each component by its own scale."""
        found = {}
        for name in names:
            one = source(self.subject, name)
            size = one.abs().clamp(min=float(one.abs().mean()) or 1.0)
            found[name] = size * (torch.rand(one.shape, generator=generator, dtype=torch.float64) * 2 - 1)
        return found

    def judged(self, way: Mapping[str, Tensor]) -> Judged:
        """Autograd's slope along a way, beside that of the values."""
        parts = [(self.gradients[name].double() * step).reshape(-1) for name, step in way.items()]
        terms = torch.cat(parts)
        found = float(terms.sum())
        slopes = Slopes(line(self.subject, way))
        true, error = float(slopes.smooth.slope[0]), float(slopes.smooth.error[0])
        if not math.isfinite(true) or bool(slopes.broken[0]):
            return Judged(found, None, None, Finding.UNDECIDED, TOLD)
        noise = torch.cat([(self.rounding(name) * step).reshape(-1) for name, step in way.items()])
        size, scatter = (SPREAD * float(one.square().sum().sqrt()) for one in (terms, noise))
        allowed = self.rtol * (abs(true) + size) + scatter + SAFETY * error
        good = abs(found - true) <= allowed
        reason = None if good else "nan" if math.isnan(found) else "overflow" if math.isinf(found) else TOLD
        return Judged(found, true, f"{true:.12g}", Finding.AGREE if good else Finding.DISAGREE, reason)

    def rounding(self, name: str) -> Tensor:
        """How far rounding moves the components of a variable, each at least as far as it usually does."""
        if name not in self.moved:
            return torch.zeros_like(self.gradients[name].double())
        off = (self.moved[name].double() - self.gradients[name].double()).abs().nan_to_num(0.0, 0.0, 0.0)
        return off.clamp(min=float(off.square().mean().sqrt()) if off.numel() else 0.0)

    def part(self, name: str, own: Judged | None, looked_at: Sequence[str]) -> Part:
        """A variable: its steepest component judged, the others as the directions have it."""
        gradient = self.gradients[name]
        verdict = Finding.AGREE if own is None else own.verdict
        reason = TOLD if own is None or own.reason is None else own.reason
        numbers = gradient.double().reshape(-1).tolist()
        components = [Judged(one, None, None, verdict, reason) for one in numbers]
        if name in looked_at and numbers:
            place = max(range(len(numbers)), key=lambda one: abs(numbers[one]))
            step = torch.zeros_like(source(self.subject, name))
            step.view(-1)[place] = abs(float(source(self.subject, name).reshape(-1)[place])) or 1.0
            components[place] = self._component(numbers[place], self.judged({name: step}), float(step.view(-1)[place]))
        return Part(tuple(gradient.shape), tuple(components))

    def _component(self, found: float, along: Judged, size: float) -> Judged:
        """The verdict along a component, in numbers of the component itself."""
        true = None if along.symbolic is None else along.symbolic / size
        return Judged(found, true, None if true is None else f"{true:.12g}", along.verdict, along.reason)
