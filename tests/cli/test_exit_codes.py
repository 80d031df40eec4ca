"""What the exit code of each command tells a script."""

import shlex

import pytest

from tests.running import Run

pytestmark = pytest.mark.smoke

ENDS = {  # command lines, by the code that they end with
    0: [
        "diff x**2 --at 3", "diff x**2", "diff 5 --at x=3 --wrt x", "jacobian '[r*cos(t), r*sin(t)]' --at r=2,t=0",
        "jacobian '[r*cos(t), r*sin(t)]'", "jacobian '[1, 2]'", "hessian '(1-x)**2 + 100*(y-x**2)**2' --at x=1,y=1",
        "hessian '(1-x)**2 + 100*(y-x**2)**2'", "graph 'y = x^2; z = sin(y); u = e^z' --at 3",
        "graph 3*y --at x=1,y=2 --wrt x", "accumulate x**2 --at 2", "nograd x**2 --at 2",
    ],
    1: [
        "diff 'abs(x)' --at 0", "diff 'log(x)' --at -1", "diff '(1-cos(x))/x**2' --at 1e-8",
        "jacobian '[abs(x), x]' --at 0", "jacobian '[log(x), x]' --at -1", "jacobian 'sqrt(x)' --at x=[0,4]",
        "hessian 'abs(x)' --at 0", "hessian 'log(x)' --at -1", "graph 'abs(x)' --at 0", "graph 'log(x)' --at -1",
        "accumulate '(1-cos(x))/x**2' --at 1e-8", "accumulate 'abs(x)' --at 0", "nograd 'log(x)' --at -1",
        "nograd '(1-cos(x))/x**2' --at 1e-8",
    ],
    2: [
        "diff 'x +'", "diff x --at y=1", "diff x --dtype float8", "diff x --rtol -1 --at 1", "diff x --json --quiet",
        "diff x --at", "diff @", "jacobian '[x,'", "jacobian x --json --quiet", "jacobian x --order 2",
        "hessian '[x, y]'", "hessian x*y --at x=1", "graph x*y --at x=1", "graph '2 + 3'", "graph 'sin(' --at 1",
        "graph x**2 --at [1,2]", "accumulate x**2", "accumulate x**2 --at x=[1,2]", "accumulate x**2 --at 2 --passes 0",
        "accumulate x**2 --at 2 --passes 1.5", "nograd x**2", "nograd x**2 --at 2 --code --json",
        "nograd x**2 --at 2 --code --training",
    ],
    3: [
        "diff 9**9**9**9", "jacobian 9**9**9**9", "hessian 9**9**9**9", "graph 'sin(exp(exp(x)))' --at 20",
        f"accumulate '{'+'.join(['sin(x)'] * 2000)}' --at 2 --passes 1000 --timeout 0.3",
    ],
}  # fmt: skip
CASES = [(line, code) for code, lines in ENDS.items() for line in lines]


@pytest.mark.parametrize(("line", "code"), CASES, ids=[line[:60] for line, _ in CASES])
def test_the_exit_code_tells_a_script_how_it_went(line: str, code: int, run: Run) -> None:
    assert run(*shlex.split(line)).code == code
