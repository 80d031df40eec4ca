// KaTeX: a JSON list of formulas on stdin, its complaint about each on stdout, null where it sets the formula.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { default: katex } = await import(
  pathToFileURL(join(process.env.GRADCALC_NODE, "node_modules", "katex", "dist", "katex.mjs"))
);

function complaint(text) {
  try {
    katex.renderToString(text, { displayMode: true, strict: "error" });
    return null;
  } catch (error) {
    return error.message;
  }
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map(complaint)));
