"""What the LaTeX reader knows by heart: commands, brackets, and what gradcalc does not do."""

from __future__ import annotations

from gradcalc.syntax.beyond import INTEGRALS, LIMITS
from gradcalc.syntax.grammar import BESIDE
from gradcalc.syntax.letters import GREEK
from gradcalc.syntax.tokens import COMPLEX

SYMBOLS = GREEK | {"ell", "hbar", "imath", "jmath"}
OPERATORS = {  # commands that are one operator
    "cdot": "·", "bullet": "·", "times": "×", "ast": "*", "odot": "*", "circ": "∘", "div": "/", "cdotp": "·",
    "leq": "<=", "le": "<=", "leqslant": "<=", "geq": ">=", "ge": ">=", "geqslant": ">=", "neq": "!=", "ne": "!=",
    "lt": "<", "gt": ">", "coloneqq": "=", "triangleq": "=", "equiv": "=", "colon": ":", "mapsto": "->", "lor": "or",
    "land": "and", "vee": "or", "wedge": "and", "otimes": "⊗", "in": "in", "mid": "mid", "to": "->",
    "rightarrow": "->", "vert": "|", "middle|": "mid", "sim": "sim",
    "bmod": "%", "mod": "%", "_": "_",
}  # fmt: skip
SPACES = frozenset([
    *",;:!> /", "quad", "qquad", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "thinspace", "left.",
    "nonumber", "notag", "centering", "small", "large", "hfill", "noindent", "protect", "medspace", "thickspace",
    "mathstrut", "strut", "allowbreak", "relax", "hspace*", "enspace", "negthinspace", "negmedspace",
])  # fmt: skip
SWALLOWED = frozenset(
    {"label", "tag", "hspace", "vspace", "phantom", "color", "vphantom", "hphantom"}
)  # with what they take
SIZES = frozenset(size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m"))
UPRIGHT = frozenset(
    {
        "mathrm",
        "operatorname",
        "text",
        "textrm",
        "textnormal",
        "mathsf",
        "mathtt",
        "textsf",
        "texttt",
        "mbox",
        "operatorname*",
    }
)
SLANTED = frozenset({"mathit", "textit", "mathnormal"})
BOLD = frozenset({"mathbf", "boldsymbol", "bm", "textbf", "pmb", "mathbfit", "symbf", "vec", "bold"})
OTHER_STYLES = frozenset({"mathcal", "mathbb", "mathfrak", "mathscr"})
STYLES = UPRIGHT | SLANTED | BOLD | OTHER_STYLES
SPACED = frozenset({"mathop", "mathrel", "mathbin", "mathord", "mathopen", "mathclose", "mathinner", "mathpunct"})
BOXES = frozenset({"boxed", "fbox", "displaystyle", "ensuremath"})
BRACES = {"underbrace": "_", "overbrace": "^"}  # beside what, and what stands before their labels
ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde",
    "dot": "dot", "ddot": "ddot", "underline": "underline", "check": "check", "breve": "breve", "acute": "acute",
    "grave": "grave", "mathring": "ring", "overrightarrow": "",
}  # fmt: skip
FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"))
BINOMIALS = frozenset(("binom", "dbinom", "tbinom"))
BIG = {"sum": "summation", "prod": "product"}
BRACKETS = {  # what opens, and what closes it
    "(": ")", "[": "]", "\\{": "\\}", "\\lbrace": "\\rbrace", "\\lbrack": "\\rbrack", "|": "|", "\\vert": "|",
    "\\lvert": "\\rvert", "‖": "‖", "\\|": "‖", "\\Vert": "‖", "\\lVert": "\\rVert", "\\lfloor": "\\rfloor",
    "\\lceil": "\\rceil", "\\langle": "\\rangle", "\\lparen": "\\rparen",
}  # fmt: skip
SAME_BRACKET = {"\\vert": "|", "\\|": "‖", "\\Vert": "‖"}
CLOSERS = frozenset(BRACKETS.values()) | {*SAME_BRACKET, "}"}
BARS = ("|", "‖")
FENCES = {  # the functions that pairs of brackets stand for
    "|": "vert", "\\lvert": "vert", "‖": "norm", "\\lVert": "norm", "\\lfloor": "floor", "\\lceil": "ceil",
    "\\langle": "angled",
}  # fmt: skip
PLAIN_FENCES = frozenset({"(", "[", "\\{", "\\lbrace", "\\lbrack", "\\lparen"})
NORMS = {
    "": "norm", "1": "norm1", "2": "norm2", "infty": "norminf", "F": "norm", "Fro": "norm", "fro": "norm",
    "star": "nuclear_norm",
}  # fmt: skip
MATRICES = frozenset(("matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array"))
LINES = frozenset((
    "equation", "align", "aligned", "gather", "gathered", "split", "multline", "eqnarray", "displaymath", "math",
    "flalign", "alignat", "alignedat", "dmath", "IEEEeqnarray",
))  # fmt: skip
CASES = frozenset(("cases", "dcases", "rcases"))
FUNCTIONS = {  # commands and words for functions that are called otherwise here
    "Tr": "trace", "Det": "det",
}  # fmt: skip
LETTER_FUNCTIONS = {  # before so many arguments, where the letters are no variables
    ("Gamma", 1): "gamma", ("Gamma", 2): "uppergamma", ("gamma", 2): "lowergamma", ("B", 2): "beta",
    ("psi", 1): "digamma", ("sigma", 1): "sigmoid", ("zeta", 1): "zeta", ("zeta", 2): "zeta", ("Phi", 1): "ndtr",
}  # fmt: skip
ORDERED = {  # with a subscript that is an argument too; first, or last
    ("J", 1): ("besselj", 0), ("Y", 1): ("bessely", 0), ("I", 1): ("besseli", 0), ("K", 1): ("besselk", 0),
    ("E", 1): ("expint", 0), ("psi", 1): ("polygamma", 0), ("W", 1): ("lambertw", -1), ("I", 2): ("betainc", -1),
}  # fmt: skip
CURRENTS = ("I", "K", "E", "W")  # letters that are factors as often: I_0(e^{v} - 1) is a product, I_0(x) a function
MEANT = {  # what a name before a bracket may be besides a factor
    "W": "\\operatorname{lambertw}(%s)", "N": "\\Phi(%s)", "gamma": "\\Gamma(%s)",
    **dict.fromkeys(("H", "theta", "Theta", "u"), "\\operatorname{heaviside}(%s)"),
    **dict.fromkeys(("phi", "varphi"), "\\frac{1}{\\sqrt{2\\pi}} e^{-\\frac{(%s)^{2}}{2}}"),
    "P": "\\operatorname{gammainc}(%s)", "Q": "\\operatorname{gammaincc}(%s)",
    "sigma_max": "\\operatorname{spectral\\_norm}(%s)",
    "lambda_max": "\\max(\\operatorname{eigvalsh}(%s))", "lambda_min": "\\min(\\operatorname{eigvalsh}(%s))",
}  # fmt: skip
INVERSES = {
    "sin": "asin", "cos": "acos", "tan": "atan", "cot": "acot", "sec": "asec", "csc": "acsc", "sinh": "asinh",
    "cosh": "acosh", "tanh": "atanh", "coth": "acoth", "sech": "asech", "csch": "acsch", "sigmoid": "logit",
    "logit": "sigmoid", "erf": "erfinv", "ndtr": "ndtri",
}  # fmt: skip
LOGARITHMS_OF = {"gamma": "lgamma", "det": "logdet"}  # where the logarithm has a function of its own
UNDEFINED = frozenset("fgh")  # letters before a parenthesis that are functions rather than factors
PROSE = frozenset({
    "if", "for", "otherwise", "where", "and", "or", "else", "when", "with", "elsewhere", "else if", "given",
    "such that", "iff", "s.t.", "as", "in", "is", "the", "on", "at", "over", "subject to", "for all",
})  # fmt: skip
OTHERWISE = frozenset({"otherwise", "else", "elsewhere", "other", "others", "in other cases", "default"})
FUNCTION_ITSELF = "write the function itself, its derivative is what comes out"
LARGE = "infinity is not a number here: write a large one, such as `10^{6}`"
EVERY_TERM = "write every term out, or a sum with bounds"
REFUSED = {  # what gradcalc does not do, with a word on what to do
    **dict.fromkeys(("int", "iint", "iiint", "oint"), INTEGRALS),
    **dict.fromkeys(("lim", "limsup", "liminf"), LIMITS),
    **dict.fromkeys(("sup", "inf", "argmax", "argmin"), "the maximum of several values is `\\max(a, b)`"),
    "nabla": FUNCTION_ITSELF,
    **dict.fromkeys(("dots", "ldots", "cdots", "vdots", "ddots", "dotsc", "dotsb"), EVERY_TERM),
    **dict.fromkeys(("pm", "mp"), "write one expression for each sign"),
    "arg": "argmin and argmax have no derivative", "infty": LARGE, "Re": None, "Im": None,
    "Pr": "write the formula of the density itself",
    **dict.fromkeys(("forall", "exists", "approx", "simeq", "propto", "cong", "subset", "cup", "cap"), None),
    **dict.fromkeys(("implies", "Rightarrow", "iff", "Leftrightarrow", "therefore"), None),
    **dict.fromkeys(("bigcup", "bigcap", "bigoplus", "coprod", "oplus", "setminus", "emptyset", "dagger"), None),
    "%": "5% is 0.05",
}  # fmt: skip
EXPECTATIONS = {"E": "expectations are not part of the language", "P": "probabilities are not part of the language"}
INSTEAD = {
    EXPECTATIONS["E"]: "write a mean over values: `\\sum_i p_i x_i`",
    EXPECTATIONS["P"]: "write the formula of the density itself", COMPLEX: "write both parts as formulas of their own",
}  # fmt: skip
RANDOM = dict.fromkeys(("Var", "Cov"), EXPECTATIONS["P"])
CALLED = RANDOM | {  # words that are names where no bracket follows: the numbers of Prandtl and Reynolds
    **dict.fromkeys(("Pr", "var", "cov"), EXPECTATIONS["P"]), **dict.fromkeys(("Re", "Im"), COMPLEX),
}  # fmt: skip
PRODUCT = BESIDE
WRAPPERS = {"$$": "$$", "$": "$", "\\(": "\\)", "\\[": "\\]"}
