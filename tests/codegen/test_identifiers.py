"""What a lesson's code calls things."""

from __future__ import annotations

import pytest

from gradcalc.base.limits import Limits
from gradcalc.inputs.pose import pose
from gradcalc.lessons.words import words

SPOKEN = {
    "one variable": ("x**2", "2", "x", "y", "f(x)"),
    "the result has the name of its definition": ("u = x**2", "2", "x", "u", "f(x)"),
    "y is taken": ("x*y", "x=1,y=2", "x", "z", "f(x, y)"),
    "a program without a last name": ("y = x**2; sin(y)", "2", "x", "z", "f(x)"),
    "f is a variable": ("f*x", "f=1,x=2", "f", "y", "g(f, x)"),
    "f is the result": ("f = x", "2", "x", "f", "g(x)"),
    "a word of Python": ("lambda**2", "2", "lambda_", "y", "f(lambda_)"),
    "a name of torch's": ("torch*x", "torch=1,x=2", "torch_", "y", "f(torch_, x)"),
    "a function's name": ("gamma + gamma_", "gamma=1,gamma_=2", "gamma_", "y", "f(gamma_, gamma__)"),
    "every usual name is taken": ("y*z*u*f*g", "y=1,z=1,u=1,f=1,g=1", "y", "g_", "h(y, z, u, f, g)"),
    "Greek": ("β*2", "2", "β", "y", "f(β)"),
}


@pytest.mark.parametrize(("expression", "at", "x", "y", "call"), SPOKEN.values(), ids=SPOKEN)
def test_names_are_names_of_python_and_none_is_used_twice(expression: str, at: str, x: str, y: str, call: str) -> None:
    found = words(pose(expression, Limits(), at=at))
    assert (found.x, found.y, found.call()) == (x, y, call)
