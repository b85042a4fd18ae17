// Run by Node: reads the data of the pages as lines of JSON, writes a line of JSON with the HTML of each.
import { readFileSync } from "node:fs";
import { renderToString } from "react-dom/server";
import { App } from "./hydrated.jsx";

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  console.log(JSON.stringify(renderToString(<App data={JSON.parse(line)} />)));
}
