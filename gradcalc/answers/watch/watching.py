"""`gradcalc.watch`: a training loop stops at the first loss or gradient that is not finite, and names the line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradcalc.base.limits import DEFAULT_TIMEOUT, require_timeout
from gradcalc.base.loading import loading

if TYPE_CHECKING:
    from gradcalc.answers.watch.watch_torch import Watch


def watch(
    model: Any,
    loss_fn: Callable[..., Any],
    *,
    save: Path | str | None = ".",
    timeout: float = DEFAULT_TIMEOUT,
) -> Watch:
    """Watch a training loop: `with gradcalc.watch(model, loss_fn) as step:` and in it `loss = step(*batch)`.

    `step(*batch)` returns `loss_fn(model, *batch)`, or of torch's own losses, which know no model,
    `loss_fn(model(*inputs), target)`, the target the last of the batch. Backward pass and optimizer are the caller's
    own, in any way: accumulation, closures, gradient scaling, no optimizer of torch's at all. Of several results the
    loss is the one called `loss`, the only number, or the only number that has a gradient.

    The first loss or gradient that is not finite raises NotFiniteError, out of `backward()` and so before an optimizer
    spoils the weights, with the audit of that batch: value and gradients of `loss_fn` at the weights, random numbers
    and buffers of that step. Where the loss was multiplied, as by a GradScaler, it does so only once the optimizer is
    about to use such a gradient: what is skipped stops nothing, until the scale has fallen to 1. Gradients are those
    that `backward()` leaves in `.grad`; those of `torch.autograd.grad` are not looked at, the loss is.

    Batch, weights and random state are saved in the folder `save` (None: nowhere), as safetensors where that library is
    installed (the extra `data`), else in a `.pt` that holds nothing but tensors and text; `gradcalc audit` makes the
    audit of it again. `timeout` is that of the audit, in seconds. Compiled models are judged as they were written.

    On the CPU, a step costs one pass over the gradients more. On other devices it is told one step late, from copies of
    the weights, so that nothing waits for the device; the weights are then set back to those before that step.
    """
    require_timeout(timeout)
    with loading():
        from gradcalc.answers.watch.watch_torch import Watch
    return Watch(model, loss_fn, None if save is None else Path(save), timeout)
