/** The dispatch board: what is shown and selected, fetched anew whenever something changed, drawn by the files beside this. */
import htmx from "htmx.org";
import { Asking } from "./board_ask";
import { type Day, type Engineer, shifted, type Waiting } from "./board_data";
import { listenForDrags } from "./board_drag";
import { Hold } from "./board_hold";
import { BoardMap } from "./board_map";
import { drawQueue } from "./board_queue";
import { drawTimeline, hoursOf } from "./board_timeline";
import "./board.css";

const EVERY = 60_000;

export function openBoard(): void {
  const root = document.getElementById("board");
  if (root) new Board(root).start();
}

class Board {
  private day: Day | null = null;
  private selected = "";
  private asked = 0;
  private readonly queue = document.getElementById("board-queue") as HTMLElement;
  private readonly timeline = document.getElementById("board-timeline") as HTMLElement;
  private readonly detail = document.getElementById("board-detail") as HTMLElement;
  private readonly plans = document.getElementById("board-plans") as HTMLElement;
  private readonly form: HTMLFormElement;
  private readonly map: BoardMap;
  private readonly asking = new Asking(() => this.changed());
  private readonly titles: Record<string, string>;
  private readonly hold: Hold;

  constructor(private readonly root: HTMLElement) {
    this.form = root.querySelector("form") as HTMLFormElement;
    this.hold = new Hold(root);
    this.titles = JSON.parse(root.dataset.statuses ?? "{}") as Record<string, string>;
    this.map = new BoardMap(document.getElementById("board-map") as HTMLElement, (order) => this.select(order));
  }

  start(): void {
    if (matchMedia("(max-width: 760px)").matches) this.root.dataset.view = "queue";
    this.showView();
    this.listen();
    void this.fetch();
  }

