/** The map of the board: a plain plane drawn to scale, without tiles from elsewhere. Wheel or two fingers zoom, dragging moves. */
import { clock, type Day, type Engineer, lasting, make, type Pin, spoken, type Visit } from "./board_data";

const ROUTES = ["#1a56a8", "#0b6b4f", "#8a5300", "#7b3fa0", "#b3261e", "#2f7d8c", "#6b6b1d", "#a03a6b"];
const DUE: Record<string, string> = { red: "#b3261e", amber: "#d98a00", green: "#0b6b4f", grey: "#8e99a9" };
const ROUGH = 1000;
/** Pixels a metre from which there is room for words at everybody. */
const NEAR = 0.06;
const METRES_A_DEGREE = 111_320;
const SCALES = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000];

interface Dot {
  x: number;
  y: number;
  words: string[];
  orderId: string;
}

export class BoardMap {
  private readonly canvas: HTMLCanvasElement;
  private readonly card: HTMLElement;
  private day: Day | null = null;
  private engineers: Engineer[] = [];
  private selected = "";
  private dots: Dot[] = [];
  /** Pixels a metre, and the metres east and south of the origin that lie in the middle. */
  private scale = 0;
  private middle = { x: 0, y: 0 };
  private origin: Pin | null = null;
  private held = new Map<number, { x: number; y: number }>();
  private moved = 0;

  constructor(
    private readonly room: HTMLElement,
    private readonly choose: (orderId: string) => void,
  ) {
    this.canvas = room.querySelector("canvas") as HTMLCanvasElement;
    this.card = room.querySelector(".map-card") as HTMLElement;
    this.listen();
    new ResizeObserver(() => this.draw()).observe(room);
  }

  show(day: Day, engineers: Engineer[], selected: string): void {
    const first = this.day?.day !== day.day || this.engineers.length !== engineers.length;
    [this.day, this.engineers, this.selected] = [day, engineers, selected];
    if (first) this.scale = 0;
    this.draw();
  }

