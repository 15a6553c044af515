/** Asking before anything is done: the dialog with the rules' answer comes from the server, and so does what came of it. */
import htmx from "htmx.org";
import { type Engineer, make, type Station } from "./board_data";

/** An order for an engineer. ``at`` is when the window begins, or "" for the nearest time there is. */
export interface Wanted {
  orderId: string;
  engineer: string;
  at: string;
}

/** On an order's own page: the buttons that ask, and the page anew once something was done. */
export function askOnPage(): void {
  if (!document.getElementById("board-ask") || document.getElementById("board")) return;
  const asking = new Asking(() => location.reload());
  document.addEventListener("click", (event) => {
    const url = (event.target as Element).closest<HTMLElement>("[data-asks]")?.dataset.asks;
    if (url) asking.open(url);
  });
}

export class Asking {
  private readonly dialog = document.getElementById("board-ask") as HTMLDialogElement;
  private readonly body = document.getElementById("board-ask-body") as HTMLElement;
  private readonly pick = document.getElementById("board-pick") as HTMLDialogElement | null;
  private engineers: Engineer[] = [];
  private stations = new Map<string, Station>();
  private chosen: (engineer: string) => void = () => undefined;

  /** ``done`` is called when something was changed. */
  constructor(private readonly done: () => void) {
    this.body.addEventListener("htmx:afterSwap", () => this.swapped());
    for (const trouble of ["htmx:responseError", "htmx:sendError"]) {
      this.body.addEventListener(trouble, () => this.body.querySelector(".asking")?.remove());
    }
    const field = this.pick?.querySelector("input");
    field?.addEventListener("input", () => this.list(field.value));
    field?.addEventListener("keydown", (event) => this.keyed(event));
    this.pick?.addEventListener("click", (event) => {
      const engineer = (event.target as Element).closest<HTMLElement>("[data-engineer]")?.dataset.engineer;
      if (engineer) this.take(engineer);
    });
  }

  know(engineers: Engineer[], stations: Station[]): void {
    this.engineers = engineers;
    this.stations = new Map(stations.map((one) => [one.id, one]));
  }

  /** The rules' answer, and a button. */
  ask(wanted: Wanted, override = false): void {
    const { orderId, engineer, at } = wanted;
    const query = new URLSearchParams({ engineer, at });
    if (override) query.set("override", "1");
    this.open(`/console/board/orders/${orderId}/ask?${query.toString()}`);
  }

  /** Any other question the server asks in a dialog. */
  open(url: string): void {
    this.dialog.querySelector(":scope > .notice")?.remove();
    const leave = make("button", "", "关闭");
    leave.dataset.closes = "";
    this.body.replaceChildren(make("p", "sub asking", "请稍候…"), make("p", "buttons", null, leave));
    if (!this.dialog.open) this.dialog.showModal();
    // From an element of its own: htmx queues what comes from the same one, and keeps only the last.
    void htmx.ajax("get", url, { source: this.body, target: this.body, swap: "innerHTML" });
  }

  private swapped(): void {
    this.dialog.querySelector(":scope > .notice")?.remove();
    if (this.body.querySelector("[data-done]")) {
      this.dialog.close();
      this.done();
    } else {
      this.body.querySelector<HTMLElement>("[autofocus]")?.focus();
    }
  }

  /** Type-ahead over the engineers; the ones that fit best first. */
  choose(best: string[], chosen: (engineer: string) => void): void {
    this.chosen = chosen;
    const rank = new Map(best.map((id, at) => [id, at]));
    this.engineers = [...this.engineers].sort((a, b) => (rank.get(a.id) ?? 999) - (rank.get(b.id) ?? 999));
    const field = this.pick?.querySelector("input");
    if (!field) return;
    field.value = "";
    this.list("", new Set(best));
    this.pick?.showModal();
    field.focus();
  }

  private list(typed: string, best: Set<string> = new Set()): void {
    const words = typed.trim().toLowerCase();
    const found = this.engineers.filter((one) => this.called(one).includes(words)).slice(0, 12);
    const rows = found.map((one, number) => {
      const row = make("li", number ? "" : "current", null, make("b", "", one.name), make("small", "", ` ${this.about(one)}`));
      row.setAttribute("role", "option");
      row.dataset.engineer = one.id;
      if (best.has(one.id)) row.append(make("span", "tag good-tag", "合适"));
      return row;
    });
    this.pick?.querySelector("ul")?.replaceChildren(...rows);
  }

  private about(one: Engineer): string {
    return `${one.code} · ${this.stations.get(one.station_id)?.name ?? ""} · ${one.taken}/${one.most}`;
  }

  private called(one: Engineer): string {
    return `${one.name} ${this.about(one)}`.toLowerCase();
  }

  private keyed(event: KeyboardEvent): void {
    const rows = [...(this.pick?.querySelectorAll<HTMLElement>("li") ?? [])];
    const at = rows.findIndex((row) => row.classList.contains("current"));
    if (event.key === "Enter") {
      event.preventDefault();
      const engineer = rows[at]?.dataset.engineer;
      if (engineer) this.take(engineer);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), rows.length - 1);
      rows[at]?.classList.remove("current");
      rows[next]?.classList.add("current");
      rows[next]?.scrollIntoView({ block: "nearest" });
    }
  }

  private take(engineer: string): void {
    this.pick?.close();
    this.chosen(engineer);
  }
}
