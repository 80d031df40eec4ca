"""Pages in a browser, one start for all: nothing is asked for, the graph is followed, and narrow screens do."""

from __future__ import annotations

import html
import http.server
import json
import re
import subprocess
import threading
from functools import partial
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.range import audited
from gradcalc.lessons.graph.lesson import graph
from gradcalc.render.document import Sheet, readable
from gradcalc.render.formats import text
from gradcalc.render.html.page import page
from tests.render.html.test_page import HOSTILE, blocks, comparison

DRIVER = """
<script>
const look = frame => {
  const page = frame.contentDocument, style = one => frame.contentWindow.getComputedStyle(one);
  const all = (place, what) => [...place.querySelectorAll(what)];
  const facts = {
    wide: page.documentElement.scrollWidth > frame.clientWidth,
    scripts: page.scripts.length,
    styled: style(page.querySelector(".gradcalc")).maxWidth,
    unset: all(page, "math").filter(one => one.getBoundingClientRect().height < 5).length,
    carets: all(page, ".carets").map(one =>
      style(one).fontSize === style(one.parentElement.querySelector("code")).fontSize),
  };
  const figure = page.querySelector(".graph");
  if (!figure) return facts;
  const node = id => figure.querySelector(`.node[data-id="${id}"]`);
  const state = () => [
    Object.fromEntries(all(figure, ".node").map(one =>
      [one.dataset.id, ["here", "before", "after"].filter(name => one.classList.contains(name)).join()])),
    all(figure, ".detail").filter(one => !one.hidden).map(one => one.dataset.of),
    all(figure, ".edge").filter(one => style(one).opacity === "1").length,
  ];
  const after = (place, event) => { place.dispatchEvent(event); return state(); };
  facts.order = all(figure, ".node").filter(one => one.tabIndex === 0).map(one => one.dataset.id);
  facts.first = state();
  facts.hovered = after(node(2).querySelector("text"), new MouseEvent("mouseover", { bubbles: true }));
  facts.left = after(figure, new MouseEvent("mouseleave"));
  facts.focused = after(node(1), new FocusEvent("focusin", { bubbles: true }));
  facts.escaped = after(figure, new KeyboardEvent("keydown", { key: "Escape" }));
  return facts;
};
addEventListener("error", event => { document.body.textContent = event.message; });
addEventListener("load", () => {
  const seen = Object.fromEntries([...document.querySelectorAll("iframe")].map(frame => [frame.id, look(frame)]));
  document.body.innerHTML = "<pre id=seen></pre>";
  document.getElementById("seen").textContent = JSON.stringify(seen);
});
</script>
"""


def pages() -> dict[str, str]:
    """What is looked at."""
    hostile = "\n".join(HOSTILE)
    return {
        "gradient": text(comparison(), "html"),
        "graph": text(graph("y = x^2; z = sin(y)", at=["3"]), "html"),
        "range": text(audited("log(abs(x - 1)) + sqrt(x*(x + 1))", ["x=-3:3"]), "html"),
        "hostile": page(Sheet("Gradient", comparison(expression=hostile), readable(blocks(hostile)), None)),
    }


class Server(http.server.BaseHTTPRequestHandler):
    """Serves pages from memory, and remembers what was asked for."""

    def __init__(self, files: dict[str, str], asked: list[str], *rest: Any) -> None:
        self.files, self.asked = files, asked
        super().__init__(*rest)

    def do_GET(self) -> None:  # as http.server calls it
        self.asked.append(self.path)
        body = self.files.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


def looked_at(chromium: str, place: Path) -> tuple[dict[str, Any], list[str]]:
    """What a browser finds in the pages, each 320 pixels wide, and every path that it asked for."""
    files, asked = {f"/{name}": text for name, text in pages().items()}, []
    frames = "".join(f'<iframe id="{path[1:]}" src="{path}" width="320" height="600"></iframe>' for path in files)
    files["/"] = f'<!DOCTYPE html><link rel="icon" href="data:,"><body>{frames}{DRIVER}'
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Server, files, asked)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={place}", "--dump-dom",
                   f"http://127.0.0.1:{server.server_port}/"]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        server.shutdown()
    match = re.search(r'<pre id="seen">(.*?)</pre>', done.stdout, re.DOTALL)
    assert match is not None, done.stdout
    return json.loads(html.unescape(match[1])), asked


def test_pages_in_a_browser(chromium: str, tmp_path: Path) -> None:
    found, asked = looked_at(chromium, tmp_path)  # one test, as a browser takes long to start
    assert sorted(asked) == ["/", "/gradient", "/graph", "/hostile", "/range"], "a page asked for something"
    plain = {name: (one["styled"], one["wide"], one["scripts"], one["unset"]) for name, one in found.items()}
    assert plain == dict.fromkeys(("gradient", "graph", "range", "hostile"), ("1120px", False, 1, 0))
    assert set(found["hostile"]["carets"]) == {True}, "carets are as wide as the code above them"
    followed = found["graph"]
    assert followed["order"] == ["1", "2", "3"], "the Tab key goes along the computation"
    assert followed["first"] == [{"1": "", "2": "", "3": ""}, [""], 4]
    assert followed["hovered"] == [{"1": "before", "2": "here", "3": "after"}, ["2"], 2]
    assert followed["left"] == [{"1": "", "2": "", "3": ""}, [""], 4]
    assert followed["focused"] == [{"1": "here", "2": "after", "3": "after"}, ["1"], 2]
    assert followed["escaped"] == [{"1": "", "2": "", "3": ""}, [""], 4]
