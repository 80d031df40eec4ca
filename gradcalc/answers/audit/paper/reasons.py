"""Why operations have no formula: what is known of some of them."""

from __future__ import annotations

from collections.abc import Mapping

from gradcalc.tracing.tape import Step

COMPLEX = "it works on complex numbers, and formulas are of real ones"
REASONS: Mapping[str, str] = {
    "_ctc_loss": "it adds up all alignments, which are too many to write out",
    "grid_sampler_2d": "which elements it takes hangs on what is derived by; with a constant grid it has one",
    "affine_grid_generator": "it works on images of coordinates",
    "_cdist_forward": "of distances between rows only Euclidean ones have one",
    "_pdist_forward": "distances of each row from each have one, as torch.cdist(x, x)",
    **dict.fromkeys(("sort", "topk", "kthvalue", "cummax", "cummin", "median"), "two of its elements are alike here"),
    **dict.fromkeys(("_linalg_eigh", "_linalg_eig"), "eigenvectors have none in array terms"),
    "linalg_qr": "the factors have none in array terms",
}


def reason(step: Step) -> str:
    """Why a step has no formula; empty where nothing is known of it."""
    _, args, kwargs = step.call
    values = [*args, *dict(kwargs).values()]
    if any(hasattr(one, "is_complex") and one.is_complex() for one in values):
        return COMPLEX
    return REASONS.get(step.operation.removeprefix("aten."), "")
