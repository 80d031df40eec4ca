"""Python on JAX's arrays."""

from __future__ import annotations

from gradcalc.codegen import numpy, numpy_arrays
from gradcalc.codegen.language import Language
from gradcalc.codegen.python import literal

NN = {
    "sigmoid": "sigmoid", "softplus": "softplus", "logsigmoid": "log_sigmoid", "relu": "relu", "relu6": "relu6",
    "leaky_relu": "leaky_relu", "elu": "elu", "celu": "celu", "selu": "selu", "silu": "silu", "mish": "mish",
    "softsign": "soft_sign", "hardsigmoid": "hard_sigmoid", "hardswish": "hard_swish",
}  # fmt: skip
LACKING = ("erfcx", "besselj", "bessely", "besseli", "besselk", "lambertw")  # or there in the newest alone
SPECIAL = {name: one for name, one in numpy.SPECIAL.items() if name not in LACKING}
JAX = Language(
    name="jax",
    functions={
        **{name: one.replace("np.", "jnp.") for name, one in numpy.NUMPY.functions.items()
           if isinstance(one, str) and name not in (*LACKING, *NN)},
        **{name: f"jax.scipy.special.{one}" for name, one in SPECIAL.items()},
        **{name: f"jax.nn.{one}" for name, one in NN.items()},
        "gelu": "jax.nn.gelu({0}, approximate=False)", "gelu_tanh": "jax.nn.gelu({0}, approximate=True)",
        **numpy_arrays.arrays(
            "jnp", "jax.scipy.linalg", "jax.nn.softmax", "jax.nn.log_softmax", "jax.nn.logsumexp"
        ),
    },
    literal=literal,
    constants={"pi": "jnp.pi", "e": "jnp.e"},
    helpers={name: source.replace("np.", "jnp.") for name, source in numpy.HELPERS.items() if name not in NN}
    | numpy_arrays.helpers("jnp"),
    imports={"math.": "import math", "jax.": "import jax", "jnp.": "import jax.numpy as jnp"},
    whole=frozenset({"expint"}),
)  # fmt: skip
