/** A station's calendar: arrows go from cell to cell, Enter (or a click) opens the leave of that engineer on that day. */

export function openCalendar(): void {
  const table = document.querySelector<HTMLTableElement>("[data-calendar]");
  if (!table) return;
  table.addEventListener("keydown", (event) => {
    const cell = (event.target as Element).closest<HTMLTableCellElement>("td[data-day]");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = neighbour(cell, event.key);
    if (next) {
      cell.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    } else if (event.key === "Enter") choose(cell);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  table.addEventListener("click", (event) => {
    const cell = (event.target as Element).closest<HTMLTableCellElement>("td[data-day]");
    if (cell) choose(cell);
  });
}

function neighbour(cell: HTMLTableCellElement, key: string): HTMLTableCellElement | undefined {
  const row = cell.parentElement as HTMLTableRowElement;
  const beside = { ArrowLeft: cell.previousElementSibling, ArrowRight: cell.nextElementSibling }[key];
  const across = { ArrowUp: row.previousElementSibling, ArrowDown: row.nextElementSibling }[key];
  const found = beside ?? (across as HTMLTableRowElement | null | undefined)?.cells[cell.cellIndex];
  return found instanceof HTMLTableCellElement && found.dataset.day ? found : undefined;
}

/** Whoever may keep engineers gets the form of that day; others go to the engineer. */
function choose(cell: HTMLTableCellElement): void {
  const page = `/console/engineers/${cell.dataset.engineer}`;
  const dialog = document.getElementById("leave") as HTMLDialogElement | null;
  const form = dialog?.querySelector("form");
  if (!dialog || !form) return location.assign(page);
  dialog.querySelector(":scope > .notice")?.remove();
  if (form.getAttribute("action") !== `${page}/leaves`) form.reset();
  form.setAttribute("action", `${page}/leaves`);
  form.setAttribute("hx-post", `${page}/leaves`); // taken hold of anew when it is sent (main.ts): a refusal leaves it as it was typed
  for (const name of ["first", "last"]) (form.elements.namedItem(name) as HTMLInputElement).value = cell.dataset.day ?? "";
  (dialog.querySelector("h2") as HTMLElement).textContent = `${cell.dataset.name} ${cell.dataset.day} 请假`;
  (dialog.querySelector("[data-opens-engineer]") as HTMLAnchorElement).href = page;
  dialog.showModal();
}
