"""Classic traps of floating-point arithmetic: what spoils the first thing that is wrong, as an analyst would name it.

Source of many: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002; Kahan's and Herbie's examples.
"""

from __future__ import annotations

import pytest

from gradcalc import api
from gradcalc.answers.gradient.scalar import compared
from gradcalc.answers.verdicts import Verdict
from gradcalc.engines.records import ClosedForm
from gradcalc.inputs.question import asked

TRAPS = [  # expression, point, dtype, what is wrong first, the reason, the part to blame
    ("(1-cos(x))/x^2", "1e-8", "float64", "x", "cancellation", "x"),
    ("(exp(x)-1)/x", "1e-10", "float64", "x", "cancellation", "(exp(x)-1)"),
    ("log(1+x)/x", "1e-12", "float64", "x", "cancellation", "x"),
    ("sin(x)-x", "1e-5", "float64", "x", "cancellation", "x"),
    ("(sin(x)-x)/x^3", "1e-4", "float64", "x", "cancellation", "x"),
    ("x-tanh(x)", "1e-6", "float64", "x", "cancellation", "x"),
    ("sqrt(x^2+1)-x", "1e8", "float64", "x", "cancellation", "x"),
    ("sqrt(x^2+1)-1", "1e-9", "float64", "value", "cancellation", "sqrt(x^2+1)-1"),
    ("1/x-1/(x+1)", "1e10", "float64", "x", "cancellation", "x"),
    ("(x+1)^2-x^2", "1e12", "float64", "value", "cancellation", "(x+1)^2-x^2"),
    ("tan(x)-sin(x)", "1e-7", "float64", "x", "cancellation", "x"),
    ("atan(x+1)-atan(x)", "1e9", "float64", "x", "cancellation", "x"),
    ("x^2-y^2", "x=1e8,y=99999999.9", "float64", "value", "cancellation", "x^2-y^2"),
    ("(-b+sqrt(b^2-4*a*c))/(2*a)", "a=1,b=1e9,c=1", "float64", "b", "cancellation", "b"),
    ("exp(x)/(1+exp(x))", "800", "float64", "x", "nan", "exp(x)"),
    ("1/(1+exp(-x))", "-100", "float32", "x", "nan", "exp(-x)"),
    ("log(1+exp(x))", "100", "float32", "x", "nan", "exp(x)"),
    ("log(sigmoid(x))", "-200", "float32", "x", "nan", "sigmoid(x)"),
    ("log(1-sigmoid(x))", "40", "float64", "x", "nan", "sigmoid(x)"),
    ("tanh(x)", "20", "float64", "x", "precision", "tanh(x)"),
    ("sigmoid(x)", "18", "float32", "x", "precision", "sigmoid(x)"),
    ("1-tanh(x)", "20", "float64", "x", "precision", "tanh(x)"),
    ("log(cosh(x))", "1000", "float64", "x", "nan", "cosh(x)"),
    ("sinh(x)/cosh(x)", "800", "float64", "x", "nan", "sinh(x)"),
    ("exp(x)*exp(-x)", "800", "float64", "x", "nan", "exp(x)"),
    ("1-erf(x)", "7", "float64", "value", "cancellation", "1-erf(x)"),
    ("log(erf(x))", "6", "float64", "value", "precision", "log(erf(x))"),
    ("sqrt(x^2+y^2)", "x=1e200,y=1", "float64", "x", "overflow", "x^2"),
    ("sqrt(x^2+y^2)", "x=1e-200,y=1e-200", "float64", "x", "underflow", "x^2"),
    ("x/sqrt(x^2+y^2)", "x=1e-180,y=1e-180", "float64", "x", "nan", "x^2"),
    ("x^20/1e300", "1e16", "float64", "value", "overflow", "x^20"),
    ("(x*y)/z", "x=1e200,y=1e200,z=1e300", "float64", "z", "overflow", "(x*y)"),
    ("x*y/z", "x=300,y=300,z=1000", "float16", "z", "overflow", "x*y"),
    ("x^2/1000", "300", "float16", "value", "overflow", "x^2"),
    ("exp(x)", "12", "float16", "x", "overflow", "exp(x)"),
    ("log(softmax(x)[2])", "x=[0,-800]", "float64", "x1", "nan", "softmax(x)"),
    ("mean(x^2)-mean(x)^2", "x=[10000,10001,10002]", "float32", "x1", "cancellation", "x1"),
    ("norm(x)", "x=[1e-30,1e-30]", "float32", "x1", "underflow", "norm(x)"),
    ("norm(x)^2/1000", "x=[300,400]", "float16", "value", "overflow", "norm(x)"),
    ("sum(exp(x))/exp(max(x))", "x=[800,799]", "float64", "x1", "nan", "exp(x)"),
    ("(x^n-1)/(x-1)", "x=1.000001,n=3", "float32", "x", "cancellation", "x"),
    ("gamma(x)/gamma(x-1)", "175", "float64", "x", "nan", "gamma(x)"),
    ("lgamma(x+1)-lgamma(x)", "1e15", "float64", "x", "cancellation", "x"),
    ("(1+1/n)^n", "1e15", "float64", "n", "cancellation", "n"),
    ("(1+r/n)^n", "r=0.1,n=1e10", "float64", "r", "precision", "(1+r/n)"),
    ("log(1+r/n)*n", "r=0.1,n=1e12", "float64", "n", "cancellation", "n"),
    ("acos(cos(x))", "1e-9", "float64", "x", "precision", "acos(cos(x))"),
    ("asin(sqrt(1-x))", "1e-18", "float64", "x", "precision", "asin(sqrt(1-x))"),
    ("where(x>0,sqrt(x),0)", "-1", "float64", "x", "nan", "sqrt(x)"),
    ("det(A)", "A=[[1,2],[2,4]]", "float64", "A11", "precision", "det(A)"),
    ("prod(x)", "x=[1e-200,1e-200,1e300]", "float64", "x1", "precision", "prod(x)"),
    ("softplus(x)-x", "50", "float64", "x", "cancellation", "x"),
    ("silu(x)", "-100", "float32", "x", "underflow", "silu(x)"),
    ("gelu(x)", "-8", "float64", "x", "precision", "gelu(x)"),
    ("bce(sigmoid(z),1)", "z=-200", "float64", "z", "precision", "bce(sigmoid(z),1)"),
    ("-log(1/(1+exp(-z)))", "z=-800", "float64", "z", "nan", "exp(-z)"),
    ("y*log(p)+(1-y)*log(1-p)", "y=1,p=1e-320", "float64", "p", "overflow", "log(p)"),
    ("exp(log(x)*1000)", "1.5", "float32", "x", "overflow", "exp(log(x)*1000)"),
    ("(x+1e8)-1e8", "0.123", "float32", "value", "cancellation", "(x+1e8)-1e8"),
    ("((x+y)+z)", "x=1e16,y=1,z=-1e16", "float64", "value", "cancellation", "((x+y)+z)"),
    ("(x*1e10+1)-x*1e10", "1", "float32", "value", "cancellation", "(x*1e10+1)-x*1e10"),
    ("tanh(x)", "3", "bfloat16", "x", "precision", "tanh(x)"),
    ("sigmoid(x)*(1-sigmoid(x))", "9", "bfloat16", "x", "precision", "sigmoid(x)"),
    ("cosh(x)-1", "1e-9", "float64", "value", "cancellation", "cosh(x)-1"),
    ("log1p(x)-x", "1e-9", "float64", "x", "cancellation", "x"),
    ("exp(x)-1-x-x^2/2", "1e-4", "float64", "x", "cancellation", "x"),
    # two sums at once, neither of which explains it by itself; what they meet in does well
    ("sqrt((exp(2*x)-1)/(exp(x)-1))", "1e-10", "float64", "x", "cancellation", "x"),
    ("(x-sin(x))/(x-tan(x))", "1e-5", "float64", "x", "cancellation", "x"),
    ("e*(exp((a+b)*e)-1)/((exp(a*e)-1)*(exp(b*e)-1))", "e=1e-12,a=1,b=2", "float64", "e", "cancellation", "e"),
    ("(exp(a*x)-1)/(exp(b*x)-1)*y", "y=1,a=1,b=2,x=1e-12", "float64", "a", "cancellation", "(exp(b*x)-1)"),
    ("x^4-4*x^3+6*x^2-4*x+1", "1.0001", "float64", "x", "cancellation", "x"),
]


@pytest.mark.parametrize(("source", "at", "dtype", "wrong", "reason", "blame"), TRAPS)
def test_what_spoils_a_computation(source: str, at: str, dtype: str, wrong: str, reason: str, blame: str) -> None:
    question = asked(source, at=at, dtype=dtype)
    forms = dict.fromkeys(question.problem.wrt, ClosedForm(None))  # they are not what is asked here, and take long
    result = api.diff(source, at=at, dtype=dtype) if question.problem.arrays else compared(question, forms)
    row = next((row for row in result.rows if row.verdict is Verdict.DISAGREE), None)
    found = result.forward if row is None else row
    assert ("value" if row is None else row.name) == wrong
    assert found.diagnosis is not None
    assert (found.reason, found.diagnosis.blame and found.diagnosis.blame.text) == (reason, blame)