  /** Everything within sight. */
  private fit(pins: Pin[], width: number, height: number): void {
    this.origin = pins[0] ?? null;
    const places = pins.map((pin) => this.metres(pin));
    if (!places.length) return;
    const [xs, ys] = [places.map((one) => one.x), places.map((one) => one.y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    this.middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
    this.scale = 0.85 * Math.min(width / Math.max(right - left, 2000), height / Math.max(bottom - top, 2000));
  }

  private metres(pin: Pin): { x: number; y: number } {
    const origin = this.origin ?? pin;
    const wide = Math.cos((origin.lat * Math.PI) / 180);
    return { x: (pin.lng - origin.lng) * METRES_A_DEGREE * wide, y: (origin.lat - pin.lat) * METRES_A_DEGREE };
  }

  private place(pin: Pin): { x: number; y: number } {
    const at = this.metres(pin);
    const box = this.canvas.getBoundingClientRect();
    return { x: (at.x - this.middle.x) * this.scale + box.width / 2, y: (at.y - this.middle.y) * this.scale + box.height / 2 };
  }

  private draw(): void {
    const { day } = this;
    const box = this.canvas.getBoundingClientRect();
    if (!day || !box.width) return;
    const sharp = window.devicePixelRatio || 1;
    this.canvas.width = box.width * sharp;
    this.canvas.height = box.height * sharp;
    const pen = this.canvas.getContext("2d");
    if (!pen) return;
    pen.scale(sharp, sharp);
    const shown = new Set(this.engineers.map((one) => one.id));
    const visits = day.visits.filter((one) => shown.has(one.engineer_id));
    const stationIds = new Set(this.engineers.map((one) => one.station_id));
    const stations = day.stations.filter((one) => one.pin && stationIds.has(one.id));
    const pins = [...stations, ...visits, ...day.waiting].flatMap((one) => (one.pin ? [one.pin] : []));
    if (!this.scale) this.fit(pins, box.width, box.height);
    this.dots = [];
    grid(pen, box.width, box.height, this.scale, this.middle);
    this.drawRoughness(pen, [...visits, ...day.waiting].flatMap((one) => (one.pin ? [one.pin] : [])));
    this.drawRoutes(pen, visits);
    for (const station of stations) if (station.pin) this.drawStation(pen, station.pin, station.name);
    this.drawVisits(pen, visits);
    this.drawWaiting(pen, day);
    for (const one of this.engineers) this.drawEngineer(pen, one, day);
    ruler(pen, box.height, this.scale);
  }

  /** Circles of what a place may be off by; a district's middle says so. */
  private drawRoughness(pen: CanvasRenderingContext2D, pins: Pin[]): void {
    const rough = new Map(pins.filter((pin) => pin.radius_m >= ROUGH).map((pin) => [`${pin.lat} ${pin.lng}`, pin]));
    for (const pin of rough.values()) {
      const at = this.place(pin);
      circle(pen, at.x, at.y, pin.radius_m * this.scale);
      pen.setLineDash([4, 4]);
      pen.strokeStyle = "#b9c2ce";
      pen.stroke();
      pen.setLineDash([]);
    }
  }

  private drawRoutes(pen: CanvasRenderingContext2D, visits: Visit[]): void {
    const stations = new Map(this.day?.stations.map((one) => [one.id, one]));
    this.engineers.forEach((one, number) => {
      const way = visits.filter((visit) => visit.engineer_id === one.id && visit.pin);
      const base = one.base ?? stations.get(one.station_id)?.pin;
      const mine = way.some((visit) => visit.order_id === this.selected);
      pen.strokeStyle = ROUTES[number % ROUTES.length] ?? "#1a56a8";
      pen.globalAlpha = mine || !this.selected ? 0.75 : 0.3;
      pen.lineWidth = mine ? 3 : 1.5;
      pen.beginPath();
      for (const pin of [base, ...way.map((visit) => visit.pin)]) {
        if (pin) pen.lineTo(this.place(pin).x, this.place(pin).y);
      }
      if (way.length) pen.stroke();
    });
    pen.globalAlpha = pen.lineWidth = 1;
  }

  private drawStation(pen: CanvasRenderingContext2D, pin: Pin, name: string): void {
    const at = this.place(pin);
    pen.fillStyle = "#1c2430";
    pen.fillRect(at.x - 5, at.y - 5, 10, 10);
    words(pen, name, at.x, at.y - 10, "#1c2430");
    this.dots.push({ ...at, words: [name], orderId: "" });
  }

  private drawVisits(pen: CanvasRenderingContext2D, visits: Visit[]): void {
    const names = new Map(this.engineers.map((one) => [one.id, one.name]));
    const turns = new Map<string, number>();
    for (const visit of visits) {
      const turn = (turns.get(visit.engineer_id) ?? 0) + 1;
      turns.set(visit.engineer_id, turn);
      if (!visit.pin) continue;
      const at = this.place(visit.pin);
      circle(pen, at.x, at.y, visit.order_id === this.selected ? 11 : 8);
      pen.fillStyle = "#fff";
      pen.fill();
      pen.lineWidth = 2;
      pen.strokeStyle = DUE[visit.colour.name] ?? "#5b6675";
      pen.stroke();
      pen.lineWidth = 1;
      words(pen, String(turn), at.x, at.y + 4, "#1c2430", 10);
      const told = [`${spoken(visit.number)} ${visit.what}`, `${names.get(visit.engineer_id)} ${clock(visit.starts_at)}–${clock(visit.ends_at)}`];
      this.dots.push({ ...at, words: [...told, `${visit.customer} ${visit.place}`, off(visit.pin)], orderId: visit.order_id });
    }
  }

  private drawWaiting(pen: CanvasRenderingContext2D, day: Day): void {
    const together = new Map<string, number>();
    for (const one of day.waiting) {
      if (!one.pin) continue;
      const key = `${one.pin.lat} ${one.pin.lng}`;
      const before = together.get(key) ?? 0;
      together.set(key, before + 1);
      const at = this.place(one.pin);
      const x = at.x + (before % 8) * 5; // several at one place are fanned out
      const y = at.y + Math.floor(before / 8) * 5;
      const size = one.order_id === this.selected ? 10 : 7;
      pen.beginPath();
      pen.moveTo(x, y - size);
      for (const [dx, dy] of [[size, 0], [0, size], [-size, 0]] as const) pen.lineTo(x + dx, y + dy);
      pen.closePath();
      pen.fillStyle = DUE[one.colour.name] ?? "#d9482b";
      pen.fill();
      pen.strokeStyle = "#fff";
      pen.stroke();
      this.dots.push({ x, y, words: [`${spoken(one.number)} ${one.what}（待派）`, one.words, `${one.customer} ${one.place}`, off(one.pin)], orderId: one.order_id });
    }
  }

  private drawEngineer(pen: CanvasRenderingContext2D, one: Engineer, day: Day): void {
    if (!one.seen?.pin) return;
    const at = this.place(one.seen.pin);
    circle(pen, at.x, at.y, 12);
    pen.fillStyle = "#1a56a8";
    pen.fill();
    words(pen, one.name.slice(0, 1), at.x, at.y + 4, "#fff", 12);
    const age = `${lasting(one.seen.at, day.now)}前`;
    if (this.scale > NEAR) words(pen, age, at.x, at.y + 24, "#1a56a8", 10);
    this.dots.push({ ...at, words: [`${one.name} ${one.code}`, `最后位置：${age}`], orderId: "" });
  }

  private listen(): void {
    this.canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.offsetX, event.offsetY);
    });
    this.room.addEventListener("click", (event) => {
      const by = (event.target as Element).closest<HTMLElement>("[data-zoom]")?.dataset.zoom;
      if (by === undefined) return;
      if (by === "0") this.scale = 0;
      const box = this.canvas.getBoundingClientRect();
      this.zoom(Number(by) || 1, box.width / 2, box.height / 2);
    });
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.held.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
      this.moved = 0;
    });
    for (const over of ["pointerup", "pointercancel"] as const) {
      this.canvas.addEventListener(over, (event) => this.held.delete(event.pointerId));
    }
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    this.canvas.addEventListener("pointerleave", () => (this.card.hidden = true));
    this.canvas.addEventListener("click", (event) => {
      const dot = this.under(event.offsetX, event.offsetY);
      if (dot?.orderId && this.moved < 5) this.choose(dot.orderId);
    });
  }

  private move(event: PointerEvent): void {
    const here = { x: event.offsetX, y: event.offsetY };
    const before = this.held.get(event.pointerId);
    if (!before) return this.tell(this.under(here.x, here.y));
    const other = [...this.held].find(([id]) => id !== event.pointerId)?.[1];
    this.held.set(event.pointerId, here);
    if (other) {
      const apart = (one: { x: number; y: number }): number => Math.hypot(one.x - other.x, one.y - other.y) || 1;
      return this.zoom(apart(here) / apart(before), (here.x + other.x) / 2, (here.y + other.y) / 2);
    }
    this.moved += Math.abs(here.x - before.x) + Math.abs(here.y - before.y);
    this.middle.x -= (here.x - before.x) / this.scale;
    this.middle.y -= (here.y - before.y) / this.scale;
    this.draw();
  }

  /** What lies under ``x``, ``y`` stays there. */
  private zoom(by: number, x: number, y: number): void {
    const box = this.canvas.getBoundingClientRect();
    const [east, south] = [x - box.width / 2, y - box.height / 2];
    const next = Math.min(Math.max(this.scale * by, 0.0005), 2);
    if (this.scale) {
      this.middle.x += east / this.scale - east / next;
      this.middle.y += south / this.scale - south / next;
      this.scale = next;
    }
    this.draw();
  }

  private under(x: number, y: number): Dot | undefined {
    return [...this.dots].reverse().find((dot) => Math.hypot(dot.x - x, dot.y - y) < 12);
  }

  private tell(dot: Dot | undefined): void {
    this.card.hidden = !dot;
    this.canvas.classList.toggle("over", Boolean(dot?.orderId));
    if (!dot) return;
    this.card.replaceChildren(...dot.words.filter(Boolean).map((line) => make("span", "", line)));
    const box = this.canvas.getBoundingClientRect();
    this.card.style.left = `${Math.min(dot.x + 14, box.width - 240)}px`;
    this.card.style.top = `${Math.min(dot.y + 14, box.height - 90)}px`;
  }
}

