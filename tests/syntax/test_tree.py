"""Trees made from trees."""

from __future__ import annotations

from gradcalc.syntax.tree import Call, Name, replaced

X, Y, Z = Name("x"), Name("y"), Name("z")
SUM, OTHER = Call("add", (X, Y)), Call("sin", (Y,))
ROOT = Call("mul", (Call("cos", (SUM,)), Call("mul", (SUM, OTHER))))


def test_one_node_is_replaced_wherever_it_is_used() -> None:
    found = replaced(ROOT, {id(SUM): Z})
    assert found == Call("mul", (Call("cos", (Z,)), Call("mul", (Z, OTHER))))


def test_what_is_shared_stays_shared() -> None:
    found = replaced(ROOT, {id(X): Z})
    assert isinstance(found, Call)
    cosine, product = found.arguments
    assert isinstance(cosine, Call)
    assert isinstance(product, Call)
    assert cosine.arguments[0] is product.arguments[0]


def test_what_does_not_change_is_the_very_same_node() -> None:
    found = replaced(ROOT, {id(X): Z})
    assert isinstance(found, Call)
    assert isinstance(found.arguments[1], Call)
    assert found.arguments[1].arguments[1] is OTHER
    assert replaced(ROOT, {}) is ROOT
