"""Weights in a file: what was saved is loaded; what is no such file is told so, and nothing in it runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gradcalc.base.errors import FileError, LimitError
from gradcalc.lessons.neuron.weights import Scale, Weights, load, save

PLAIN = Weights({"iq": 0.1, "cgpa": -2.5e-300}, 1 / 3, "placed")
SCALED = Weights({"iq": 1.0}, 0.0, "hired", Scale({"iq": 100.5}, {"iq": 15.25}))


@pytest.mark.parametrize("weights", [PLAIN, SCALED])
def test_what_is_saved_is_loaded_to_the_last_bit(tmp_path: Path, weights: Weights) -> None:
    save(weights, tmp_path / "w.json", force=False)
    assert load(tmp_path / "w.json") == weights


def test_the_order_of_the_features_is_kept(tmp_path: Path) -> None:
    save(Weights({"z": 1.0, "a": 2.0}, 0.0, "y"), tmp_path / "w.json", force=False)
    assert load(tmp_path / "w.json").features == ("z", "a")


def test_a_file_that_exists_is_replaced_only_by_force(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    save(PLAIN, path, force=False)
    with pytest.raises(FileError) as caught:
        save(SCALED, path, force=False)
    assert (caught.value.message, caught.value.hint) == (f"`{path}` exists", "replace it with --force")
    assert load(path) == PLAIN
    save(SCALED, path, force=True)
    assert load(path) == SCALED


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_diverged_are_not_saved(tmp_path: Path, value: float) -> None:
    with pytest.raises(FileError) as caught:
        save(Weights({"iq": value}, 0.0, "placed"), tmp_path / "w.json", force=False)
    assert caught.value.message == "the weights are not finite numbers, nothing is saved"
    assert list(tmp_path.iterdir()) == []


GOOD = {"schema": 1, "kind": "gradcalc neuron", "label": "placed", "w": {"iq": 1}, "b": 2, "standardize": None}
HEAD = 'it lacks "kind": "gradcalc neuron", "schema": 1'
BAD = [  # the text of the file, and why it holds no weights
    ("", "it is not JSON"),
    ("{", "it is not JSON"),
    ("[" * 100_000, "it is not JSON"),
    ("1" * 100_000, "it is not JSON"),
    ("[]", HEAD),
    ("null", HEAD),
    (json.dumps(GOOD | {"kind": "other"}), HEAD),
    (json.dumps(GOOD | {"schema": 2}), HEAD),
    (json.dumps(GOOD | {"w": {}}), "`w` does not hold finite numbers"),
    (json.dumps(GOOD | {"w": [1]}), "`w` does not hold finite numbers"),
    (json.dumps(GOOD | {"w": {"iq": "1"}}), "`w` does not hold finite numbers"),
    (json.dumps(GOOD | {"w": {"iq": True}}), "`w` does not hold finite numbers"),
    (json.dumps(GOOD | {"w": {"iq": float("nan")}}), "`w` does not hold finite numbers"),
    (json.dumps(GOOD | {"w": {"iq": float("inf")}}), "`w` does not hold finite numbers"),
    (json.dumps(GOOD | {"w": {"iq": 10**400}}), "`w` does not hold finite numbers"),
    (json.dumps(GOOD | {"b": None}), "`b` does not hold finite numbers"),
    (json.dumps(GOOD | {"label": 1}), "`label` is not text"),
    (json.dumps(GOOD | {"standardize": 1}), "`mean` does not hold finite numbers"),
    (json.dumps(GOOD | {"standardize": {"mean": {"iq": 0}}}), "`std` does not hold finite numbers"),
    (json.dumps(GOOD | {"standardize": {"mean": {"iq": 0}, "std": {"iq": 0}}}), "`standardize` does not fit `w`"),
    (json.dumps(GOOD | {"standardize": {"mean": {"a": 0}, "std": {"iq": 1}}}), "`standardize` does not fit `w`"),
]


@pytest.mark.parametrize(("text", "why"), BAD)
def test_what_holds_no_weights_is_told_so(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "w.json"
    path.write_text(text)
    with pytest.raises(FileError) as caught:
        load(path)
    assert caught.value.message == f"`{path}` does not hold the weights of a neuron: {why}"
    assert caught.value.hint == "--save FILE writes such a file"


def test_a_file_too_long_to_be_one_meets_the_limit(tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text(" " * 900_000 + "{}")
    with pytest.raises(LimitError):
        load(tmp_path / "w.json")


def test_whole_numbers_are_numbers(tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text(json.dumps(GOOD))
    assert load(tmp_path / "w.json") == Weights({"iq": 1.0}, 2.0, "placed")
