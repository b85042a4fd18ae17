for (const table of document.querySelectorAll("table.sortable")) {
  table.tHead.addEventListener("click", event => {
    const head = event.target.closest("th");
    if (!head) return;
    const column = [...head.parentNode.children].indexOf(head);
    const isUp = head.getAttribute("aria-sort") !== "ascending";
    for (const header of head.parentNode.children) header.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
    const value = row => row.cells[column].dataset.v ?? row.cells[column].textContent.trim();
    const number = text => (text === "" || Number.isNaN(parseFloat(text)) ? -Infinity : parseFloat(text));
    const collator = new Intl.Collator(undefined, { numeric: true });
    const isNumber = head.classList.contains("n");
    const order = (a, b) => (isNumber ? (number(a) > number(b)) - (number(a) < number(b)) : collator.compare(a, b));
    const rows = [...table.tBodies[0].rows].sort((a, b) => order(value(a), value(b)) * (isUp ? 1 : -1));
    table.tBodies[0].append(...rows);
  });
}
