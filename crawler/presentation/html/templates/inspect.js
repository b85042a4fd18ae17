const data = JSON.parse(document.getElementById("details").textContent);
const words = data.words;
const details = data.rows;
const panel = document.getElementById("detail");
const list = document.getElementById("blocks");
const blocks = list ? [...list.querySelectorAll(".b")] : [];
const items = list ? [...list.querySelectorAll('[role="treeitem"]')] : [];
const STATES = { text: "in the text", field: "became a field", left_out: "left out" };
let current = null;
let shown = [];
let isWeighedOpen = false;

function add(parent, tag, text, name) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  parent.append(made, " ");
  return made;
}

const stateOf = block => [...block.classList].find(name => name.startsWith("o-")).slice(2);

function mark(index) {
  for (const element of shown) element.classList.remove("on");
  shown = [...document.querySelectorAll(`[data-i="${index}"]:not(button)`)];
  for (const element of shown) element.classList.add("on");
  const [kind, score, rule, authority, path, links, markup, weighed, other] = details[index];
  panel.textContent = "";
  const line = add(panel, "p", "");
  const said = words[kind].replaceAll("_", " ");
  const filled = stateOf(blocks[index]) === "field" ? blocks[index].querySelector(".k").textContent.split(": ")[1] : said;
  add(line, "strong", `${STATES[stateOf(blocks[index])]}: ${filled === said ? said : `${filled} (${said})`}.`);
  add(line, "span", `${Math.round(100 * score)}% sure, decided by`);
  if (words[rule] === "model") add(line, "span", "the model;"); else add(line, "code", words[rule]);
  add(line, "span", `${words[authority] ? `(${words[authority]}); ` : ""}${Math.round(100 * links)}% links; block ${index + 1} of ${details.length}`);
  if (other) add(panel, "p", other);
  if (weighed.length) {
    const more = add(panel, "details", "");
    more.open = isWeighedOpen;
    more.addEventListener("toggle", () => { isWeighedOpen = more.open; });
    add(more, "summary", "What the model weighed");
    for (const [name, value, added] of weighed) {
      add(more, "span", `${name}: ${value} (${added > 0 ? "+" : "−"}${Math.abs(added)})`, "w");
    }
  }
  add(panel, "p", `${words[markup]} · ${path}`, "mono dim");
}

function setFold(fold, isOpen) {
  fold.setAttribute("aria-expanded", String(isOpen));
  fold.nextElementSibling.hidden = !isOpen;
}

/** Scrolls an element's own pane; on a phone the page. */
function reveal(element, where = "nearest") {
  element.scrollIntoView({ block: where });
}

function focusItem(item) {
  if (!item) return;
  const group = item.parentElement.closest("[hidden]");
  if (group && group.previousElementSibling?.classList.contains("fold")) setFold(group.previousElementSibling, true);
  if (current) current.tabIndex = -1;
  current = item;
  item.tabIndex = 0;
  item.focus({ preventScroll: true });
  reveal(item);
}

const isShown = item => !item.classList.contains("off") && !item.parentElement.closest("[hidden]");

function neighbour(item, step) {
  let at = items.indexOf(item) + step;
  while (items[at] && !isShown(items[at])) at += step;
  return items[at];
}

/** Adds the article's later lines a few at a time, so that a long page can be used at once. */
function addLines(from) {
  const rest = data.rest || [];
  const text = document.querySelector(".text");
  for (const index of rest.slice(from, from + 200)) addLine(text, index);
  if (from + 200 < rest.length) setTimeout(addLines, 20, from + 200);
}

function addLine(text, index) {
  const line = add(text, "p", blocks[index].querySelector(".t").textContent);
  line.dataset.i = index;
  line.id = `t${index}`;
  line.dir = "auto";
  line.className = `k-${blocks[index].dataset.kind}`;
  line.tabIndex = -1;
}
addLines(0);

function select(tab) {
  const tabs = [...tab.parentElement.querySelectorAll('[role="tab"]')];
  for (const one of tabs) {
    const isOn = one === tab;
    one.setAttribute("aria-selected", String(isOn));
    one.tabIndex = isOn ? 0 : -1;
    document.getElementById(one.getAttribute("aria-controls")).hidden = !isOn;
  }
  document.body.dataset.side = tab.parentElement.className;
}