function off(pin: Pin): string {
  return pin.radius_m < ROUGH ? "" : `位置不精确：±${Math.round(pin.radius_m / 1000)} 公里`;
}

function circle(pen: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
}

function words(pen: CanvasRenderingContext2D, said: string, x: number, y: number, colour: string, size = 12): void {
  pen.font = `${size}px "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif`;
  pen.textAlign = "center";
  pen.fillStyle = colour;
  pen.fillText(said, x, y);
}

/** The round distance that is nearest to a hundred pixels. */
function round(scale: number): number {
  return SCALES.find((one) => one * scale >= 70) ?? 500_000;
}

function grid(pen: CanvasRenderingContext2D, width: number, height: number, scale: number, middle: { x: number; y: number }): void {
  pen.fillStyle = "#f8f9fb";
  pen.fillRect(0, 0, width, height);
  if (!scale) return;
  const step = round(scale) * scale;
  pen.strokeStyle = "#e6eaf0";
  pen.beginPath();
  const [left, top] = [width / 2 - middle.x * scale, height / 2 - middle.y * scale];
  for (let x = left % step; x < width; x += step) {
    pen.moveTo(x, 0);
    pen.lineTo(x, height);
  }
  for (let y = top % step; y < height; y += step) {
    pen.moveTo(0, y);
    pen.lineTo(width, y);
  }
  pen.stroke();
}

function ruler(pen: CanvasRenderingContext2D, height: number, scale: number): void {
  if (!scale) return;
  const metres = round(scale);
  pen.fillStyle = "#5b6675";
  pen.fillRect(12, height - 14, metres * scale, 2);
  words(pen, metres >= 1000 ? `${metres / 1000} 公里` : `${metres} 米`, 12 + (metres * scale) / 2, height - 20, "#5b6675", 11);
}
