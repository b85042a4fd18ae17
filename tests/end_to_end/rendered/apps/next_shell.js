// As Next.js does where a page has no data on the server: the page tells its id, and the data come from /_next/data.
import { articleHtml, describe, load, riverHtml } from "./desk.js";

const { buildId, page, query } = JSON.parse(document.getElementById("__NEXT_DATA__").textContent);
const root = document.getElementById("__next");

load(page === "/" ? "/" : query.slug, `/_next/data/${buildId}`).then((data) => {
  root.innerHTML = `<main>${page === "/" ? riverHtml(data) : articleHtml(data)}</main>`;
  if (page !== "/") describe(data);
});
