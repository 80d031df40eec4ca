"""Mathematica's brackets: `Sin[x]^2`, `Exp[-x^2/2]/Sqrt[2 Pi]`, `f[x_] := x^2`, `{a, b}.{c, d}`."""

from __future__ import annotations

from dataclasses import replace

from gradcalc.base import ways
from gradcalc.syntax.foreign.words import Words, call, operator
from gradcalc.syntax.tokens import COMPLEX, Token

FUNCTIONS = {
    **{name: name.lower() for name in (
        "Sin", "Cos", "Tan", "Cot", "Sec", "Csc", "Sinh", "Cosh", "Tanh", "Coth", "Sech", "Csch", "Exp", "Sqrt", "Abs",
        "Sign", "Floor", "Max", "Min", "Erf", "Erfc", "Gamma", "Mean", "Det", "Diff", "Integrate", "Limit", "Round",
        "Clip", "Mod", "Beta", "Zeta", "Dot", "Transpose", "Series",
    )},
    **{f"Arc{name.title()}": f"arc{name}" for name in (
        "sin", "cos", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch",
    )},
    "ArcTan": "ArcTan", "Log": "Log", "Log2": "log2", "Log10": "log10", "LogGamma": "lgamma", "PolyGamma": "PolyGamma",
    "Ceiling": "ceil", "CubeRoot": "cbrt", "Power": "pow", "Factorial": "factorial", "Total": "sum", "Tr": "trace",
    "Inverse": "inv", "Norm": "norm2", "If": "where", "D": "diff", "LogisticSigmoid": "sigmoid", "Ramp": "relu",
    "HeavisideTheta": "heaviside", "UnitStep": "heaviside", "Sinc": "Sinc", "MatrixPower": "matrix_power",
    "KroneckerProduct": "kron", "LinearSolve": "solve", "IdentityMatrix": "eye", "BesselJ": "besselj",
    "ProductLog": "lambertw", "InverseErf": "erfinv", "NIntegrate": "integrate", "Sum": "Sum", "Product": "Product",
    "Cross": "cross", "Binomial": "binom", "Derivative": "diff", "Grad": "grad", "Variance": "Variance",
    "StandardDeviation": "Variance", "Inner": "inner", "Simplify": "simplify", "Expand": "simplify",
}  # fmt: skip
CONSTANTS = {"Pi": "pi", "E": "e", "Infinity": "inf"}
BRACES = {"{": "[", "}": "]"}


def brackets(words: Words) -> list[Token]:
    """`Sin[x]` becomes `sin(x)`; where one stands, the rest of the text is Mathematica too."""
    closings = words.closings()
    called = {index for index in closings if words.tokens[index].text == "[" and _is_call(words, index - 1)}
    if not called:
        return words.tokens
    parts = {index for index in closings if _is_part(words, index, closings)}
    made: list[Token] = []
    closed = {closings[index]: ")" for index in called}
    dropped = parts | {closings[index] for index in parts}
    for index, token in enumerate(words.tokens):
        if index in called:
            made.append(operator("(", token))
        elif index + 1 in called:
            made.append(call(FUNCTIONS[token.text], token))
        elif index not in dropped:
            made.append(operator(closed[index], token) if index in closed else _plain(words, token))
    return made


def _is_call(words: Words, index: int) -> bool:
    """Does a function of Mathematica's stand before the bracket?"""
    token = words.at(index)
    adjacent = token.span.end == words.at(index + 1).span.start
    element = len(token.text) == 1 and words.at(index + 2).kind == "number"  # D[1, 2]
    named = token.kind == "name" and token.text in FUNCTIONS and not words.is_given(token.text)
    return named and adjacent and not element


def _is_part(words: Words, index: int, closings: dict[int, int]) -> bool:
    """Is this the inner bracket of `x[[1]]`?"""
    outer = closings.get(index - 1, -2)
    return words.texts(index - 1, 2) == ["[", "["] and words.ends_value(index - 2) and outer == closings[index] + 1


def _plain(words: Words, token: Token) -> Token:
    """Constants, lists and the dot of products."""
    typed = words.source[token.span.start : token.span.end]
    if token.kind == "name" and token.text == "I":
        raise words.fail(COMPLEX, token.span, ways.PARTS)
    if token.kind == "name" and token.text in CONSTANTS:
        return replace(token, text=CONSTANTS[token.text])
    return (
        operator("@" if token.text == "." else BRACES.get(typed, token.text), token)
        if token.kind == "operator"
        else token
    )
