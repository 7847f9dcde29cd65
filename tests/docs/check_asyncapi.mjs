// Reads an AsyncAPI document from standard input; prints what is wrong with it, one line each.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Parser } = createRequire(new URL("../node/", import.meta.url))("@asyncapi/parser");
const { diagnostics } = await new Parser().parse(readFileSync(0, "utf8"));
const ERROR = 0;
for (const { severity, path, message } of diagnostics) {
  if (severity === ERROR) console.log(`${path.join(".")}: ${message}`);
}