for (const tabList of document.querySelectorAll('[role="tablist"]')) {
  tabList.addEventListener("click", event => {
    const tab = event.target.closest('[role="tab"]');
    if (tab) select(tab);
  });
  tabList.addEventListener("keydown", event => {
    const tabs = [...tabList.querySelectorAll('[role="tab"]')];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(event.target.closest('[role="tab"]')) + step + tabs.length) % tabs.length];
    select(next);
    next.focus();
  });
}
document.body.dataset.side = "page";

/** Shows a block's other side: its line of the article, or its entry of what was left out. */
function showOther(index) {
  const line = document.getElementById(`t${index}`);
  const row = line || document.querySelector(`#panel-out [data-i="${index}"]`);
  if (!row) return;
  select(document.getElementById(line ? "tab-article" : "tab-out"));
  reveal(row, "center");
}

function showBlock(index) {
  select(document.getElementById("tab-blocks"));
  focusItem(document.getElementById(`b${index}`));
  reveal(document.getElementById(`b${index}`), "center");
}

if (list) {
  current = items.find(isShown) || items[0];
  current.tabIndex = 0;
  list.addEventListener("pointerover", event => {
    const block = event.target.closest(".b");
    if (block) mark(Number(block.dataset.i));
  });
  list.addEventListener("focusin", event => {
    const block = event.target.closest(".b");
    if (!block) return;
    for (const element of list.querySelectorAll('[aria-selected="true"]:not(.picked)')) element.setAttribute("aria-selected", "false");
    block.setAttribute("aria-selected", "true");
    mark(Number(block.dataset.i));
  });
  list.addEventListener("click", event => {
    const item = event.target.closest('[role="treeitem"]');
    if (!item) return;
    if (item.classList.contains("fold")) setFold(item, item.getAttribute("aria-expanded") !== "true");
    focusItem(item);
  });
  list.addEventListener("keydown", event => {
    const item = event.target.closest('[role="treeitem"]');
    if (!item) return;
    const isFold = item.classList.contains("fold");
    const next = {
      ArrowDown: () => neighbour(item, 1),
      ArrowUp: () => neighbour(item, -1),
      Home: () => items.find(isShown),
      End: () => items.findLast(isShown),
    }[event.key];
    if (next) {
      event.preventDefault();
      focusItem(next());
    } else if (isFold && ["Enter", "ArrowRight", "ArrowLeft"].includes(event.key)) {
      setFold(item, event.key === "Enter" ? item.getAttribute("aria-expanded") !== "true" : event.key === "ArrowRight");
    } else if (event.key === "Enter") {
      showOther(item.dataset.i);
    }
  });
}

document.addEventListener("pointerover", event => {
  const line = event.target.closest(".text [data-i], .rows [data-i], rect[data-i]");
  if (line) mark(Number(line.dataset.i));
});

document.addEventListener("click", event => {
  const go = event.target.closest(".go, .text [data-i], rect[data-i]");
  if (go) showBlock(go.dataset.i);
});

function hide() {
  const off = selector => new Set([...document.querySelectorAll(selector)].filter(box => !box.checked).flatMap(box => Object.values(box.dataset)));
  const states = off("[data-state]");
  const kinds = off("[data-show]");
  for (const block of blocks) block.classList.toggle("off", states.has(stateOf(block)) || kinds.has(block.dataset.kind));
  if (current && !isShown(current)) {
    const next = neighbour(current, 1) || neighbour(current, -1);
    if (next) {
      current.tabIndex = -1;
      current = next;
      current.tabIndex = 0;
    }
  }
}
for (const box of document.querySelectorAll("[data-state], [data-show]")) box.addEventListener("change", hide);

// the page opens at the article
const first = blocks.find(block => stateOf(block) === "text" || block.matches(".o-field[data-kind='title']"));
if (first) {
  const pane = first.closest(".pane");
  const isOwn = getComputedStyle(pane).overflowY === "auto";
  if (isOwn) pane.scrollTop = first.getBoundingClientRect().top - pane.getBoundingClientRect().top - 70;
}
