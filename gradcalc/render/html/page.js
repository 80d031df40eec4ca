for (const figure of document.querySelectorAll(".gradcalc .graph")) {
  const nodes = [...figure.querySelectorAll(".node")], edges = [...figure.querySelectorAll(".edge")];
  const reached = (start, from, to) => {
    const found = new Set([start]);
    for (const one of found) for (const edge of edges) if (edge.dataset[from] === one) found.add(edge.dataset[to]);
    return found;
  };
  const show = node => {
    const id = node && node.dataset.id;
    const before = node && reached(id, "to", "from"), after = node && reached(id, "from", "to");
    figure.classList.toggle("following", Boolean(node));
    for (const one of nodes) {
      one.classList.toggle("here", one === node);
      one.classList.toggle("before", Boolean(node) && one !== node && before.has(one.dataset.id));
      one.classList.toggle("after", Boolean(node) && one !== node && after.has(one.dataset.id));
    }
    for (const one of edges) {
      one.classList.toggle("before", Boolean(node) && before.has(one.dataset.to));
      one.classList.toggle("after", Boolean(node) && after.has(one.dataset.from));
    }
    for (const one of figure.querySelectorAll(".detail")) one.hidden = one.dataset.of !== (id ?? "");
  };
  const at = event => event.target.closest(".node");
  const focused = () => nodes.find(one => one === document.activeElement) ?? null;
  figure.addEventListener("mouseover", event => show(at(event) ?? focused()));
  figure.addEventListener("mouseleave", () => show(focused()));
  figure.addEventListener("focusin", event => show(at(event)));
  figure.addEventListener("focusout", () => show(null));
  figure.addEventListener("keydown", event => { if (event.key === "Escape") show(null); });
}
