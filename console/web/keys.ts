/** The keyboard: / to search, j and k over rows, Enter opens, n a new order, g and a letter to a room, ? the list of keys. */

const ROOMS: Record<string, string> = {
  o: "/console/orders",
  b: "/console/board",
  i: "/console/inbox",
  d: "/console/desk",
  c: "/console/customers",
  p: "/console/products",
  f: "/console/searches",
};

let waitingForRoom = false;

export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (target.matches("[data-sends]") && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      target.closest("form")?.requestSubmit();
      return;
    }
    const typing = target.closest("input, select, textarea, dialog[open]") !== null;
    if (typing && event.key === "Escape" && target.matches("#search")) return target.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (press(event.key)) event.preventDefault();
  });
}

/** Does what the key is for; false when it is for nothing. */
function press(key: string): boolean {
  const room = waitingForRoom ? ROOMS[key] : undefined;
  waitingForRoom = key === "g";
  const own = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  if (room) location.assign(room);
  else if (own) own.click(); // a button of this page that names its key
  else if (key === "/") document.getElementById("search")?.focus();
  else if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (key === "Enter") return open();
  else if (key === "Escape") return back();
  else if (key === "n") location.assign("/console/orders/new");
  else if (key === "?") (document.getElementById("keys") as HTMLDialogElement | null)?.showModal();
  else return waitingForRoom;
  return true;
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-rows] [data-href]")];
}

function step(by: number): void {
  const all = rows();
  const selected = all.findIndex((row) => row.classList.contains("selected"));
  const at = selected < 0 ? all.findIndex((row) => row.classList.contains("current")) : selected;
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (!next) return;
  all[at]?.classList.remove("selected");
  next.classList.add("selected");
  next.scrollIntoView({ block: "nearest" });
}

/** From a chat back to the room it is in. */
function back(): boolean {
  const place = document.querySelector<HTMLElement>("[data-back]")?.dataset.back;
  if (place) location.assign(place);
  return place !== undefined;
}

/** A list that is drawn anew keeps the row one is at. */
export function keepSelection(): void {
  let href: string | undefined;
  document.body.addEventListener("htmx:beforeSwap", () => {
    href = rows().find((row) => row.classList.contains("selected"))?.dataset.href;
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    if (rows().some((row) => row.classList.contains("selected"))) return;
    rows()
      .find((row) => row.dataset.href === href)
      ?.classList.add("selected");
  });
}

function open(): boolean {
  const selected = rows().find((row) => row.classList.contains("selected"));
  if (!selected?.dataset.href || document.activeElement?.matches("a, button, summary")) return false;
  location.assign(selected.dataset.href);
  return true;
}
