"""Operations that the recorder treats each in its own way, by their names."""

from __future__ import annotations

CASTS = {"_to_copy", "to", "clone"}
IN_PLACE_VIEWS = {"transpose_", "t_", "squeeze_", "unsqueeze_", "swapaxes_", "swapdims_", "as_strided_", "detach_"}
SYMMETRIC = {"_linalg_eigh"}  # of whose argument autograd means the symmetric part
MOVES = {  # operations that only move numbers
    "diag_embed", "im2col", "pixel_shuffle", "pixel_unshuffle", "channel_shuffle", "rot90", "upsample_nearest1d",
    "upsample_nearest2d", "upsample_nearest3d", "_upsample_nearest_exact1d", "_upsample_nearest_exact2d",
    "unfold_copy", "block_diag", "repeat_interleave", "diagonal_copy", "expand_copy", "permute_copy",
}  # fmt: skip
FACTORIES = {  # what they make has no more than the shape of what they get
    "new_empty", "new_zeros", "new_ones", "new_full", "new_empty_strided", "empty_like", "rand_like", "randn_like",
    "bernoulli", "bernoulli_", "uniform_", "normal_", "exponential_", "randint_like",
}  # fmt: skip
DRAWS = {"bernoulli", "bernoulli_", "normal", "poisson", "binomial"}  # of the numbers that they get
BY_A_NUMBER = {"p", "float"}  # their overloads that get no more than a shape
COUNTS = {"histc"}  # whole numbers, though in a format of floats
IGNORED = {
    "dtype",
    "layout",
    "device",
    "pin_memory",
    "memory_format",
    "non_blocking",
    "generator",
    "check_errors",
    "out",
}
PRODUCTS = {"mm", "addmm", "bmm", "baddbmm", "mv", "addmv", "convolution"}  # each of whose numbers is of many
MASKING = {"masked_fill", "where", "fill", "copy", "index_put", "scatter", "index_fill"}  # that may hold infinities


def slopeless(name: str, overload: str) -> bool:
    """Does it draw, or count, so that no slope leads through it?"""
    return name in COUNTS or (name in DRAWS and overload not in BY_A_NUMBER)