  private listen(): void {
    for (const news of ["news-board", "look-again"]) document.body.addEventListener(news, () => void this.fetch());
    setInterval(() => void this.fetch(), EVERY);
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", (event) => {
      const name = (event.target as HTMLInputElement).name;
      if (name === "provider") this.narrowStations();
      if (["day", "provider", "station"].includes(name)) void this.fetch();
      else this.draw();
    });
    this.form.addEventListener("input", () => this.draw());
    this.root.addEventListener("click", (event) => this.clicked(event.target as Element));
    document.addEventListener("keydown", (event) => this.keyed(event), { capture: true });
    listenForDrags(this.root, () => hoursOf(this.day as Day), (dragged, engineer, minute) => {
      this.asking.ask({ orderId: dragged.orderId, engineer, at: this.momentAt(minute) });
    });
  }

  private momentAt(minute: number): string {
    const two = (number: number): string => String(number).padStart(2, "0");
    return `${this.field("day")}T${two(Math.floor(minute / 60))}:${two(minute % 60)}:00+08:00`;
  }

  private field(name: string): string {
    const field = this.form.elements.namedItem(name);
    return field instanceof HTMLInputElement || field instanceof HTMLSelectElement ? field.value : "";
  }

  private put(name: string, value: string): void {
    const field = this.form.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
  }

  private narrowStations(): void {
    const provider = this.field("provider");
    this.put("station", "");
    for (const option of this.form.querySelectorAll<HTMLOptionElement>("[name=station] option")) {
      option.hidden = Boolean(provider && option.dataset.provider && option.dataset.provider !== provider);
    }
  }

  /** Ask the server for the day. An answer that was overtaken by a later question is dropped. */
  private async fetch(): Promise<void> {
    const query = new URLSearchParams({ day: this.field("day"), provider: this.field("provider"), station: this.field("station") });
    const mine = ++this.asked;
    history.replaceState(null, "", `/console/board?${query.toString()}`);
    try {
      const answer = await fetch(`/console/board/day?${query.toString()}`, { headers: { "X-Unattended": "1" } });
      if (answer.redirected) return location.reload();
      if (answer.ok && mine === this.asked) {
        const first = this.day === null;
        this.day = (await answer.json()) as Day;
        this.draw();
        if (first) this.showNow();
      }
    } catch {
      // The line is down: what is shown stays, and the next piece of news or minute asks again.
    }
  }

  private draw(): void {
    const day = this.day;
    if (!day || this.hold.keeps(() => this.draw())) return;
    const engineers = this.engineers(day);
    this.asking.know(day.engineers, day.stations);
    drawQueue(this.queue, day, this.waiting(day), this.selected);
    drawTimeline(this.timeline, day, engineers, this.selected, this.titles);
    if (this.root.dataset.view === "map") this.map.show(day, engineers, this.selected);
    this.drawPlans(day);
  }

  /** On a narrow screen the hour it is comes into sight. */
  private showNow(): void {
    const now = this.timeline.querySelector<HTMLElement>(".now:not([hidden])");
    if (now) this.timeline.scrollLeft = now.offsetLeft - 60;
  }

  private drawPlans(day: Day): void {
    const open = day.plans.filter((plan) => !plan.accepted);
    this.plans.replaceChildren(
      ...open.map((plan) => {
        const button = document.createElement("button");
        const saved = plan.metres_before - plan.metres_after;
        const words = `${saved < 0 ? "多走" : "省"} ${(Math.abs(saved) / 1000).toFixed(1)} 公里`;
        button.textContent = `${plan.station || "全部网点"}排程方案：${words}`;
        button.dataset.plan = plan.id;
        return button;
      }),
    );
  }

  private engineers(day: Day): Engineer[] {
    const [text, category] = [this.field("text").trim().toLowerCase(), this.field("category")];
    const stations = new Map(day.stations.map((one) => [one.id, one.name]));
    const orders = new Set(day.visits.filter((one) => this.says(one, text)).map((one) => one.engineer_id));
    return day.engineers.filter((one) => {
      const called = `${one.name} ${one.code} ${stations.get(one.station_id) ?? ""}`.toLowerCase();
      return (!category || one.skills.includes(category)) && (!text || called.includes(text) || orders.has(one.id));
    });
  }

  private waiting(day: Day): Waiting[] {
    const [text, category] = [this.field("text").trim().toLowerCase(), this.field("category")];
    return day.waiting.filter((one) => (!category || one.category === category) && this.says(one, text));
  }

  private says(one: { number: string; what: string; place: string }, text: string): boolean {
    return !text || `${one.number} ${one.what} ${one.place}`.toLowerCase().includes(text.replace(/(\d) (?=\d)/g, "$1"));
  }

  private clicked(target: Element): void {
    const button = target.closest<HTMLElement>("button");
    if (button?.closest(".board-bar")) return this.pressed(button);
    if (button?.dataset.plan) return this.asking.open(`/console/board/plans/${button.dataset.plan}`);
    if (button?.dataset.asks) return this.asking.open(button.dataset.asks);
    if (button?.dataset.leaves !== undefined) return this.select("");
    const order = target.closest<HTMLElement>("[data-order]")?.dataset.order;
    if (order) this.select(order);
  }

  private pressed(button: HTMLElement): void {
    if (button.dataset.view) this.view(button.dataset.view);
    if (button.dataset.day) this.go(Number(button.dataset.day));
    if (button.dataset.plans !== undefined) {
      const provider = this.field("provider") || this.onlyProvider();
      const query = new URLSearchParams({ provider, station: this.field("station"), day: this.field("day") });
      this.asking.open(`/console/board/plans/new?${query.toString()}`);
    }
  }

  /** The provider everybody shown is of, or "". */
  private onlyProvider(): string {
    const stations = new Map(this.day?.stations.map((one) => [one.id, one.provider_id]));
    const found = new Set(this.day?.engineers.map((one) => stations.get(one.station_id) ?? ""));
    return found.size === 1 ? ([...found][0] ?? "") : "";
  }

  private go(days: number): void {
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    this.put("day", days ? shifted(this.field("day"), days) : (this.day?.now.slice(0, 10) ?? today));
    void this.fetch();
  }

  private view(name: string): void {
    this.root.dataset.view = name;
    this.showView();
    this.draw();
  }

  private showView(): void {
    const view = this.root.dataset.view ?? "timeline";
    for (const button of this.root.querySelectorAll<HTMLElement>(".board-views [data-view]")) {
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
    }
    this.timeline.hidden = view === "map";
    (document.getElementById("board-map") as HTMLElement).hidden = view !== "map";
  }

  private select(order: string): void {
    this.selected = order;
    this.detail.hidden = !order;
    this.root.classList.toggle("has-detail", Boolean(order));
    if (order) this.fetchDetail();
    this.draw();
  }

  private fetchDetail(): void {
    void htmx.ajax("get", `/console/board/orders/${this.selected}`, { source: this.detail, target: this.detail, swap: "innerHTML" });
  }

  /** Something was done here: everything is looked at anew. */
  private changed(): void {
    if (this.selected) this.fetchDetail();
    void this.fetch();
  }

  private keyed(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (target.closest("input, select, textarea, dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.waitingForRoom || !this.press(event.key)) {
      this.waitingForRoom = event.key === "g" && !this.waitingForRoom;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private waitingForRoom = false;

  /** Does what the key is for; false when it is for nothing here. */
  private press(key: string): boolean {
    const act: Record<string, () => void> = {
      j: () => this.step(1),
      k: () => this.step(-1),
      Enter: () => this.enter(),
      a: () => this.assign(false),
      o: () => this.assign(true),
      r: () => this.reassign(),
      d: () => this.go(0),
      m: () => this.view(this.root.dataset.view === "map" ? "timeline" : "map"),
      ArrowLeft: () => this.go(-1),
      ArrowRight: () => this.go(1),
      Escape: () => this.select(""),
      "?": () => (document.getElementById("board-keys") as HTMLDialogElement).showModal(),
    };
    if (key === "Enter" && document.activeElement?.matches("a, button, summary")) return false;
    act[key]?.();
    return key in act;
  }

  /** Enter on what has the focus, or on the row one is at. */
  private enter(): void {
    const focused = document.activeElement?.closest<HTMLElement>("[data-order]")?.dataset.order;
    this.select(focused ?? this.selected);
    this.detail.focus();
  }

  private step(by: number): void {
    const rows = [...this.queue.querySelectorAll<HTMLElement>("[data-order]")];
    const at = rows.findIndex((row) => row.classList.contains("selected"));
    const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (!next?.dataset.order) return;
    this.selected = next.dataset.order;
    if (!this.detail.hidden) this.fetchDetail();
    this.draw();
    this.queue.querySelector(".selected")?.scrollIntoView({ block: "nearest" });
  }

  private assign(override: boolean): void {
    if (!this.selected || this.root.dataset.assigns === undefined) return;
    if (override && this.root.dataset.overrides === undefined) return;
    const orderId = this.selected;
    this.asking.choose(this.best(), (engineer) => {
      this.asking.ask({ orderId, engineer, at: "" }, override);
    });
  }

  private reassign(): void {
    const taken = this.day?.visits.some((one) => one.order_id === this.selected && ["accepted", "departed"].includes(one.status));
    if (taken && this.root.dataset.assigns !== undefined) this.asking.open(`/console/board/orders/${this.selected}/reassign`);
  }

  /** The candidates the detail shows, best first. */
  private best(): string[] {
    const shown = this.detail.querySelectorAll<HTMLElement>(`[data-of="${this.selected}"] [data-candidate]`);
    return [...shown].map((one) => one.dataset.candidate ?? "");
  }
}
