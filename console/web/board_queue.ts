/** The left side of the board: the orders nobody has, with the reason, and the engineers who have not answered. */
import { type Day, lasting, make, moment, type Offer, spoken, type Waiting } from "./board_data";

const DUE: Record<string, string> = { red: "已跳闸", amber: "即将超时", green: "剩", grey: "暂停计时" };

export function drawQueue(queue: HTMLElement, day: Day, waiting: Waiting[], selected: string): void {
  const scrolled = queue.scrollTop;
  const list = make("div", "queue-rows");
  list.append(...waiting.map((row) => waitingRow(row, day, row.order_id === selected)));
  if (!waiting.length) list.append(make("p", "empty", "没有待派的工单"));
  const parts: Node[] = [heading("待派", day.waiting.length), list];
  if (day.offers.length) {
    const asked = make("div", "queue-rows");
    asked.append(...day.offers.map((offer) => offerRow(offer, day, offer.order_id === selected)));
    parts.push(heading("待接单", day.offers.length), asked);
  }
  if (day.cut) parts.push(make("p", "warn", "没有全部列出，请选服务商或网点"));
  queue.replaceChildren(...parts);
  queue.scrollTop = scrolled;
}

function heading(title: string, count: number): HTMLElement {
  return make("h2", "", `${title} `, make("span", "tally", String(count)));
}

function row(orderId: string, selected: boolean): HTMLElement {
  const element = make("article", selected ? "queue-row selected" : "queue-row");
  element.dataset.order = orderId;
  element.tabIndex = 0;
  return element;
}

function waitingRow(one: Waiting, day: Day, selected: boolean): HTMLElement {
  const element = row(one.order_id, selected);
  element.draggable = true;
  element.dataset.version = String(one.version);
  element.classList.add(`due-${one.colour.name}`);
  const top = make("p", "queue-top", null, make("b", "digits", spoken(one.number)), make("span", "", ` ${one.what}`));
  if (one.urged) top.append(make("span", "tag urge", `催 ${one.urged}`));
  if (one.hard) top.append(make("span", "tag re", "疑难"));
  element.append(top, make("p", "queue-why", one.words));
  element.append(make("p", "queue-place", `${one.customer} · ${one.place}`));
  const times = [due(one, day.now), promised(one, day.day), `已等 ${lasting(one.since, day.now)}`, tried(one, day)];
  element.append(make("p", "queue-when", times.filter(Boolean).join(" · ")));
  return element;
}

function due(one: Waiting, now: string): string {
  const { name, due_at } = one.colour;
  const words = DUE[name];
  if (!words || !due_at || name === "grey") return words ?? "";
  const span = name === "red" ? lasting(due_at, now) : lasting(now, due_at);
  return `${one.colour.clock}${words} ${span}`;
}

function promised(one: Waiting, day: string): string {
  if (one.window_since && one.window_until) {
    return `已约 ${moment(one.window_since, day)}–${one.window_until.slice(11, 16)}`;
  }
  return one.wish ? `希望 ${one.wish}` : "";
}

function tried(one: Waiting, day: Day): string {
  return `试过 ${one.tries} 次，最近 ${moment(one.tried_at, day.day)}`;
}

function offerRow(one: Offer, day: Day, selected: boolean): HTMLElement {
  const element = row(one.order_id, selected);
  const late = one.answer_by < day.now;
  element.append(
    make("p", "queue-top", null, make("b", "digits", spoken(one.number)), make("span", "", ` ${one.engineer}`)),
    make("p", late ? "queue-when late" : "queue-when", late ? "已过答复时间" : `${lasting(day.now, one.answer_by)}内答复`),
  );
  return element;
}
