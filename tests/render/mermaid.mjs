// Mermaid's own parser, without a browser: a JSON list of texts on stdin, what it reads in each on stdout.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const load = (name) => import(pathToFileURL(join(process.env.GRADCALC_NODE, "node_modules", name)));
const { JSDOM } = await load("jsdom/lib/api.js");
const { window } = new JSDOM("");
Object.assign(globalThis, { window, document: window.document }); // for its sanitizer
const { default: mermaid } = await load("mermaid/dist/mermaid.esm.min.mjs");

// Mermaid keeps entities such as #60; in a form of its own until it draws
const read = (text) =>
  text.replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(code)).split("<br>");

async function parsed(text) {
  try {
    const { config } = await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    return {
      vertices: [...db.getVertices().values()].map((one) => [one.id, read(one.text), one.type]),
      edges: db.getEdges().map((one) => [one.start, one.end, read(one.text), one.stroke, one.type]),
      config, // from the head, which was read then
    };
  } catch (error) {
    return { error: error.message };
  }
}

const found = [];
for (const text of JSON.parse(readFileSync(0, "utf8"))) found.push(await parsed(text));
process.stdout.write(JSON.stringify(found));
