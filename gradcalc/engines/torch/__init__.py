"""Autograd, on the user's own operations."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # torch says that NumPy is missing; gradcalc does not need it
    import torch as torch
