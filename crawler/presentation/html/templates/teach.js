const teach = JSON.parse(document.getElementById("teach-data").textContent);
const answer = document.getElementById("answer");
const text = document.querySelector(".text");
const picked = new Set();
const history = [];
const FIELDS = ["title", "published", "section", "authors"];
let taught = {};
let anchor = 0;
let dragging = false;
let isDirty = false;
document.body.classList.add("teaching");

const field = name => document.getElementById(name);
const state = () => ({
  kinds: blocks.map(block => block.dataset.kind),
  title: field("title").value.trim() || null,
  published: field("published").value.trim() || null,
  section: field("section").value.trim() || null,
  authors: field("authors").value.split("\n").map(author => author.trim()).filter(Boolean),
  has_section: true,
  fields: taught,
});

async function ask(action, body) {
  try {
    const response = await fetch(`${teach.base}/${action}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const found = await response.json();
    if (found.error) say([["p", found.error, "warn"]]);
    return found.error ? null : found;
  } catch {
    say([["p", "The command has ended: start it again, the draft is kept.", "warn"]]);
    return null;
  }
}

const send = (action, more = {}) => ask(action, { ...state(), ...more });

/** Says something: one line in the toolbar, more in the result's tab. */
function say(lines) {
  answer.textContent = "";
  for (const [tag, said, name] of lines) add(answer, tag, said, name);
  field("note").textContent = lines[0][1];
  field("note").className = lines[0][2] || "";
  if (lines.length > 1) select(field("tab-answer"));
}

function setDirty(isOn) {
  isDirty = isOn;
  field("dirty").textContent = isOn ? "There are changes that are not saved." : "Everything is saved.";
}

function keepDraft() {
  setDirty(true);
  return send("draft");
}

function pick(index, isOn) {
  const block = blocks[index];
  if (!block) return;
  if (isOn) picked.add(index); else picked.delete(index);
  block.classList.toggle("picked", isOn);
  block.setAttribute("aria-selected", String(isOn));
  field("marked").textContent = picked.size ? `${picked.size} marked.` : "No block is marked.";
  offerMore();
}

/** The blocks with the markup and the state of the marked ones that are not marked: a rule will hold for them, too. */
function others() {
  const of = index => words[details[index][6]];
  const wanted = new Set([...picked].map(index => `${of(index)} ${stateOf(blocks[index])}`).filter(name => name.includes(".")));
  return blocks.map((_, index) => index).filter(index => !picked.has(index) && wanted.has(`${of(index)} ${stateOf(blocks[index])}`));
}

function offerMore() {
  const found = others();
  field("more").hidden = !found.length;
  field("more").textContent = `Mark ${found.length} more with the same markup`;
}

function unmark() {
  for (const index of [...picked]) pick(index, false);
}

function wordNumber(word) {
  const known = words.indexOf(word);
  return known >= 0 ? known : words.push(word) - 1;
}

/** Shows a block in the article's pane, or takes it out, where it stands on the page. */
function follow(index, isText) {
  const line = document.getElementById(`t${index}`);
  if (!text || isText === Boolean(line)) return;
  if (!isText) return line.remove();
  addLine(text, index);
  const made = text.lastElementChild;
  const next = [...text.children].find(one => one !== made && Number(one.dataset.i) > index);
  if (next) text.insertBefore(made, next);
}

function count(name, step) {
  const shown = document.querySelector(`.key .o-${name} b`);
  shown.textContent = Number(shown.textContent) + step;
}

function setKind(block, kind) {
  const index = Number(block.dataset.i);
  count(stateOf(block), -1);
  count(teach.states[kind], 1);
  block.classList.replace(`o-${stateOf(block)}`, `o-${teach.states[kind]}`);
  block.dataset.kind = kind;
  const row = details[index];
  row[0] = wordNumber(kind);
  row[2] = wordNumber("labelled");
  block.querySelector(".k").textContent = chip(kind);
  block.classList.remove("stale");
  follow(index, teach.states[kind] === "text");
  followOut(index, block, teach.states[kind] === "left_out");
  mark(index);
}

/** Shows a block among what is left out, or takes it out of there. */
function followOut(index, block, isOut) {
  const rows = document.querySelector("#panel-out .rows");
  const row = rows && rows.querySelector(`li[data-i="${index}"]`);
  if (!rows || isOut === Boolean(row)) return;
  if (!isOut) return row.remove();
  const made = document.createElement("li");
  made.dataset.i = index;
  add(made, "b", block.querySelector(".k").textContent);
  add(made, "span", block.querySelector(".t").textContent.slice(0, 300), "t");
  rows.prepend(made);
}

function chip(kind) {
  const said = kind.replaceAll("_", " ");
  if (teach.states[kind] === "text") return kind === "paragraph" ? "✓ text" : `✓ text: ${said}`;
  return teach.states[kind] === "field" ? `◆ field: ${teach.fields[kind]}` : `✕ out: ${said}`;
}

/** What can be undone: the kinds of some blocks, and the fields. */
function remember(indexes) {
  history.push({
    kinds: indexes.map(index => [index, blocks[index].dataset.kind]),
    values: FIELDS.map(name => [name, field(name).value]),
    taught: JSON.parse(JSON.stringify(taught)),
  });
  field("undo").disabled = false;
}

function change(kindOf) {
  if (!picked.size) return say([["p", "Mark a block first.", "warn"]]);
  const indexes = [...picked];
  remember(indexes);
  for (const index of indexes) {
    setKind(blocks[index], kindOf(blocks[index].dataset.kind));
    for (const name of Object.keys(taught)) taught[name] = taught[name].filter(other => other !== index);
  }
  unmark();
  keepDraft();
}

const textKind = kind => (teach.states[kind] === "text" ? kind : "paragraph");
const outKind = kind => (teach.states[kind] === "left_out" ? kind : "other");

/** Says that a field stands in the marked blocks: its value is read from them as a crawl will read it. */
async function teachField(name, kind) {
  const indexes = [...picked].sort((a, b) => a - b);
  if (!indexes.length) return say([["p", "Mark a block first.", "warn"]]);
  const values = [];
  for (const block of indexes) {
    const found = await ask("field", { field: name, block });
    if (!found) return;
    if (found.value === null) return say([["p", `“${blocks[block].querySelector(".t").textContent.slice(0, 60)}” says nothing of this field.`, "warn"]]);
    values.push(...[found.value].flat());
  }
  remember(indexes);
  for (const index of indexes) setKind(blocks[index], kind);
  for (const block of name === "authors" ? [] : blocks) {
    const isOther = block.dataset.kind === kind && !indexes.includes(Number(block.dataset.i));
    if (isOther) block.classList.add("stale");
  }
  taught[name] = name === "authors" ? indexes : indexes.slice(0, 1);
  field(name).value = name === "authors" ? values.join("\n") : values[0];
  if (name === "title" && field("article-title")) field("article-title").textContent = values[0];
  say([["p", `${name[0].toUpperCase()}${name.slice(1)}: ${name === "authors" ? values.join(", ") : values[0]}`]]);
  unmark();
  keepDraft();
}

function markTo(index) {
  for (let at = Math.min(anchor, index); at <= Math.max(anchor, index); at += 1) pick(at, true);
}

list.addEventListener("pointerdown", event => {
  const block = event.target.closest(".b");
  if (!block || event.pointerType === "touch") return; // a finger scrolls, and taps
  const index = Number(block.dataset.i);
  if (event.shiftKey) {
    markTo(index);
  } else {
    anchor = index;
    dragging = true;
    pick(index, !picked.has(index));
  }
  event.preventDefault();
});
list.addEventListener("click", event => {
  const block = event.target.closest(".b");
  if (!block || event.pointerType !== "touch") return;
  anchor = Number(block.dataset.i);
  pick(anchor, !picked.has(anchor));
});
list.addEventListener("pointerover", event => {
  const block = event.target.closest(".b");
  if (!dragging || !block) return;
  const index = Number(block.dataset.i);
  if (index !== anchor) markTo(index);
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
    if (current?.classList.contains("b")) pick(Number(current.dataset.i), true);
  }
});

field("as-text").addEventListener("click", () => change(textKind));
field("as-out").addEventListener("click", () => change(outKind));
field("as-kind").addEventListener("click", () => change(() => field("kind").value));
for (const button of document.querySelectorAll("[data-field]")) {
  button.addEventListener("click", () => teachField(button.dataset.field, button.dataset.as));
}
field("clear").addEventListener("click", unmark);
field("more").addEventListener("click", () => { for (const index of others()) pick(index, true); });
field("undo").addEventListener("click", () => {
  const last = history.pop();
  if (!last) return;
  for (const [index, kind] of last.kinds) setKind(blocks[index], kind);
  for (const [name, value] of last.values) field(name).value = value;
  taught = last.taught;
  field("undo").disabled = !history.length;
  keepDraft();
});
for (const name of FIELDS) field(name).addEventListener("change", keepDraft);

field("preview").addEventListener("click", async () => {
  const found = await send("preview");
  if (!found) return;
  const count = found.places.length;
  const lines = [["h3", `The site would have ${count} taught ${count === 1 ? "rule" : "rules"}:`]];
  for (const place of found.places) lines.push(["div", place, "mono"]);
  for (const line of found.unlearnt) lines.push(["div", `Not learnt: other blocks with the same markup stay, so no rule can tell it apart. Mark them, too, if they are the same thing: ${line}`, "warn"]);
  for (const line of found.unlike) lines.push(["div", `Only this page has what you typed. ${line}`, "warn"]);
  for (const line of found.taken_back) lines.push(["div", `Taken back: ${line}`, "warn"]);
  if (found.fields.length) lines.push(["h3", "Fields of this page would change:"]);
  for (const line of found.fields) lines.push(["div", `${line[0]} ${line.slice(1)}`]);
  const compared = `${found.changes.length} of ${found.compared} other pages of the site would change`;
  lines.push(["h3", found.compared ? compared : "No other page of the site is known here, so none is compared"]);
  for (const page of found.changes) {
    lines.push(["div", page.page, "mono"]);
    for (const line of page.lines) lines.push(["div", `${line[0]} ${line.slice(1)}`]);
  }
  say(lines);
});

async function save(takesBack) {
  const found = await send("save", { takes_back: takesBack });
  if (!found) return false;
  if (found.asks) {
    say([["h3", "Not saved"], ...found.asks.map(line => ["div", line, "warn"]), ["button", "Save all the same", "act"]]);
    answer.querySelector("button").addEventListener("click", () => save(true));
    return false;
  }
  setDirty(false);
  const head = found.unlearnt.length ? ["h3", "Saved, but not all of it was learnt: crawls will not change there", "warn"] : ["h3", "Saved"];
  say([head, ...found.unlearnt.map(line => ["div", line, "warn"]), ...found.done.filter(line => !found.unlearnt.includes(line.trim())).map(line => ["div", line, "mono"])]);
  return true;
}

async function close() {
  const found = await send("close");
  if (found) {
    isDirty = false;
    say([["p", found.said]]);
    if (found.leads_to) location.href = found.leads_to;
  }
}
field("save").addEventListener("click", () => save(false));
field("close").addEventListener("click", () => {
  if (!isDirty) return close();
  say([["h3", "There are changes that are not saved."], ["button", "Save, then end", "act"], ["button", "End; keep them as a draft", "act"]]);
  const [both, end] = answer.querySelectorAll("button");
  both.addEventListener("click", async () => { if (await save(false)) close(); });
  end.addEventListener("click", close);
});

function addRule(parent, rule) {
  const part = add(parent, "div", "", "rule");
  add(part, "p", `${rule.key} ${rule.selector}${rule.kind ? ` as ${rule.kind}` : ""}`, "mono");
  add(part, "p", `Taught on: ${rule.page}`, "dim");
  add(part, "p", `It selects something on ${rule.pages.length} of ${rule.known} known pages${rule.pages.length ? ":" : "."}`);
  for (const page of rule.pages) add(part, "p", page, "mono dim");
  const button = add(part, "button", "Take this rule back", "act");
  button.addEventListener("click", () => carryOut("forget", { key: rule.key, selector: rule.selector }));
}

/** Takes something back, then shows the page as it is cleaned now. */
async function carryOut(action, body) {
  const found = await ask(action, body);
  if (!found) return;
  sessionStorage.setItem("said", found.done.join("\n"));
  location.reload();
}

async function showRules() {
  const found = await ask("rules", {});
  const place = field("rules");
  if (!found || !place) return;
  place.textContent = "";
  add(place, "h3", found.rules.length ? "What is taught of this site" : "Nothing is taught of this site yet.");
  if (isDirty) add(place, "p", "What is not saved yet is not among the rules.", "dim");
  for (const rule of found.rules) addRule(place, rule);
  if (found.history.length) add(place, "h3", "Lessons, the last one first");
  found.history.forEach((lesson, number) => {
    const part = add(place, "div", "", "rule");
    add(part, "p", `${lesson.when} UTC: ${lesson.pages.length === 1 ? "one page" : `${lesson.pages.length} pages`}`);
    if (number === 0) add(part, "button", "Undo this lesson", "act").addEventListener("click", () => carryOut("undo", {}));
  });
}
field("tab-rules").addEventListener("click", showRules);

if (teach.draft) {
  const draft = JSON.parse(teach.draft);
  draft.kinds.forEach((kind, index) => { if (blocks[index].dataset.kind !== kind) setKind(blocks[index], kind); });
  field("title").value = draft.title || "";
  field("published").value = draft.published || "";
  if (draft.has_section) field("section").value = draft.section || "";
  field("authors").value = (draft.authors || []).join("\n");
  taught = draft.fields || {};
  setDirty(true);
  field("dirty").textContent = "";
  isDirty = false;
  say([["p", "Your earlier marks are shown."]]);
}
const said = sessionStorage.getItem("said");
if (said) {
  sessionStorage.removeItem("said");
  say([["h3", "Done"], ...said.split("\n").map(line => ["div", line, "mono"])]);
}
addEventListener("beforeunload", event => { if (isDirty) event.preventDefault(); });
