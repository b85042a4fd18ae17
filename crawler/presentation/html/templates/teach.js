const teach = JSON.parse(document.getElementById("teach-data").textContent);
const answer = document.getElementById("answer");
const picked = new Set();
const history = [];
let anchor = 0;
let dragging = false;

const field = name => document.getElementById(name);
const state = () => ({
  kinds: blocks.map(block => block.dataset.kind),
  title: field("title").value.trim() || null,
  published: field("published").value.trim() || null,
  authors: field("authors").value.split("\n").map(author => author.trim()).filter(Boolean),
});

async function send(action, more = {}) {
  try {
    const response = await fetch(`${teach.base}/${action}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...state(), ...more }) });
    const found = await response.json();
    if (found.error) say([["p", found.error, "warn"]]);
    return found.error ? null : found;
  } catch {
    say([["p", "The command has ended: start it again, the draft is kept.", "warn"]]);
    return null;
  }
}

function say(lines) {
  answer.textContent = "";
  for (const [tag, text, name] of lines) add(answer, tag, text, name);
}

function pick(index, isOn) {
  const block = blocks[index];
  if (!block) return;
  if (isOn) picked.add(index); else picked.delete(index);
  block.classList.toggle("picked", isOn);
  block.setAttribute("aria-selected", String(isOn));
  field("marked").textContent = picked.size ? `${picked.size} marked.` : "No block is marked.";
}

function unmark() {
  for (const index of [...picked]) pick(index, false);
}

function wordNumber(word) {
  const known = words.indexOf(word);
  return known >= 0 ? known : words.push(word) - 1;
}

function setKind(block, kind) {
  block.classList.replace(`o-${stateOf(block)}`, `o-${teach.states[kind]}`);
  block.dataset.kind = kind;
  const row = details[Number(block.dataset.i)];
  row[0] = wordNumber(kind);
  row[2] = wordNumber("labelled");
  block.querySelector(".k").textContent = chip(kind);
}

function chip(kind) {
  const said = kind.replaceAll("_", " ");
  if (teach.states[kind] === "text") return kind === "paragraph" ? "✓ text" : `✓ text: ${said}`;
  return teach.states[kind] === "field" ? `◆ field: ${teach.fields[kind]}` : `✕ out: ${said}`;
}

function change(kindOf) {
  if (!picked.size) return say([["p", "Mark a block first.", "warn"]]);
  const before = [...picked].map(index => [index, blocks[index].dataset.kind]);
  for (const [index, kind] of before) setKind(blocks[index], kindOf(kind));
  history.push(before);
  field("undo").disabled = false;
  unmark();
  send("draft");
}

function textKind(kind) {
  return teach.states[kind] === "text" ? kind : "paragraph";
}

list.addEventListener("pointerdown", event => {
  const block = event.target.closest(".b");
  if (!block) return;
  const index = Number(block.dataset.i);
  if (event.shiftKey) {
    for (let at = Math.min(anchor, index); at <= Math.max(anchor, index); at += 1) pick(at, true);
  } else {
    anchor = index;
    dragging = true;
    pick(index, !picked.has(index));
  }
  event.preventDefault();
});
list.addEventListener("pointerover", event => {
  const block = event.target.closest(".b");
  if (!dragging || !block) return;
  const index = Number(block.dataset.i);
  if (index === anchor) return;
  for (let at = Math.min(anchor, index); at <= Math.max(anchor, index); at += 1) pick(at, true);
});
document.addEventListener("pointerup", () => { dragging = false; });
list.addEventListener("keydown", event => {
  const block = event.target.closest(".b");
  if (!block) return;
  const index = Number(block.dataset.i);
  if (event.key === " ") {
    event.preventDefault();
    anchor = index;
    pick(index, !picked.has(index));
  } else if (event.shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    pick(index, true);
    if (current) pick(Number(current.dataset.i), true);
  }
});

field("as-text").addEventListener("click", () => change(textKind));
field("as-kind").addEventListener("click", () => change(() => field("kind").value));
field("clear").addEventListener("click", unmark);
field("undo").addEventListener("click", () => {
  for (const [index, kind] of history.pop() || []) setKind(blocks[index], kind);
  field("undo").disabled = !history.length;
  send("draft");
});
for (const name of ["title", "published", "authors"]) field(name).addEventListener("change", () => send("draft"));

field("preview").addEventListener("click", async () => {
  const found = await send("preview");
  if (!found) return;
  const count = found.places.length;
  const lines = [["h3", `The site would have ${count} taught ${count === 1 ? "rule" : "rules"}:`]];
  for (const place of found.places) lines.push(["div", place, "mono"]);
  for (const line of found.unlearnt) lines.push(["div", `Not learnt, as the site marks it up like ordinary paragraphs and no rule can tell it apart: ${line}`, "warn"]);
  for (const line of found.taken_back) lines.push(["div", `Taken back: ${line}`, "warn"]);
  if (found.fields.length) lines.push(["h3", "Fields of this page would change:"]);
  for (const line of found.fields) lines.push(["div", `${line[0]} ${line.slice(1)}`]);
  const compared = `${found.changes.length} of ${found.compared} other pages of the site would change`;
  lines.push(["h3", found.compared ? compared : "No other page of the site is known here: start with --pages FILE… to preview more pages"]);
  for (const change of found.changes) {
    lines.push(["div", change.page, "mono"]);
    for (const line of change.lines) lines.push(["div", `${line[0]} ${line.slice(1)}`]);
  }
  say(lines);
});
async function save(takesBack) {
  const found = await send("save", { takes_back: takesBack });
  if (!found) return;
  if (found.asks) {
    say([["h3", "Not saved"], ...found.asks.map(line => ["div", line, "warn"]), ["button", "Save all the same", "act"]]);
    answer.querySelector("button").addEventListener("click", () => save(true));
    return;
  }
  say([["h3", "Saved"], ...found.done.map(line => ["div", line, "mono"])]);
}
field("save").addEventListener("click", () => save(false));
field("close").addEventListener("click", async () => {
  const found = await send("close");
  if (found) say([["p", found.said]]);
});

if (teach.draft) {
  const draft = JSON.parse(teach.draft);
  draft.kinds.forEach((kind, index) => { if (blocks[index].dataset.kind !== kind) setKind(blocks[index], kind); });
  field("title").value = draft.title || "";
  field("published").value = draft.published || "";
  field("authors").value = (draft.authors || []).join("\n");
  say([["p", "What was changed earlier was taken up."]]);
}
