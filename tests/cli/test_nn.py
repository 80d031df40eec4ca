"""`gradcalc nn` as a student, a teacher and a script meet it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import Run

COMMAND = "nn"

PLACEMENTS = str(Path(__file__).parents[2] / "examples" / "placements.csv")
ONE = ("--iq", "10", "--placed", "1")


def test_the_record_of_one_example(run: Run) -> None:
    found = run.record(*ONE)
    assert {key: found[key] for key in list(found)[:7]} == {
        "schema": 1,
        "data": {"iq": 10.0, "placed": 1.0},
        "parameters": {"w": 1.0, "b": 0.0},
        "forward": {"z": 10.0, "p": 0.9999546021312976, "loss": 4.539889921686465e-05},
        "gradient": {
            "w": {
                "formula": "iq*(sigmoid(w*iq + b) - placed)",
                "symbolic": -0.00045397868702434395, "exact": "-0.00045397868702434394505",
                "autograd": -0.00045397868702434395, "error": 0.0, "ulps": 0.0, "verdict": "agree", "reason": None,
            },
            "b": {
                "formula": "sigmoid(w*iq + b) - placed",
                "symbolic": -4.5397868702434395e-05, "exact": "-0.000045397868702434394505",
                "autograd": -4.5397868702434395e-05, "error": 0.0, "ulps": 0.0, "verdict": "agree", "reason": None,
            },
        },
        "update": {"lr": 0.1, "w": 1.0000453978687025, "b": 4.53978687024344e-06},
        "epochs": [
            {
                "epoch": 1, "loss": 4.539889921686465e-05, "w": 1.0000453978687025, "b": 4.53978687024344e-06,
                "gradient": {"w": -0.00045397868702434395, "b": -4.5397868702434395e-05},
            }
        ],
    }  # fmt: skip
    assert found["verdict"] == "agree"


def test_numbers_that_are_not_finite_are_strings(run: Run) -> None:
    found = run.record("--iq", "17", "--placed", "0", "--dtype", "float32")
    assert {one["name"]: (one["loss"], one["w"], one["b"]) for one in found["spellings"]} == {
        "as written": ("Infinity", "NaN", "NaN"),
        "clamped": ("Infinity", "NaN", "NaN"),
        "bce": (100.0, 0.0, 0.0),
        "with logits": (17.0, 17.0, 1.0),
        "minus slipped": ("-Infinity", "NaN", "NaN"),
    }
    assert (found["forward"]["loss"], found["gradient"]["w"]["symbolic"], found["verdict"]) == (17.0, 17.0, "agree")
    assert [one["by_hand"] for one in found["factors"]] == ["Infinity", 0.0, 17.0, 1.0, None]


QUIET = [  # arguments, what is printed
    (ONE, "-0.00045397868702434395\n-4.5397868702434395e-05\n"),
    (("--iq", "10", "--placed", "0"), "9.999546021312975\n0.9999546021312976\n"),
    (("--iq", "17", "--placed", "0", "--dtype", "float32"), "17.0\n0.9999999403953552\n"),
    (("--iq", "1000", "--placed", "0"), "1000.0\n1.0\n"),
    (("--iq", "-10", "--placed", "1"), "9.999546021312975\n-0.9999546021312976\n"),
    (("--iq=-10", "--placed=1"), "9.999546021312975\n-0.9999546021312976\n"),
    (("--iq", "2", "--placed", "1", "--weight", "0", "--bias", "0"), "-1.0\n-0.5\n"),
    (("--iq", "2", "--placed", "1", "--weight", "iq=0"), "-1.0\n-0.5\n"),
    (("--data", PLACEMENTS), "-7.0\n-0.7566666666666666\n-0.05\n"),
    (("--data", PLACEMENTS, "--batch-size", "9" * 30), "-7.0\n-0.7566666666666666\n-0.05\n"),
    (("--data", PLACEMENTS, "--features", "cgpa"), "-0.7566666666666666\n-0.05\n"),
]


@pytest.mark.parametrize(("arguments", "output"), QUIET)
def test_quiet_prints_the_gradient_alone(run: Run, arguments: tuple[str, ...], output: str) -> None:
    assert run(*arguments, "-q") == (0, output, "")


NOTHING = "there is nothing to learn from"
GIVE = "give an example, --iq 10 --placed 1, or a file of them, --data FILE.csv"
LOADED = "and --load exclude each other: the file of weights says it"
WRONG = [  # arguments, the message, the hint
    ((), NOTHING, GIVE),
    (("--predict-row", "iq=1"), NOTHING, GIVE),
    (("--load", "w.json"), NOTHING, GIVE),
    (("--iq", "10"), "--placed is missing", "gradcalc nn --iq 10 --placed 1"),
    (("--placed", "1"), "--iq is missing", "gradcalc nn --iq 10 --placed 1"),
    (("--iq", "1", "--placed", "0.5"), "--placed is 0.5, expected 0 or 1",
     "a label says what happened: 1 placed, 0 not placed"),
    (("--iq", "1", "--placed", "2"), "--placed is 2, expected 0 or 1",
     "a label says what happened: 1 placed, 0 not placed"),
    (("--iq", "1", "--placed", "nan"), "--placed is nan, expected a finite number", None),
    (("--iq", "inf", "--placed", "1"), "--iq is inf, expected a finite number", None),
    (("--iq", "1e39", "--placed", "1", "--dtype", "float32"),
     "--iq is 1e+39, expected at most 3.4e+38 in float32", None),
    ((*ONE, "--weight", "inf"), "--weight is `inf`, expected name=number", "write --weight iq=1"),
    ((*ONE, "--weight", "cgpa=1"), "--weight: `cgpa` is not a feature", "the features are `iq`"),
    ((*ONE, "--bias", "nan"), "--bias is nan, expected a finite number", None),
    ((*ONE, "--lr", "-1"), "--lr is -1, expected a finite number from 0 up", None),
    ((*ONE, "--lr", "1e300", "--dtype", "float32"),
     "--lr is 1e+300: sgd makes a step of it that float32 does not hold", "lower --lr"),
    ((*ONE, "--lr", "1e38", "--dtype", "float32", "--optimizer", "adam"),
     "--lr is 1e+38: adam makes a step of it that float32 does not hold", "lower --lr"),
    (("--data", PLACEMENTS, "--lr", "1e300", "--dtype", "float16"),
     "--lr is 1e+300: sgd makes a step of it that float16 does not hold", "lower --lr"),
    ((*ONE, "--epochs", "0"), "--epochs is 0, expected a whole number from 1 up", None),
    ((*ONE, "--optimizer", "adan"), "unknown optimizer `adan`", "did you mean `adam`?"),
    ((*ONE, "--data", PLACEMENTS), "--iq and --data exclude each other", None),
    ((*ONE, "--features", "iq"), "--features is for --data", None),
    ((*ONE, "--standardize"), "--standardize is for --data", None),
    ((*ONE, "--batch-size", "8"), "--batch-size is for --data", None),
    ((*ONE, "--seed", "0"), "--seed is for --data", None),
    (("--data", PLACEMENTS, "--load", "w.json", "--bias", "0"), f"--bias {LOADED}", None),
    (("--data", PLACEMENTS, "--load", "w.json", "--standardize"), f"--standardize {LOADED}", None),
    (("--data", PLACEMENTS, "--features", "iq,"), "--features is `iq,`, expected names with commas between them",
     "--features iq,cgpa"),
    (("--data", PLACEMENTS, "--features", "iq,placed"), "--features has the label `placed` among them",
     "name another column with --label"),
    (("--data", PLACEMENTS, "--label", "cgp"), f"`{PLACEMENTS}`, line 1: no column `cgp`", "did you mean `cgpa`?"),
    (("--data", PLACEMENTS, "--label", "cgpa"),
     f"`{PLACEMENTS}`, line 2, column `cgpa`: the label is 7.6, expected 0 or 1", None),
    (("--data", "/no/such.csv"), "cannot read `/no/such.csv`: no such file or directory", None),
    ((*ONE, "--load", "/no/such.json"), "cannot read `/no/such.json`: no such file or directory", None),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message", "hint"), WRONG)
def test_a_mistake_is_named(run: Run, arguments: tuple[str, ...], message: str, hint: str | None) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err == f"error: {message}\n" + (f"\nhint: {hint}\n" if hint else "")


def test_a_mistake_is_a_record_too(run: Run) -> None:
    code, out, _ = run("--json")
    assert (code, json.loads(out)["error"]["message"]) == (2, NOTHING)


def test_the_four_steps_have_their_names(run: Run) -> None:
    text = run(*ONE).out
    titles = ["1. forward pass", "2. loss", "3. backward pass", "4. update"]
    assert [line for line in text.splitlines() if line in titles] == titles


TOLD = [  # arguments, a line that the document has
    (ONE, "∂L/∂p   (p − y)/(p·(1 − p))  -1.0000453999297625      -1.0000453999297625"),
    (ONE, "∂p/∂z   p·(1 − p)            4.5395807735951673e-05   4.5395807735907655e-05"),
    (ONE, "∂L/∂w = ∂L/∂p · ∂p/∂z · ∂z/∂w = (p − y)·iq"),
    (ONE, "│  └─ z = w·iq + b  10.0                   -4.5397868702434395e-05"),
    (ONE, "new w = w − η·∂L/∂w = 1.0 − 0.1·(-0.00045397868702434395) = 1.0000453978687025"),
    (ONE, "−y·ln p + (1 − y)·ln(1 − p), the slip   4.53989e-05  -0.000453979  right, as y is 1"),
    (ONE, "Here the spellings agree. They part where p comes near 0 or 1: try --iq 17 --placed 0 --dtype float32."),
    (("--iq", "1", "--placed", "0"),
     "−y·ln p + (1 − y)·ln(1 − p), the slip   -1.31326  -0.731059  wrong loss and gradient"),
    (("--iq", "10", "--placed", "0", "--dtype", "float32"),
     "p is near 1, and float32 keeps only 24 binary digits of it: what 1 − p or p − y needs is rounded away. "
     "From z nothing is lost."),
    (("--iq", "1000", "--placed", "0"), "∂L/∂p   (p − y)/(p·(1 − p))  1.9700711140170469939e434   inf"),
    (("--iq", "1e300", "--placed", "1"), "∂p/∂z   p·(1 − p)            almost 0    0.0"),
    (("--iq", "1e300", "--placed", "0"), "∂L/∂p   (p − y)/(p·(1 − p))  immense     inf"),
    ((*ONE, "--optimizer", "nesterov"), "optimizer = torch.optim.SGD (momentum 0.9, nesterov), η = 0.1"),
    ((*ONE, "--optimizer", "adam"), "new w = 1.0999977973019404"),
    (("--data", PLACEMENTS), "neuron = z = w[iq]·iq + w[cgpa]·cgpa + b, p = sigmoid(z)"),
    (("--data", PLACEMENTS, "--batch-size", "16"), "mini-batches = 16 rows each, 4 an epoch, shuffled with seed 0"),
    (("--data", PLACEMENTS, "--standardize", "--lr", "0.5"), "accuracy = 91.67%, 55 of 60 rows right"),
    (("--data", PLACEMENTS), "The loss has not come down: the steps are too large for numbers of this size. "
     "Lower --lr, or add --standardize."),
    (("--data", PLACEMENTS, "--lr", "1e308", "--epochs", "3"),
     "The loss is no longer a finite number: the steps were too large. Lower --lr, or add --standardize."),
    (("--data", PLACEMENTS, "--no-zero-grad"),
     "Without zero_grad(), backward() adds to what .grad holds: each step moves by all gradients so far, and the loss "
     "swings. Compare with a run without --no-zero-grad."),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "line"), TOLD)
def test_the_document_says(run: Run, arguments: tuple[str, ...], line: str) -> None:
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    assert line in out.splitlines()


def test_the_loss_is_drawn_in_plain_characters(run: Run) -> None:
    text = run("--iq", "2", "--placed", "1", "--epochs", "20").out
    drawing = text[text.index("loss by epoch\n") :].splitlines()
    assert (len(drawing), drawing[1][:10], drawing[8][-4:]) == (11, " 0.1269 |*", "****")
    assert drawing[9].isascii()


def test_without_zero_grad_the_record_has_both_trainings(run: Run) -> None:
    found = run.record("--iq", "2", "--placed", "1", "--epochs", "3", "--no-zero-grad")
    assert found["zero_grad"] is False
    assert found["epochs"][0] == found["with_zero_grad"][0]
    assert found["epochs"][2]["w"] > found["with_zero_grad"][2]["w"]


def test_the_record_of_a_file_has_features_by_name(run: Run) -> None:
    found = run.record("--data", PLACEMENTS, "--epochs", "2", "--lr", "0.001")
    assert list(found)[:7] == ["schema", "data", "parameters", "forward", "gradient", "update", "epochs"]
    assert found["data"] == {"file": PLACEMENTS, "rows": 60, "features": ["iq", "cgpa"], "label": "placed"}
    assert found["parameters"] == {"w": {"iq": 0.0, "cgpa": 0.0}, "b": 0.0}
    assert found["forward"] == {"rows": 60, "loss": 0.6931471805599453}
    assert found["gradient"]["w"]["iq"]["symbolic"] == -7.0
    assert found["gradient"]["w"]["cgpa"]["exact"] == "-0.75666666666666665038"
    assert (found["gradient"]["b"]["by_hand"], found["gradient"]["b"]["verdict"]) == (pytest.approx(-0.05), "agree")
    assert found["update"]["w"] == pytest.approx({"iq": 0.007, "cgpa": 0.000756666666666667})
    assert (found["update"]["lr"], found["update"]["b"]) == (0.001, pytest.approx(5e-05))
    assert [(one["epoch"], list(one["w"])) for one in found["epochs"]] == [(1, ["iq", "cgpa"]), (2, ["iq", "cgpa"])]
    assert (found["batch_size"], found["seed"], found["standardize"]) == (64, 0, None)
    assert (found["accuracy"], found["verdict"]) == (0.45, "agree")


def test_predictions_are_made_without_tracking(run: Run) -> None:
    found = run.record(*ONE, "--predict-row", "iq=0", "--predict-row", "iq=-3")
    assert [(one["row"], one["predicted"]) for one in found["predictions"]] == [({"iq": 0.0}, 1), ({"iq": -3.0}, 0)]
    assert found["predictions"][0]["p"] == pytest.approx(0.5, abs=1e-5)
    assert (found["requires_grad"], found["requires_grad_with_tracking"]) == (False, True)


def test_the_document_shows_that_nothing_is_tracked(run: Run) -> None:
    assert (
        "Computed under torch.no_grad(): p.requires_grad is False, no graph is kept. With tracking it is True, and "
        "p.grad_fn is SigmoidBackward0."
    ) in run(*ONE, "--predict-row", "iq=0").out.splitlines()


def test_many_predictions_are_counted_in_the_document_and_all_in_the_record(run: Run) -> None:
    text = run("--data", PLACEMENTS, "--predict", PLACEMENTS).out
    assert "… and 40 rows more; --json gives them all" in text.splitlines()
    assert len(run.record("--data", PLACEMENTS, "--predict", PLACEMENTS)["predictions"]) == 60


def test_weights_are_saved_loaded_and_used(run: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "w.json")
    learned = run.record("--data", PLACEMENTS, "--standardize", "--save", path)
    loaded = run.record("--data", PLACEMENTS, "--load", path, "--epochs", "1")
    assert {"w": learned["epochs"][-1]["w"], "b": learned["epochs"][-1]["b"]} == loaded["parameters"]
    assert learned["standardize"] == loaded["standardize"]
    alone = run.record("--load", path, "--predict-row", "iq=120,cgpa=9")
    assert (alone["parameters"], alone["predictions"][0]["predicted"]) == (loaded["parameters"], 1)
    code, out, err = run("--load", path, "--predict-row", "iq=120,cgpa=9", "--predict-row", "iq=70,cgpa=4", "-q")
    assert (code, err) == (0, "")
    assert [round(float(line)) for line in out.splitlines()] == [1, 0]


def test_training_goes_on_from_loaded_weights(run: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "w.json")
    first = run.record(*ONE, "--save", path)
    second = run.record(*ONE, "--load", path)
    both = run.record(*ONE, "--epochs", "2")
    assert [first["epochs"][0]["w"], second["epochs"][0]["w"]] == [one["w"] for one in both["epochs"]]


def test_weights_of_other_features_do_not_fit_an_example(run: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "w.json")
    run("--data", PLACEMENTS, "--save", path)
    assert run(*ONE, "--load", path) == (
        2, "", f"error: the weights in `{path}` are for iq, cgpa\n\nhint: an example has iq alone; use --data\n",
    )  # fmt: skip


def test_a_file_of_weights_is_not_overwritten_unasked(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    path.write_text("mine")
    assert run(*ONE, "--save", str(path)) == (
        2,
        "",
        f"error: `{path}` exists\n\nhint: replace it with --force\n",
    )
    assert path.read_text() == "mine"
    assert run(*ONE, "--save", str(path), "--force", "-q").code == 0
    assert json.loads(path.read_text())["w"] == {"iq": 1.0000453978687025}


def test_output_goes_to_a_file(run: Run, tmp_path: Path) -> None:
    assert run(*ONE, "-q", "-o", str(tmp_path / "out.txt")) == (0, "", "")
    assert (tmp_path / "out.txt").read_text() == "-0.00045397868702434395\n-4.5397868702434395e-05\n"


def test_a_gradient_that_is_wrong_gives_1(run: Run) -> None:
    code, out, _ = run("--iq", "100", "--placed", "1", "--dtype", "float32", "--json")
    assert (code, json.loads(out)["gradient"]["w"]["reason"]) == (1, "underflow")


@pytest.mark.parametrize(("placed", "loss", "verdict"), [("0", "Infinity", "disagree"), ("1", 0.0, "disagree")])
def test_a_logit_beyond_floats_is_no_crash(run: Run, placed: str, loss: object, verdict: str) -> None:
    found = run.record("--iq", "1e308", "--placed", placed, "--weight", "1e308")
    assert (found["forward"]["z"], found["loss_exact"], found["verdict"]) == ("Infinity", loss, verdict)


def test_time_is_limited(run: Run) -> None:
    code, out, err = run(*ONE, "--epochs", "100000000", "--timeout", "0.5")
    assert (code, out) == (3, "")
    assert err == "error: no result within 0.5 s\n\nhint: raise it with --timeout SECONDS\n"


def test_a_terminal_that_waits_is_shown_a_bar(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("gradcalc.cli.progress.PATIENCE", 0.0)
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    assert run.printed(*ONE, "--epochs", "3", "-q") == "-0.00045397868702434395\n-4.5397868702434395e-05\n"
    assert "training, loss 4.54e-05" in terminal.getvalue()


def test_help_and_mistakes_in_a_file_load_no_library(tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text("iq,placed\n1,2\n")
    probe = (
        "import sys; from gradcalc.cli.app import main; main(['nn', '--help']); main(['nn', '--data', 'wrong.csv']);"
        "sys.exit(str([name for name in ('torch', 'sympy', 'mpmath', 'rich.console') if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ("error: `wrong.csv`, line 2, column `placed`: the label is 2.0, expected 0 or 1\n[]\n")
