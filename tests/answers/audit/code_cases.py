"""PyTorch code after public reports and lectures, faulty and right: the point, the verdict, and for a fault its place."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n\n"


@dataclass(frozen=True, slots=True)
class Faulty:
    """Code, where it is run, and what the audit says: the piece under the carets, why, and what to write instead."""

    code: str
    at: tuple[str, ...]
    verdict: str
    piece: str
    reason: str
    dtype: str = "float64"
    cure: str | None = None  # None: whatever there is; empty: there must be none


def f(body: str, arguments: str = "x") -> str:
    """A function `f` with one line for each statement."""
    return f"def f({arguments}):\n" + "".join(f"    {line}\n" for line in body.split("; "))


def backward(forward: str, body: str) -> str:
    """A custom function `G` of x, and `f` that calls it."""
    return (
        "class G(torch.autograd.Function):\n"
        "    @staticmethod\n    def forward(ctx, x):\n        ctx.save_for_backward(x)\n"
        f"        return {forward}\n\n"
        f"    @staticmethod\n    def backward(ctx, g):\n        (x,) = ctx.saved_tensors\n        return {body}\n\n\n"
        "def f(x):\n    return G.apply(x).sum()\n"
    )


X, XY = ("x=[1, 2]",), ("x=[1, 2]", "y=[3, 5]")
ROWS = ("x=[[1.2, -0.7, 0.4, 2.1], [0.3, 0.9, -1.5, 0.2]]",)
STANDARDISED = "m, v = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False); return (((x - m) / (v + 1e-5).sqrt())**2).mean()"
NORMALISED = "(x - x.mean(-1, keepdim=True)) * (x.var(-1, keepdim=True, unbiased=False) + 1e-5).rsqrt()"
UNPROJECTED = (  # without the part along the result itself, which takes nearly all of a mean square's gradient away
    "class N(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n"
    "        r = (x.var(-1, keepdim=True, unbiased=False) + 1e-5).rsqrt()\n        h = (x - x.mean(-1, keepdim=True)) * r\n"
    "        ctx.save_for_backward(h, r)\n        return h\n\n    @staticmethod\n    def backward(ctx, g):\n"
    "        h, r = ctx.saved_tensors\n        return r * (g - g.mean(-1, keepdim=True){})\n\n\n"
    "def f(x):\n    return N.apply(x).pow(2).mean()\n"
)
FAULTY = [
    # numbers that leave the range
    Faulty(f("p = torch.exp(x) / torch.exp(x).sum(-1, keepdim=True); return -torch.log(p[:, 0]).mean()"), ("[[1, 2, 1000], [0, 1, 2]]",), "disagree", "torch.exp(x)", "overflow", "float32", cure="torch.log_softmax(x, -1)"),
    Faulty(f("return torch.log(1 + torch.exp(x)).sum()"), ("[100, 1]",), "disagree", "torch.exp(x)", "overflow", "float32", cure="F.softplus(x)"),
    Faulty(f("return torch.log(torch.exp(x).sum())"), ("[800, 1]",), "disagree", "torch.exp(x)", "overflow", cure="torch.logsumexp(x, 0)"),
    Faulty(f("return (x**4).sum().sqrt()"), ("[1e80, 1]",), "disagree", "x**4", "overflow"),
    Faulty(f("return torch.sqrt(x[0]**2 + x[1]**2)"), ("[1e200, 1e200]",), "disagree", "x[0]**2", "overflow", cure="torch.hypot(x[0], x[1])"),
    Faulty(f("return torch.sqrt((x * x).sum())"), ("[3e-30, 4e-30]",), "disagree", "x * x", "underflow", "float32"),
    Faulty(f("return (torch.exp(x) - torch.exp(-x)).div(torch.exp(x) + torch.exp(-x)).sum()"), ("[90]",), "disagree", "torch.exp(x)", "overflow", "float32", cure="torch.tanh(x)"),
    Faulty(f("return torch.prod(torch.exp(x)).log()"), ("[-400, -500]",), "disagree", "torch.prod(torch.exp(x))", "underflow", cure="x.sum(0)"),
    Faulty(f("return torch.cosh(x).log().sum()"), ("[1000]",), "disagree", "torch.cosh(x)", "overflow"),
    Faulty(f("h = x.half(); return (h * h).sum().float()"), ("[300, 2]",), "disagree", "h * h", "overflow", "float32", cure="h.float() * h.float()"),
    Faulty(f("return (x / 1e25 / 1e25 * 1e50).sum()"), ("[2]",), "disagree", "x / 1e25 / 1e25", "underflow", "float32"),
    Faulty(f("return torch.exp(-x**2 / 2).log().sum()"), ("[40]",), "disagree", "torch.exp(-x**2 / 2)", "underflow"),
    Faulty(f("return torch.exp(torch.lgamma(x)).log().sum()"), ("[200]",), "disagree", "torch.exp(torch.lgamma(x))", "overflow"),
    Faulty(f("q = x / x.sum(); return -(q * torch.log(q)).sum() + torch.exp(x).log().sum()"), ("[1, 750]",), "disagree", "torch.exp(x)", "overflow"),
    Faulty(f("return torch.distributions.Normal(x[0], x[1]).cdf(torch.tensor(0.3).double()).log()"), ("[5, 0.1]",), "disagree", "torch.distributions.Normal(x[0], x[1]).cdf(torch.tensor(0.3).double())", "underflow"),
    # a probability that is used twice
    Faulty(f("p = torch.sigmoid(x); return (-(1 - p)**2 * torch.log(p)).sum()"), ("[-120, 1]",), "disagree", "torch.sigmoid(x)", "underflow", "float32", cure="-torch.sigmoid(-x)**2*F.logsigmoid(x)"),
    Faulty(f("p = 1 / (1 + torch.exp(-x)); return (-(1 - p)**2 * torch.log(p)).sum()"), ("[-120, 1]",), "disagree", "torch.exp(-x)", "overflow", "float32", cure="-torch.sigmoid(-x)**2*F.logsigmoid(x)"),
    Faulty(f("p = torch.sigmoid(x); t = torch.where(y == 1, p, 1 - p); return (-(1 - t)**2 * torch.log(t)).mean()", "x, y"), ("x=[-120, 1]", "y=[1, 0]"), "disagree", "torch.sigmoid(x)", "underflow", "float32", cure="-torch.where(y == 1, torch.sigmoid(-x), torch.sigmoid(x))**2*torch.where(y == 1, F.logsigmoid(x), F.logsigmoid(-x))"),
    Faulty(f("p = torch.softmax(x, -1); t = p[:, 1]; return (-(1 - t)**2 * torch.log(t)).mean()"), ("[[200, 1], [0, 1]]",), "disagree", "torch.softmax(x, -1)", "underflow", "float32", cure="torch.log_softmax(x, -1)[:, 1] in place of torch.log(t)"),
    Faulty(f("p = torch.softmax(x, -1); return -(p * torch.log(p)).sum()"), ("[200, 1]",), "disagree", "torch.softmax(x, -1)", "underflow", "float32", cure="torch.log_softmax(x, -1) in place of torch.log(p)"),
    Faulty(f("p = torch.sigmoid(x); return (-(p**2) * torch.log(1 - p)).mean()"), ("[40, 1]",), "disagree", "1 - p", "cancellation", "float32", cure="torch.sigmoid(-x)"),
    # half precision: out of range on the way there, in what adds up, and on the way back
    Faulty(f("h = x @ torch.ones(2, 2).to(x); return ((h * 300)**2).sum()"), ("[[1, 0.5]]",), "disagree", "(h * 300)**2", "overflow", "float16", cure="(h * 300).float() ** 2"),
    Faulty(f("return (x * x).sum() / 1000"), ("[200, 200]",), "disagree", "(x * x).sum()", "overflow", "float16", cure="(x * x).float().sum()"),
    Faulty(f("return (x @ x) / 1000"), ("[200, 200]",), "disagree", "x @ x", "overflow", "float16"),
    Faulty(f("return ((x * 300)**2).sum()"), ("[0.5, 0.1]",), "disagree", "x * 300", "overflow", "float16"),
    Faulty(f("return (x * 30).exp().sum() * 100 * x[0]"), ("[0.2, -1.7]",), "disagree", "x * 30", "overflow", "float16"),
    Faulty(f("return 40000 * x.sum() + (40000 * x).sum()"), ("[0.5, 0.1]",), "disagree", "x.sum()", "overflow", "float16"),
    # what is no number, masked only afterwards
    Faulty(f("d = torch.tensor([1.0, 0.0, 1.0]).to(x); return (x / d)[0]"), ("[2, 3, 4]",), "disagree", "x / d", "nan"),
    Faulty(f("d = torch.tensor([1.0, 0.0]).to(x); y = x / d; y[d == 0] = 0; return y.sum()"), X, "disagree", "x / d", "nan"),
    Faulty(f("w = torch.tensor([float('nan'), 1.0]).to(x); return (x * w).nan_to_num(0).sum()"), X, "disagree", "x * w", "nan"),
    Faulty(f("m = torch.tensor([[0.0, 0.0], [-torch.inf, -torch.inf]]).to(x); s = (x + m).softmax(-1); return torch.where(m.isinf(), 0.0, s).pow(2).sum()"), ("[[1, 2], [3, 4]]",), "disagree", "(x + m).softmax(-1)", "nan"),
    Faulty(f("return F.cross_entropy(x + torch.tensor([[0.0, -torch.inf]]).to(x), torch.tensor([1]))"), ("[[1, 2]]",), "undefined", "F.cross_entropy(x + torch.tensor([[0.0, -torch.inf]]).to(x), torch.tensor([1]))", "undefined"),
    Faulty(f("w = torch.tensor([float('nan'), 1.0]).to(x); return torch.nansum(x * w)"), X, "disagree", "x * w", "nan"),
    Faulty(f("p = x / x.sum(); return torch.where(p > 0, p * p.log(), 0.0).sum()"), ("[0, 1, 2]",), "disagree", "p * p.log()", "nan"),
    Faulty(f("return torch.linalg.det(x)"), ("[[1, 2], [2, 4]]",), "disagree", "torch.linalg.det(x)", "precision"),  # 0 of a matrix without inverse
    Faulty(f("a = x.detach().clone(); a.requires_grad_(True); return (a * x).sum()"), X, "disagree", "x.detach()", "cut"),
    Faulty(f("a = torch.tensor(x, requires_grad=True); return (a * x).sum()"), X, "disagree", "torch.tensor(x, requires_grad=True)", "cut"),
    Faulty(f("return torch.atan2(x[0], x[1])"), ("[0, 0]",), "undefined", "torch.atan2(x[0], x[1])", "jump"),
    Faulty(f("return torch.pow(x, y).sum()", "x, y"), ("x=[-2]", "y=[3]"), "undefined", "torch.pow(x, y)", "undefined"),
    Faulty(f("return F.embedding(torch.tensor([0, 1]), x, padding_idx=0).pow(2).sum()"), ("[[1, 2], [3, 4]]",), "disagree", "F.embedding(torch.tensor([0, 1]), x, padding_idx=0)", "cut"),
    # digits that cancel
    Faulty(f("return ((1 - torch.cos(x)) / x**2).sum()"), ("[1e-3]",), "disagree", "1 - torch.cos(x)", "cancellation", cure="2*torch.sin(x/2)**2"),
    Faulty(UNPROJECTED.format(""), ROWS, "disagree", "return r * (g - g.mean(-1, keepdim=True))", "backward", "float32"),
    Faulty(UNPROJECTED.format(" - h * (g * h).mean(-1, keepdim=True) * 1.0009"), ROWS, "disagree", "return r * (g - g.mean(-1, keepdim=True) - h * (g * h).mean(-1, keepdim=True) * 1.0009)", "backward", "float32"),
    Faulty(f("return (torch.exp(x) - 1).sum()"), ("[1e-8]",), "disagree", "torch.exp(x) - 1", "cancellation", cure="torch.expm1(x)"),
    Faulty(f("return torch.log1p(-torch.exp(-x)).sum()"), ("[1e-20, 1]",), "disagree", "torch.log1p(-torch.exp(-x))", "cancellation", cure="torch.log(-torch.expm1(-x))"),
    Faulty(f("return torch.log(1 + x).sum()"), ("[1e-12]",), "disagree", "1 + x", "cancellation", cure="torch.log1p(x)"),
    Faulty(f("return (1 - torch.cos(x)).sum()"), ("[1e-6]",), "disagree", "1 - torch.cos(x)", "cancellation", cure="2*torch.sin(x/2)**2"),
    Faulty(f("return ((1 - torch.cos(x)) / x**2).sum()"), ("[1e-4]",), "disagree", "1 - torch.cos(x)", "cancellation", "float32"),
    Faulty(f("return (x**2).mean() - x.mean()**2"), ("[10000, 10001]",), "disagree", "(x**2).mean() - x.mean()**2", "cancellation", "float32", cure="x.var(0, correction=0)"),
    Faulty(f("return (torch.sqrt(x + 1) - torch.sqrt(x)).sum()"), ("[1e14]",), "disagree", "torch.sqrt(x + 1) - torch.sqrt(x)", "cancellation"),
    Faulty(f("p = torch.sigmoid(x); return -torch.log(1 - p).sum()"), ("[30]",), "disagree", "1 - p", "cancellation", "float32"),
    Faulty(f("return F.binary_cross_entropy(torch.sigmoid(x), torch.zeros_like(x))"), ("[40]",), "disagree", "torch.sigmoid(x)", "cancellation", "float32", cure="F.binary_cross_entropy_with_logits(x, torch.zeros_like(x))"),
    Faulty(f("return (1 - torch.tanh(x)**2).log().sum()"), ("[12]",), "disagree", "1 - torch.tanh(x)**2", "cancellation", "float32"),
    Faulty(f("return (1 - torch.erf(x)).log().sum()"), ("[6]",), "disagree", "1 - torch.erf(x)", "cancellation", cure="torch.erfc(x)"),
    Faulty(f("return ((x + 1e10) - 1e10).sum()"), ("[0.1]",), "disagree", "(x + 1e10) - 1e10", "cancellation"),
    Faulty(f("d2 = (x**2).sum() + (y**2).sum() - 2 * (x * y).sum(); return d2.sqrt()", "x, y"), ("x=[1000, 1000]", "y=[1000, 1000.01]"), "disagree", "(x**2).sum() + (y**2).sum() - 2 * (x * y).sum()", "cancellation", "float32"),
    # no number on the way back
    Faulty(f("return torch.where(x > 0, torch.sqrt(x), torch.zeros_like(x)).sum()"), ("[1, -1]",), "disagree", "torch.sqrt(x)", "nan", cure="torch.where(x > 0, torch.sqrt(torch.where(x > 0, x, 1.0)), torch.zeros_like(x))"),
    Faulty(f("return torch.where(x > 0, torch.sqrt(x), 0.0).sum()"), ("[1, -1]",), "disagree", "torch.sqrt(x)", "nan", cure="torch.where(x > 0, torch.sqrt(torch.where(x > 0, x, 1.0)), 0.0)"),
    Faulty(f("return torch.where(x == 0, torch.ones_like(x), torch.sin(x) / x)[1:].sum()"), ("[0, 1]",), "disagree", "torch.sin(x) / x", "nan"),
    Faulty(f("return torch.where(x < 2, x.acos(), x).sum()"), ("[0.5, 3]",), "disagree", "x.acos()", "nan"),
    Faulty(f("return torch.where(x > 0, x**0.5, 0 * x).sum()"), ("[4, -4]",), "disagree", "x**0.5", "nan"),
    Faulty(f("return (x / (x.pow(2).sum().sqrt() + 1e-8)).sum()"), ("[0, 0]",), "disagree", "x.pow(2).sum().sqrt()", "nan"),
    # a graph that is cut
    Faulty(f("return (x.detach() * x).sum()"), X, "disagree", "x.detach()", "cut", cure="x"),
    Faulty(f("return (x.data**2 + x).sum()"), X, "disagree", "x.data", "cut", cure="x"),
    Faulty(f("n = x.norm().item(); return (x / n).sum()"), ("[1.3, 2.1]",), "disagree", "x.norm().item()", "cut", cure="x.norm()"),
    Faulty("def f(x):\n    with torch.no_grad():\n        s = x.max()\n    return (x * s).sum()\n", ("[1, 3.5]",), "disagree", "x.max()", "cut", cure="torch.enable_grad() in line 7"),
    Faulty("@torch.no_grad()\ndef scale(x):\n    return x.std()\n\n\ndef f(x):\n    return (x / scale(x)).sum()\n", ("[1, 3.5]",), "disagree", "x.std()", "cut", cure="torch.enable_grad() in line 6"),
    Faulty(f("y = x.clone().detach().requires_grad_(); return (y**2).sum()"), X, "disagree", "x.clone().detach()", "cut", cure="x.clone()"),
    Faulty(f("return (x.argmax().float() - 2)**2"), ("[1.5, 2, 4]",), "disagree", "x.argmax()", "cut"),
    Faulty(f("return (x.long().float() * 2).sum()"), ("[1.5, 2.2]",), "disagree", "x.long()", "cut"),
    Faulty(f("g = torch.autograd.grad((x**3).sum(), x)[0]; return (g**2).sum()"), X, "disagree", "torch.autograd.grad((x**3).sum(), x)", "cut", cure="torch.autograd.grad((x**3).sum(), x, create_graph=True)"),
    Faulty("from torch.autograd import Variable\n\n\n" + f("h = Variable(torch.tanh(x).data, requires_grad=True); return (h * x).sum()"), X, "disagree", "torch.tanh(x).data", "cut", cure="torch.tanh(x) in place of Variable(torch.tanh(x).data, requires_grad=True)"),
    Faulty("class f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.w = nn.Parameter(torch.tensor([0.5, -0.002]))\n\n    def forward(self, x):\n        with torch.no_grad():\n            self.w.clamp_(-0.01, 0.01)\n        return (x @ self.w)**2\n", X, "disagree", "self.w.clamp_(-0.01, 0.01)", "cut"),
    Faulty("class f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.w = nn.Parameter(torch.tensor([[3.0, 4.0]]))\n\n    def forward(self, x):\n        self.w.data = F.normalize(self.w.data)\n        return (self.w @ x)**3\n", X, "disagree", "F.normalize(self.w.data)", "cut"),
    Faulty("class f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.table = nn.Embedding(2, 2, max_norm=1.0, _weight=torch.tensor([[3.0, 4.0], [0.1, 0.2]]))\n\n    def forward(self, x):\n        return (self.table(torch.tensor([0, 1])) @ x)[0]\n", X, "disagree", "self.table(torch.tensor([0, 1]))", "cut"),
    Faulty(f("return torch.tensor(x.sum().item())**2 + 0 * x.sum()"), ("[1.3, 2.1]",), "disagree", "x.sum().item()", "cut", cure="x.sum() in place of torch.tensor(x.sum().item())"),
    Faulty(f("return (x + (torch.round(x) - x).detach()).sum()"), ("[0.3, 1.7]",), "disagree", "(torch.round(x) - x).detach()", "cut"),
    Faulty(f("torch.set_grad_enabled(False); return (x**2).sum()"), X, "disagree", "x**2", "cut", cure="torch.set_grad_enabled(True) in line 7"),
    Faulty(f("x.data.mul_(2); return (x**2).sum()"), X, "disagree", "x.data", "cut"),
    Faulty("import math\n\n\n" + f("return x.sum() * math.exp(x[0].detach())"), ("[1.3, 2.1]",), "disagree", "math.exp(x[0].detach())", "cut", cure="torch.exp(x[0])"),
    Faulty(f("s = x.abs().max().item() * 2 + 1; return (x / s).sum()"), ("[1.3, 2.1]",), "disagree", "x.abs().max().item()", "cut", cure="x.abs().max()"),
    Faulty(f("v = x.tolist(); return torch.tensor([v[0] * v[1]]) * x.sum()"), ("[1.3, 2.1]",), "disagree", "x.tolist()", "cut"),
    Faulty(f("return (torch.tensor(x.tolist(), dtype=x.dtype) * x).sum()"), ("[1.3, 2.1]",), "disagree", "x.tolist()", "cut"),
    # changed in place
    Faulty(f("y = torch.exp(x); y += 1; return y.sum()"), X, "disagree", "y += 1", "in-place", cure="y = y + 1"),
    Faulty(f("y = torch.sigmoid(x); y.mul_(2); return y.sum()"), X, "disagree", "y.mul_(2)", "in-place", cure="y = y.mul(2)"),
    Faulty(f("h = torch.tanh(x); F.leaky_relu_(h, 0.1); return h.sum()"), ("[1, -1]",), "disagree", "F.leaky_relu_(h, 0.1)", "in-place", cure="h = F.leaky_relu(h, 0.1)"),
    Faulty("class f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.net = nn.Sequential(nn.Sigmoid(), nn.ReLU(inplace=True))\n\n    def forward(self, x):\n        return self.net(x).sum()\n", X, "disagree", "self.net(x)", "in-place", cure="nn.ReLU() in line 9"),
    Faulty(f("h = torch.tanh(x); h[0] = 0; return (h * h).sum()"), X, "disagree", "h[0]", "in-place", cure="h = h.clone(); h[0] = 0"),
    # a backward by hand
    Faulty(backward("x**2", "g * x"), X, "disagree", "return g * x", "backward"),
    Faulty(backward("x**2", "g * 2 * x * 1.0009"), X, "disagree", "return g * 2 * x * 1.0009", "backward"),
    Faulty(backward("torch.abs(x)", "g"), ("[1, -2]",), "disagree", "return g", "backward"),
    Faulty(backward("torch.sigmoid(x)", "g * x * (1 - x)"), X, "disagree", "return g * x * (1 - x)", "backward"),
    Faulty(backward("torch.exp(x)", "2 * x"), X, "disagree", "return 2 * x", "backward"),
    Faulty(backward("x.clamp(min=0)", "g * (x > -1)"), ("[1, -0.5]",), "disagree", "return g * (x > -1)", "backward"),
    Faulty(backward("torch.round(x)", "g"), ("[0.3, 1.2]",), "disagree", "return g", "backward"),
    Faulty(backward("x.softmax(-1)", "g * x.softmax(-1) * (1 - x.softmax(-1))"), X, "disagree", "return g * x.softmax(-1) * (1 - x.softmax(-1))", "backward"),
    # no derivative
    Faulty(f("return x.abs().sum()"), ("[1, 0]",), "kink", "x.abs()", "kink"),
    Faulty(f("return torch.relu(x).sum()"), ("[0]",), "kink", "torch.relu(x)", "kink"),
    Faulty(f("return x.max()"), ("[2, 2, 1]",), "kink", "x.max()", "kink"),
    Faulty(f("return F.l1_loss(x, y)", "x, y"), ("x=[1, 2]", "y=[1, 3]"), "kink", "F.l1_loss(x, y)", "kink"),
    Faulty(f("return x.norm()"), ("[0, 0]",), "kink", "x.norm()", "kink"),
    Faulty(f("return torch.clamp(x, 0, 1).sum()"), ("[1]",), "kink", "torch.clamp(x, 0, 1)", "kink"),
    Faulty(f("return torch.sqrt(x).sum()"), ("[0, 1]",), "infinite", "torch.sqrt(x)", "infinite", cure="torch.sqrt(x.clamp(min=1e-12))"),
    Faulty(f("return (x**0.5 + x).sum()"), ("[0, 1]",), "infinite", "x**0.5", "infinite"),
    Faulty(f("return torch.acos(x).sum()"), ("[1]",), "infinite", "torch.acos(x)", "infinite", cure="torch.acos(x.clamp(-1 + 1e-6, 1 - 1e-6))"),
    Faulty(f("return torch.xlogy(x, x).sum()"), ("[0, 1]",), "infinite", "torch.xlogy(x, x)", "infinite"),
    Faulty(f("return torch.log(x).sum()"), ("[-1, 1]",), "undefined", "torch.log(x)", "undefined"),
    Faulty(f("return (x / x.sum()).sum()"), ("[1, -1]",), "undefined", "x / x.sum()", "undefined"),
    Faulty(f("return (x / x.norm()).sum()"), ("[0, 0]",), "undefined", "x / x.norm()", "undefined", cure="F.normalize(x, dim=0)"),
    Faulty(f("return ((x - x.mean()) / x.std()).sum()"), ("[2, 2, 2]",), "undefined", "(x - x.mean()) / x.std()", "undefined", cure="(x - x.mean()) / (x.std() + 1e-8)"),
    Faulty(f("m = (x > 0).float(); return (m * torch.log(x)).sum()"), ("[1, 0]",), "undefined", "torch.log(x)", "undefined"),
    Faulty(f("return (-(x * torch.log(x))).sum()"), ("[0, 1]",), "undefined", "torch.log(x)", "undefined"),
    Faulty(f("s = x.masked_fill(torch.ones_like(x).bool(), float('-inf')); return s.softmax(-1).sum()"), X, "undefined", "s.softmax(-1)", "undefined"),
    Faulty(f("return torch.floor(x).sum()"), ("[2]",), "undefined", "torch.floor(x)", "jump"),
    Faulty(f("return torch.where(x > 1, x + 1, x).sum()"), ("[1]",), "undefined", "x > 1", "jump"),
    Faulty(f("return torch.round(x * 4).sum() / 4"), ("[0.3]",), "flat", "torch.round(x * 4)", "flat"),
    Faulty(f("return (x > 0.5).float().mean()"), ("[0.3, 0.7]",), "flat", "x > 0.5", "flat"),
    Faulty(f("return torch.sign(x).sum()"), ("[0.3, -0.7]",), "flat", "torch.sign(x)", "flat"),
    Faulty(f("return ((torch.sigmoid(x) > 0.5).float() - y).abs().mean()", "x, y"), ("x=[0.3, -0.7]", "y=[0.5, 0.25]"), "flat", "torch.sigmoid(x) > 0.5", "flat"),
    # a second batch, written before it was run
    Faulty(f("n = (x**2).sum(-1, keepdim=True).sqrt(); return torch.where(y > 0, x / n, torch.zeros_like(x)).sum()", "x, y"), ("x=[[3, 4.5], [0, 0]]", "y=[[1, 1], [0, 0]]"), "disagree", "x / n", "nan"),
    Faulty(f("return -0.5 * (1 + y - x**2 - y.exp()).sum()", "x, y"), ("x=[1, 2]", "y=[100, 0]"), "disagree", "y.exp()", "overflow", "float32"),
    Faulty(f("p = torch.sigmoid(x); return -(y * torch.log(p)).sum()", "x, y"), ("x=[-120, 3]", "y=[1, 0.5]"), "disagree", "torch.sigmoid(x)", "underflow", "float32", cure="F.logsigmoid(x)"),
    Faulty(f("q = x.softmax(-1); return F.kl_div(q.log(), y, reduction='sum')", "x, y"), ("x=[0, -200]", "y=[0.5, 0.5]"), "disagree", "x.softmax(-1)", "underflow", "float32", cure="torch.log_softmax(x, -1)"),
    Faulty(f("c = (x * y).sum() / (x.norm() * y.norm()); return torch.acos(c)", "x, y"), ("x=[1, 2]", "y=[1.0001, 2.0001]"), "disagree", "(x * y).sum() / (x.norm() * y.norm())", "cancellation", "float32"),
    Faulty(f("return (torch.sqrt(1 + x**2) - 1).sum()"), ("[1e-5]",), "disagree", "torch.sqrt(1 + x**2) - 1", "cancellation", "float32"),
    Faulty(f("h = x.half() / 1e-4; return h.softmax(-1)[0].float()"), ("[10, 9]",), "disagree", "x.half() / 1e-4", "overflow", "float32"),
    Faulty(f("return x.std()"), ("[2, 2, 2]",), "kink", "x.std()", "kink"),
    Faulty(f("h = torch.sigmoid(x); F.relu(h, inplace=True); return (h * h).sum()"), ("[1, -2]",), "disagree", "F.relu(h, inplace=True)", "in-place", cure="h = F.relu(h)"),
    Faulty(f("y = torch.tensor([x[0], x[1]]); return (y * x).sum()"), ("[1.3, 2.1]",), "disagree", "torch.tensor([x[0], x[1]])", "cut", cure="torch.stack([x[0], x[1]])"),
    Faulty(f("y = x * 2; y.register_hook(lambda g: g.clamp(-0.1, 0.1)); return (y**2).sum()"), ("[1.3, 2.1]",), "disagree", "g.clamp(-0.1, 0.1)", "hook"),
    Faulty(backward("x.view_as(x)", "-g"), ("[1, -2]",), "disagree", "return -g", "backward"),
    Faulty(f("return torch.log(torch.det(x))"), ("[[1e-16, 0, 0], [0, 1e-16, 0], [0, 0, 2e-16]]",), "disagree", "torch.det(x)", "underflow", "float32", cure="torch.logdet(x)"),
    Faulty(f("u, s, v = torch.linalg.svd(x); return (u @ v)[0, 1]"), ("[[2, 0], [0, 2]]",), "disagree", "torch.linalg.svd(x)", "nan"),
    Faulty(f("return F.cross_entropy(x, y, ignore_index=0)", "x, y"), ("x=[[1, 2.5], [0, 1]]", "y=[0, 0]"), "undefined", "F.cross_entropy(x, y, ignore_index=0)", "undefined"),
    Faulty(f("m = (1 - y) * torch.finfo(torch.float32).min; return (x + m + m).softmax(-1)[0]", "x, y"), ("x=[1, 2]", "y=[0, 0]"), "disagree", "x + m + m", "overflow", "float32"),
    Faulty(f("h = x.half(); v = h.pow(2).mean(-1, keepdim=True); return (h * torch.rsqrt(v + 1e-6)).float()[0]"), ("[300, 2]",), "disagree", "h.pow(2)", "overflow", "float32", cure="h.float().pow(2)"),
    Faulty(f("return torch.where(x > 0, x, x.exp() - 1).sum()"), ("[1000, -1]",), "disagree", "x.exp()", "overflow"),
    Faulty(f("return torch.sqrt(torch.relu(x)).sum()"), ("[0, 1]",), "infinite", "torch.sqrt(torch.relu(x))", "infinite"),
    Faulty(f("return 2 * 6.626e-34 * x**3 / 3e8**2 / (torch.exp(6.626e-34 * x / (1.381e-23 * 300)) - 1)"), ("1e13",), "disagree", "x**3", "overflow", "float32"),
    Faulty(f("return x.norm()"), ("[3e-30, 4e-30]",), "disagree", "x.norm()", "underflow", "float32", cure="torch.linalg.vector_norm(x, dim=0, dtype=torch.float64).to(x.dtype)"),
    Faulty(f("return x.norm()"), ("[3e-200, 4e-200]",), "disagree", "x.norm()", "underflow"),
    Faulty("def half(g):\n    return g * 0.5\n\n\nclass f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.layer = nn.Linear(2, 1)\n        self.layer.register_full_backward_hook(lambda module, given, out: (half(given[0]),))\n\n    def forward(self, x):\n        return self.layer(x).pow(2).sum()\n", ("[[1, 2]]",), "disagree", "(half(given[0]),)", "hook"),
    Faulty("class f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.w = nn.Parameter(torch.ones(2))\n        self.w.register_hook(self.clip)\n\n    def clip(self, g):\n        return g.clamp(max=1)\n\n    def forward(self, x):\n        return (self.w * x).sum()\n", X, "disagree", "return g.clamp(max=1)", "hook"),
    Faulty(f("x.register_hook(lambda g: g.mul_(2)); return (x**2).sum()"), X, "disagree", "g.mul_(2)", "hook"),
    Faulty(f("y = x * x; y.grad_fn.register_hook(lambda given, out: (given[0] / 2, given[1])); return y.sum()"), X, "disagree", "(given[0] / 2, given[1])", "hook"),
    Faulty(f("y = (x * x).sum(); y.grad_fn.next_functions[0][0].register_prehook(lambda out: (3 * out[0],)); return y"), X, "disagree", "(3 * out[0],)", "hook"),
    # what is drawn at random, counted, or a class: no slope leads through it
    Faulty(f("return (torch.distributions.Normal(x, 1.0).sample()**2).sum()"), X, "disagree", "torch.distributions.Normal(x, 1.0).sample()", "cut"),
    Faulty(f("return (torch.normal(x, 2 * x)**2).sum()"), X, "disagree", "torch.normal(x, 2 * x)", "cut"),
    Faulty(f("return (torch.bernoulli(torch.sigmoid(x)) * torch.arange(2)).sum()"), X, "disagree", "torch.bernoulli(torch.sigmoid(x))", "cut"),
    Faulty(f("return torch.histc(x, 4, 0.0, 1.0).var()"), ("[0.1, 0.2, 0.7]",), "disagree", "torch.histc(x, 4, 0.0, 1.0)", "cut"),
    Faulty(f("return (x.argmax(1) == torch.tensor([0, 1])).float().mean()"), ("[[3.2, 1], [2, 5]]",), "disagree", "x.argmax(1)", "cut"),
    Faulty(f("p = (torch.sigmoid(x) > 0.5).float(); return 1 - 2 * (p * y).sum() / (p.sum() + y.sum())", "x, y"), ("x=[3.2, -1]", "y=[1, 1]"), "flat", "torch.sigmoid(x) > 0.5", "flat"),
    Faulty(f("return F.gaussian_nll_loss(x, torch.zeros_like(x), x - 1)"), X, "disagree", "F.gaussian_nll_loss(x, torch.zeros_like(x), x - 1)", "cut"),
    # a slope that is infinite where 0 comes back, as in losses of distances and angles
    Faulty(f("return torch.sqrt(F.mse_loss(x * 0, y))", "x, y"), ("x=[1]", "y=[0]"), "disagree", "torch.sqrt(F.mse_loss(x * 0, y))", "nan", cure="torch.sqrt(F.mse_loss(x * 0, y).clamp(min=1e-12))"),
    Faulty(f("c = F.normalize(x) @ torch.eye(2).to(x); return F.cross_entropy(torch.cos(torch.acos(c) + 0.5) * 30, torch.tensor([0]))"), ("[[1, 0]]",), "disagree", "torch.acos(c)", "nan", cure="torch.acos(c.clamp(-1 + 1e-6, 1 - 1e-6))"),
    Faulty(f("d = ((x - y)**2).sum(1).sqrt(); return ((1 - t) * d**2 + t * (2 - d).clamp(min=0)**2).mean()", "x, y, t"), ("x=[[1, 0.4]]", "y=[[1, 0.4]]", "t=[0]"), "disagree", "((x - y)**2).sum(1).sqrt()", "nan", cure="torch.sqrt(((x - y) ** 2).sum(1).clamp(min=1e-12))"),
    # a softmax of what is itself computed: similarities, a temperature
    Faulty(f("e = torch.exp(x @ y.T / 0.01); return -torch.log(e.diagonal() / e.sum(1)).mean()", "x, y"), ("x=[[1, 0.1], [1, 0.2]]", "y=[[1, 0.1], [1, 0.11]]"), "disagree", "torch.exp(x @ y.T / 0.01)", "overflow", "float32", cure="torch.log_softmax(x @ y.T / 0.01, 1)"),
    Faulty(f("e = torch.exp(x / 0.01); return -torch.log(e[:, 1] / e.sum(-1)).mean()"), ("[[1, 1.01], [0.98, 0.99]]",), "disagree", "torch.exp(x / 0.01)", "overflow", "float32", cure="torch.log_softmax(x / 0.01, -1)[:, 1] in place of torch.log(e[:, 1] / e.sum(-1))"),
    Faulty(f("return torch.log(torch.exp(x * y).sum(1)).sum()", "x, y"), ("x=[[100.5, 1]]", "y=[[1, 2]]"), "disagree", "torch.exp(x * y)", "overflow", "float32", cure="torch.logsumexp(x * y, 1)"),
    # the cure is in the user's own words, or there is none: a library's steps have no words, and 0 / 0 no right value
    Faulty(f("q = torch.distributions.Normal(x[0], torch.exp(x[1] / 2)); return torch.distributions.kl_divergence(q, torch.distributions.Normal(0.0, 1.0))"), ("[1, 1000]",), "disagree", "torch.distributions.kl_divergence(q, torch.distributions.Normal(0.0, 1.0))", "overflow", cure=""),
    Faulty(f("z = torch.full((2,), torch.nan).to(x); z[0] = x * y / y; z[1] = x + y; return z[1]", "x, y"), ("x=1", "y=0"), "disagree", "x * y / y", "nan", cure=""),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Right:
    """Code that is right at a point."""

    code: str
    at: tuple[str, ...]
    dtype: str = "float64"


RIGHT = [
    Right(f("m = 0.9 * x.mean().detach() + 0.1 * x.mean(); return ((x - m)**2).sum()"), X),
    Right(f("m = torch.tensor([[True, True], [False, True]]); return torch.logsumexp(x.masked_fill(m, -torch.inf), 1).exp().sum()"), ("[[1, 2], [3, 4]]",)),
    Right(f("return F.embedding(torch.tensor([1, 2]), x, padding_idx=0).pow(2).sum()"), ("[[1, 2], [3, 4], [5, 6]]",)),
    Right(f("return torch.where(torch.isnan(x), 0.0, x**2).nan_to_num(1.0).sum()"), X),
    Right(f("y = torch.tensor([float('nan'), 1.0]).to(x); return (torch.where(y != y, 2.0, y) * x).sum() + (x * (y <= y)).sum()"), X),
    Right(f("return torch.fft.fft(x).abs().sum() + torch.vmap(lambda r: r * r)(x).sum()"), ("[1, 2, 4]",)),
    Right(f("y = x * 2; torch.autograd.graph.register_multi_grad_hook([x, y], lambda found: None); return (y**2).sum()"), X),
    # gradients that cancel almost wholly, to what the format can give
    Right(f("return F.layer_norm(x, (4,)).pow(2).mean()"), ROWS, "float32"),
    Right(f("return F.layer_norm(x, x.shape[-1:]).pow(2).mean()"), ROWS, "bfloat16"),
    Right(f("return F.batch_norm(x, None, None, training=True).pow(2).mean()"), ROWS, "float32"),
    Right(f("return F.group_norm(x, 2).pow(2).mean()"), ROWS, "float32"),
    Right(f("return F.rms_norm(x, (4,)).pow(2).mean()"), ROWS, "float32"),
    Right(f("return F.rms_norm(x, x.shape[-1:]).pow(2).mean()"), ROWS),
    Right(f("return F.rms_norm(1e-4 * x, (4,)).pow(3).sum()"), ROWS, "float32"),
    Right(f(STANDARDISED), ROWS, "float32"),
    Right(f("return F.cosine_similarity(x, 3 * x + 1e-3 * torch.arange(4), dim=-1).sum()"), ROWS, "float32"),
    Right(f("return torch.log_softmax(x, -1).exp().sum() + torch.softmax(x, -1).sum()"), ROWS, "float32"),
    Right(f("return F.normalize(x, dim=-1).pow(2).sum()"), ROWS, "float32"),

    Right(f("return F.cross_entropy(x, y)", "x, y"), ("x=[[1, 2, 1000], [0, 1, 2]]", "y=[2, 0]"), "float32"),
    Right(f("return F.cross_entropy(x, y.long())", "x, y"), ("x=[[1, 2, 3], [0, 1, 2]]", "y=[2, 0]")),
    Right(f("return F.nll_loss(torch.log_softmax(x, -1), y)", "x, y"), ("x=[[1, 2, -900], [0, 1, 2]]", "y=[1, 0]"), "float32"),
    Right(f("return F.binary_cross_entropy_with_logits(x, y)", "x, y"), ("x=[200, -200, 0.5]", "y=[0, 1, 1]"), "float32"),
    Right(f("return F.softplus(x).sum()"), ("[1000, -50, 0, 20.5]",), "float32"),
    Right(f("return F.softplus(x).sum()"), ("[1000, -50, 0, 20.5]",)),
    Right(f("return torch.logsumexp(x, 0)"), ("[1000, 999, -1e4]",), "float32"),
    Right(f("return F.logsigmoid(x).sum()"), ("[-200, 200]",), "float32"),
    Right(f("return torch.expm1(x).sum() + torch.log1p(x).sum()"), ("[1e-12]",)),
    Right(f("return x.var(unbiased=False)"), ("[10000, 10001]",), "float32"),
    Right(f("return torch.hypot(x[0], x[1])"), ("[1e200, 1e200]",)),
    Right(f("return F.normalize(x, dim=-1).sum()"), ("[[3, 4], [1e-3, 1e-3]]",), "float32"),
    Right(f("return F.normalize(x, dim=-1).pow(2).sum()"), ("[[3, 4.7], [1, 2.2]]",)),
    Right(f("return F.layer_norm(x, (3,)).sum()"), ("[[1, 2, 4.5]]",)),
    Right(f("return F.layer_norm(x, (3,)).sum()"), ("[[1, 2, 4.5]]",), "float32"),
    Right(f("return F.layer_norm(x, (3,)).pow(3).sum()"), ("[[1e6, 2e6, 4e6]]",)),
    Right(f("return F.cosine_similarity(x, y, dim=0)", "x, y"), XY),
    Right(f("return F.cosine_similarity(x, y, dim=0)", "x, y"), ("x=[1, 2]", "y=[2, 4]")),
    Right(f("return (x * 1e-6).sin().sum()"), X),
    Right(f("return (x * 1e9).pow(2).sum()"), X),
    Right(f("return 6.674e-11 * 5.97e24 * 7.35e22 / x**2"), ("3.84e8",), "float32"),
    Right(f("return torch.tanh(x).sum() + torch.sigmoid(x).sum()"), ("[40, -40]",)),
    Right(f("return torch.sigmoid(x).sum()"), ("[-80]",), "float32"),
    Right(f("return torch.sqrt(x + 1e-12).sum()"), ("[0, 1]",)),
    Right(f("return torch.sqrt(x).sum()"), ("[1e-12, 1e9]",)),
    Right(f("return (x.float()**3).sum()"), ("[2.3]",)),
    Right(f("return (x.half()**2).sum().float()"), ("[1.5, 2]",), "float32"),
    Right(f("safe = torch.where(x > 0, x, torch.ones_like(x)); return torch.where(x > 0, safe.sqrt(), 0 * x).sum()"), ("[1, -1]",)),
    Right(f("return torch.relu(x).sum()"), ("[1, -1]",)),
    Right(f("loss = (x**2).sum(); history = [loss.item()]; return loss"), ("[1.3, 2.1]",)),
    Right(f("return x.sum() if x.sum().item() > 0 else (x**2).sum()"), ("[1.3, 2.1]",)),
    Right(f("return torch.where(x > 0, torch.log(x), x).sum()"), ("[1, -1]",)),
    Right(f("m = (x > 0).float(); return (m * x.abs().sqrt()).sum()"), ("[1, -1]",)),
    Right(f("return x[x > 0].sum()"), ("[1, -1]",)),
    Right(f("return F.huber_loss(x, y)", "x, y"), ("x=[1, 3]", "y=[0, 0]")),
    Right(f("return F.smooth_l1_loss(x, y)", "x, y"), ("x=[1, 3]", "y=[0, 0]")),
    Right(f("return x.max() + x.topk(2)[0].sum() + x.sort()[0][0]"), ("[1, 3, 2]",)),
    Right(f("m = (y == 1); return x[m].sum() + (y * 0).sum()", "x, y"), ("x=[1, 3]", "y=[0, 1]")),
    Right(f("return F.embedding(y, x).pow(2).sum()", "x, y"), ("x=[[1, 2], [3, 4], [5, 6]]", "y=[0, 2, 2]")),
    Right(f("return F.scaled_dot_product_attention(x, x, x, is_causal=True).sum()"), ("[[[1, 2], [3, 4], [0, 1]]]",)),
    Right(f("s = x @ x.T; s = s.masked_fill(torch.triu(torch.ones_like(s), 1).bool(), float('-inf')); return (s.softmax(-1) @ x).pow(2).sum()"), ("[[1, 2], [0.5, 1]]",)),
    Right(f("return torch.where(torch.isnan(x), torch.zeros_like(x), x).sum()"), X),
    Right("def f(x):\n    for _ in range(3):\n        x = x.sin() if x.sum() > 0 else x.cos()\n    return x.sum()\n", X),
    Right(f("y = x.clone(); y[0] = y[0] * 2; y.mul_(3); return y.sum()"), X),
    Right(f("return torch.linalg.det(x) + torch.linalg.inv(x).sum() + torch.linalg.solve(x, x[0]).sum()"), ("[[2, 1], [1, 3]]",)),
    Right(f("return torch.linalg.cholesky(x @ x.T).sum() + torch.logdet(x @ x.T)"), ("[[2, 1], [1, 3]]",)),
    Right(f("return torch.cdist(x, x + 1).sum()"), ("[[2, 1], [1, 3]]",)),
    Right(f("return torch.fft.fft(x).abs().sum()"), ("[1, 2, 4.5]",)),
    Right(f("return torch.linalg.svdvals(x).sum()"), ("[[2, 1], [1, 3]]",)),
    Right(f("return (x.cumsum(0) * x.cumprod(0)).logcumsumexp(0).sum()"), ("[1, 2, 3]",)),
    Right(f("return torch.distributions.Normal(x, x.exp()).log_prob(torch.zeros_like(x)).sum()"), X),
    Right(f("return torch.xlogy(x, x).sum() + torch.special.entr(x).sum()"), ("[0.5, 1]",)),
    Right(f("return F.kl_div(x.log_softmax(-1), y.softmax(-1), reduction='batchmean')", "x, y"), ("x=[[1, 2]]", "y=[[3, 5]]")),
    Right(f("return F.triplet_margin_loss(x, y, x + y + 3)", "x, y"), ("x=[[1, 2]]", "y=[[3, 5]]")),
    Right(f("return F.gelu(x).sum() + F.silu(x).sum() + F.mish(x).sum() + F.elu(x).sum()"), ("[-30, -1, 2, 30]",)),
    Right(f("return F.batch_norm(x, None, None, training=True).pow(3).sum()"), ("[[1, 2], [3, 5], [4, 9]]",)),
    Right(f("return F.conv1d(x, y, padding=1).pow(2).sum()", "x, y"), ("x=[[[1, 2, 3]]]", "y=[[[1, 0, -1]]]")),
    Right(f("return (x @ y).pow(2).sum()", "x, y"), ("x=[[1, 2], [3, 4]]", "y=[[1, 0], [2, 1]]"), "bfloat16"),
    Right(f("return torch.einsum('ij,jk->ik', x, x).trace()"), ("[[2, 1], [1, 3]]",)),
    Right(f("return torch.atan2(x[0], x[1]) + torch.atan(x).sum()"), ("[1e-9, -1]",)),
    Right(f("return (x**3).sum() + x.pow(0.5).sum() + (2**x).sum()"), X),
    Right(f("return ((x - y)**2).mean().sqrt()", "x, y"), XY),
    Right(f("return x.std() + x.norm() + x.mean()"), ("[1, 2, 4]",), "float32"),
    Right(backward("x**2", "g * 2 * x"), X),
    Right(backward("x.clamp(min=0)", "g * (x > 0)"), ("[1, -0.5]",)),
    Right(backward("torch.where(x.abs() <= 1, x**2 / 2, x.abs() - 0.5)", "g * x.clamp(-1, 1)"), ("[0.5, -3]",)),
    Right("class f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        torch.manual_seed(0)\n        self.net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.LayerNorm(8), nn.Linear(8, 1))\n\n    def forward(self, x):\n        return self.net(x).pow(2).mean()\n", ("[[1, 2, 3], [0, 1, 0]]",)),
    Right("class f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.rnn = nn.LSTM(2, 3, batch_first=True)\n\n    def forward(self, x):\n        return self.rnn(x)[0].sum()\n", ("[[[1, 2], [0, 1]]]",), "float32"),
    Right("class f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.rnn = nn.GRU(2, 3)\n        self.drop = nn.Dropout(0.5).eval()\n\n    def forward(self, x):\n        return self.drop(self.rnn(x)[0]).sum()\n", ("[[[1, 2]], [[0, 1]]]",)),
    Right("class f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.attention = nn.MultiheadAttention(4, 2, batch_first=True)\n\n    def forward(self, x):\n        return self.attention(x, x, x)[0].pow(2).sum()\n", ("[[[1, 2, 0, 1], [0, 1, 3, 2]]]",)),
    Right("class f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.block = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True, dropout=0.0)\n\n    def forward(self, x):\n        return self.block(x).pow(3).mean()\n", ("[[[1, 2, 0, 1], [0, 1, 3, 2]]]",), "float32"),
    Right("class f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.conv = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2))\n\n    def forward(self, x):\n        return self.conv(x).sum()\n", ("[[[[1, 2, 0, 3], [2, 5, 1, 0], [7, 1, 2, 2], [0, 3, 1, 4]]]]",)),
    Right(f("return (x**y).sum()", "x, y"), ("x=[0, 2]", "y=[2, 3]")),
    Right(f("return (x / torch.sqrt((x**2).sum() + 1e-12)).sum()"), ("[0, 0]",)),
    Right(f("z = torch.view_as_complex(x) * torch.polar(torch.ones(2).double(), torch.tensor([0.3, 0.7]).double()); return torch.view_as_real(z).pow(3).sum()"), ("[[1, 2], [3, -1]]",)),
    Right(f("return torch.linalg.eigvalsh(x).sum()"), ("[[2, 0], [0, 2]]",)),
    Right(f("return F.ctc_loss(x.log_softmax(-1), torch.tensor([[1, 2]]), torch.tensor([3]), torch.tensor([2]))"), ("[[[1, 2, 0.5]], [[0, 1, 3]], [[2, 1, 1]]]",)),
    Right(f("return F.grid_sample(x, y, align_corners=False).sum()", "x, y"), ("x=[[[[1, 2, 4], [3, 7, 5]]]]", "y=[[[[0.1, 0.3]]]]")),
    Right("import torch.utils.checkpoint\n\n\n" + f("return torch.utils.checkpoint.checkpoint(lambda z: torch.tanh(z) * z, x, use_reentrant=False).sum()"), X),
    Right("class f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.layer = nn.utils.parametrizations.weight_norm(nn.Linear(2, 2))\n\n    def forward(self, x):\n        return self.layer(x).pow(2).sum()\n", ("[[1, 2]]",)),
    Right(f("return torch.func.vmap(lambda r: (r**2).sum().sin())(x).sum()"), ("[[1, 2], [3, 4]]",)),
    Right(f("return torch.func.grad(lambda z: (z**3).sum())(x).pow(2).sum()"), X),
    Right(f("return torch.sinc(x).sum()"), ("[0, 0.5]",)),
    Right(f("x.register_hook(lambda g: g * 1.0); return (x**2).sum()"), X),
    Right(f("y = x * x; y.grad_fn.register_hook(lambda given, out: None); n = y.grad_fn; return y.sum() if n == y.grad_fn and n.name() else x"), X),
    Right(f("return torch.sparse.mm(torch.eye(2).double().to_sparse(), x).pow(2).sum()"), ("[[1, 2], [3, 4]]",)),
    Right(f("z = torch.fft.fft(x); z.mul_(2); return z.abs().sum()"), ("[1, 2, 4]",)),
    Right(f("return torch.stft(x, 4, window=torch.ones(4).to(x), center=False, return_complex=True).abs().pow(2).sum()"), ("[1, 2, 0.5, 1, 3, 1]",)),
    Right(f("return torch.func.hessian(lambda t: (t**3).sum() * t[0])(x).trace()"), X),
    Right("def f(x):\n    n = torch.ones(2).to(x)\n    with torch.no_grad():\n        F.normalize(n, dim=0, out=n)\n        torch.sub(n, 1, out=n)\n    return ((x - n)**2).sum()\n", X),
    Right("import torch.utils.checkpoint\n\n\n" + f("return torch.utils.checkpoint.checkpoint(lambda z: torch.tanh(z) * z, x, use_reentrant=True).sum()"), X),
    Right("class f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.table = nn.Embedding(3, 2, sparse=True)\n\n    def forward(self, x):\n        return (self.table(torch.tensor([0, 2, 2])) * x).pow(2).sum()\n", X),
    Right("class f(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.net = nn.Sequential(nn.LazyLinear(3), nn.LazyBatchNorm1d(), nn.Dropout(0.5))\n\n    def forward(self, x):\n        return self.net(x).pow(2).sum()\n", ("[[1, 2], [3, 5], [0, 1]]",)),
    Right("import random\n\nimport numpy as np\n\n\n" + f("part = np.random.beta(1.0, 1.0) * random.random(); return (torch.rand_like(x) * (part * x + (1 - part) * x.flip(0))).pow(2).sum()"), X),
    Right(f("z = torch.distributions.Normal(x, 1.0); return -z.log_prob(z.sample()).sum() + (z.rsample()**2).sum()"), X),
]  # fmt: skip
