const data = JSON.parse(document.getElementById("details").textContent);
const words = data.words;
const details = data.rows;
const panel = document.getElementById("detail");
const list = document.getElementById("blocks");
const blocks = list ? [...list.querySelectorAll(".b")] : [];
let current = null;
let shown = [];

function add(parent, tag, text, name) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  parent.append(made, " ");
  return made;
}

function mark(index) {
  for (const element of shown) element.classList.remove("on");
  shown = [...document.querySelectorAll(`[data-i="${index}"]:not(button)`)];
  for (const element of shown) element.classList.add("on");
  const [kind, score, rule, authority, path, links, weighed, other] = details[index];
  panel.textContent = "";
  add(panel, "strong", words[kind]);
  add(panel, "span", `${Math.round(100 * score)}% sure, decided by`);
  if (words[rule] === "model") add(panel, "span", "the model;"); else add(panel, "code", words[rule]);
  add(panel, "span", `${words[authority] ? `(${words[authority]}); ` : ""}${Math.round(100 * links)}% links; block ${index + 1} of ${details.length}`);
  add(panel, "div", path, "mono dim");
  if (other) add(panel, "div", other);
  const row = weighed.length ? add(panel, "div", "The model weighed: ") : null;
  for (const [name, value, added] of weighed) {
    add(row, "span", `${name}: ${value} (${added > 0 ? "+" : "−"}${Math.abs(added)})`, "w");
  }
}

function focusBlock(block) {
  if (!block) return;
  if (current) current.tabIndex = -1;
  current = block;
  block.tabIndex = 0;
  block.focus();
  block.scrollIntoView({ block: "nearest" });
}

function neighbour(block, step) {
  let at = blocks.indexOf(block) + step;
  while (blocks[at] && blocks[at].classList.contains("off")) at += step;
  return blocks[at];
}

/** Adds the article's later lines a few at a time, so that a long page can be used at once. */
function addLines(from) {
  const rest = data.rest || [];
  const text = document.querySelector(".text");
  for (const index of rest.slice(from, from + 200)) {
    const line = add(text, "p", blocks[index].lastChild.textContent);
    line.dataset.i = index;
    line.id = `t${index}`;
    line.dir = "auto";
    line.tabIndex = -1;
  }
  if (from + 200 < rest.length) setTimeout(addLines, 20, from + 200);
}
addLines(0);

if (list) {
  current = blocks[0];
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
  list.addEventListener("click", event => focusBlock(event.target.closest(".b")));
  list.addEventListener("keydown", event => {
    const block = event.target.closest(".b");
    const ends = { Home: blocks.find(element => !element.classList.contains("off")), End: blocks.findLast(element => !element.classList.contains("off")) };
    const next = { ArrowDown: () => neighbour(block, 1), ArrowUp: () => neighbour(block, -1), Home: () => ends.Home, End: () => ends.End }[event.key];
    if (next) {
      event.preventDefault();
      focusBlock(next());
    } else if (event.key === "Enter") {
      const line = document.getElementById(`t${block.dataset.i}`) || document.querySelector(`tr[data-i="${block.dataset.i}"]`);
      if (line) line.scrollIntoView({ block: "center" });
    }
  });
}

document.addEventListener("pointerover", event => {
  const line = event.target.closest(".text [data-i], tr[data-i]");
  if (line) mark(Number(line.dataset.i));
});

document.addEventListener("click", event => {
  const go = event.target.closest(".go, .text [data-i]");
  if (go) focusBlock(document.getElementById(`b${go.dataset.i}`));
});

for (const box of document.querySelectorAll("[data-show]")) {
  box.addEventListener("change", () => {
    for (const element of document.querySelectorAll(`.b[data-kind="${box.dataset.show}"]`)) element.classList.toggle("off", !box.checked);
    if (current && current.classList.contains("off")) {
      const next = neighbour(current, 1) || neighbour(current, -1);
      if (next) {
        current.tabIndex = -1;
        current = next;
        current.tabIndex = 0;
      }
    }
  });
}
