"""What torch calls the functions that the engine runs, and the lines that stand for those that it has no name for."""

from __future__ import annotations

from gradcalc.codegen import torch_arrays
from gradcalc.engines.torch import arrays, torch
from gradcalc.engines.torch.functions import OPERATIONS

PLACES = {
    "torch": torch, "torch.nn.functional": torch.nn.functional, "torch.linalg": torch.linalg,
    "torch.special": torch.special,
}  # fmt: skip
NATIVE = OPERATIONS | arrays.OPERATIONS
OF_ORDER = "return {0: torch.%s, 1: torch.%s}[n.item()](x)"
LOSS = "torch.nn.functional.%s(*torch.broadcast_tensors(p, y), reduction='none'%s)"
HELPERS = torch_arrays.HELPERS | {  # what the engine puts together from several operations of torch
    "cbrt": ("x", "return torch.sign(x) * torch.pow(torch.abs(x), 1 / 3)"),
    "gamma": ("x", "odd = torch.remainder(torch.floor(x), 2) != 0",
              "sign = torch.where((x < 0) & odd, -1.0, 1.0).to(x.dtype)",
              "return sign * torch.exp(torch.lgamma(x))"),
    "polygamma": ("n, x", "return torch.polygamma(int(n.item()), x) if n >= 0 else x * math.nan"),
    "besselj": ("n, x", OF_ORDER % ("special.bessel_j0", "special.bessel_j1")),
    "bessely": ("n, x", OF_ORDER % ("special.bessel_y0", "special.bessel_y1")),
    "besseli": ("n, x", OF_ORDER % ("i0", "special.i1")),
    "besselk": ("n, x", OF_ORDER % ("special.modified_bessel_k0", "special.modified_bessel_k1")),
    "bce": ("p, y", "if not torch.all((p >= 0) & (p <= 1)):",
            "    return p * math.nan",
            f"return {LOSS % ('binary_cross_entropy', '')}"),
    "mse": ("p, y", f"return {LOSS % ('mse_loss', '')}"),
    "bce_with_logits": ("p, y", f"return {LOSS % ('binary_cross_entropy_with_logits', '')}"),
    "huber_loss": ("p, y, d", f"return {LOSS % ('huber_loss', ', delta=d')}"),
    "smooth_l1_loss": ("p, y, b", f"return {LOSS % ('smooth_l1_loss', ', beta=b')}"),
    "rel_entr": ("x, y", "x, y = torch.broadcast_tensors(x, y)",
                 "return torch.nn.functional.kl_div(torch.log(y), x, reduction='none')"),
}  # fmt: skip


def of_torch(operation: object, name: str) -> str | None:
    """The name of torch's own function that an operation is, if any."""
    usual = getattr(operation, "__name__", name)
    for place, module in PLACES.items():
        for called in (usual, *vars(module)):
            if vars(module).get(called) is operation:
                return f"{place}.{called}"
    return None
