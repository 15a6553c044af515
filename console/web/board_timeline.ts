/** The middle of the board: a row an engineer, grouped by station, the hours from left to right. */
import { clock, type Day, type Engineer, make, minutes, spoken, type Station, type Visit } from "./board_data";

const FROM = 7 * 60;
const UNTIL = 21 * 60;

/** The minutes of the day that are shown. */
export interface Hours {
  from: number;
  until: number;
}

/** From seven to nine in the evening, and more where something lies outside. */
export function hoursOf(day: Day): Hours {
  let { from, until } = { from: FROM, until: UNTIL };
  for (const visit of day.visits) {
    from = Math.min(from, Math.floor(minutes(visit.leaves_at, day.day) / 60) * 60);
    until = Math.max(until, Math.ceil(minutes(visit.ends_at, day.day) / 60) * 60);
  }
  return { from: Math.max(from, 0), until: Math.min(until, 1440) };
}

export function drawTimeline(
  board: HTMLElement,
  day: Day,
  engineers: Engineer[],
  selected: string,
  titles: Record<string, string>,
): void {
  const hours = hoursOf(day);
  const scrolled = [board.scrollLeft, board.scrollTop] as const;
  const visits = new Map<string, Visit[]>();
  for (const visit of day.visits) visits.set(visit.engineer_id, [...(visits.get(visit.engineer_id) ?? []), visit]);
  const stations = new Map(day.stations.map((one) => [one.id, one]));
  const parts: Node[] = [ruler(hours)];
  let station = "";
  for (const one of engineers) {
    if (one.station_id !== station) {
      station = one.station_id;
      parts.push(stationLine(stations.get(station), engineers.filter((other) => other.station_id === station)));
    }
    parts.push(engineerRow(one, visits.get(one.id) ?? [], day, hours, selected, titles));
  }
  if (!engineers.length) parts.push(make("p", "empty", "没有符合条件的工程师"));
  const inside = make("div", "day-rows", null, ...parts);
  board.replaceChildren(inside);
  board.scrollTo(...scrolled);
}

function ruler(hours: Hours): HTMLElement {
  const track = make("div", "track");
  for (let at = hours.from; at < hours.until; at += 60) {
    track.append(at_(make("span", "hour", `${at / 60}:00`), at, at + 60, hours));
  }
  return make("div", "day-row ruler", null, make("div", "who", "工程师"), track);
}

function stationLine(station: Station | undefined, engineers: Engineer[]): HTMLElement {
  const taken = engineers.reduce((sum, one) => sum + one.taken, 0);
  const most = engineers.reduce((sum, one) => sum + one.most, 0);
  const name = make("span", "", `${station?.name ?? "未知网点"} `, make("small", "", `${station?.provider ?? ""} · ${taken}/${most}`));
  return make("div", "board-station", null, name);
}

function engineerRow(
  one: Engineer,
  visits: Visit[],
  day: Day,
  hours: Hours,
  selected: string,
  titles: Record<string, string>,
): HTMLElement {
  const track = make("div", "track");
  track.style.setProperty("--hours", String((hours.until - hours.from) / 60));
  track.dataset.engineer = one.id;
  for (const span of one.shifts) track.append(spanOf("shift", span.since, span.until, day, hours));
  for (const span of one.leaves) {
    const away = spanOf("leave", span.since, span.until, day, hours);
    away.title = away.textContent = span.title;
    track.append(away);
  }
  for (const visit of visits) {
    track.append(spanOf("way", visit.leaves_at, visit.starts_at, day, hours), block(visit, day, hours, selected, titles));
  }
  if (day.now.startsWith(day.day)) track.append(nowLine(day, hours));
  const full = one.taken >= one.most ? "load full" : "load";
  const name = make("div", "who", null, make("b", "", one.name), make("small", "", ` ${one.grade}`), make("span", full, `${one.taken}/${one.most}`));
  name.title = `${one.name} ${one.code} · ${one.grade} · ${(one.rating / 100).toFixed(1)} 星`;
  return make("div", one.shifts.length ? "day-row" : "day-row off-duty", null, name, track);
}

function block(visit: Visit, day: Day, hours: Hours, selected: string, titles: Record<string, string>): HTMLElement {
  const element = spanOf(`visit v-${visit.status} due-${visit.colour.name}`, visit.starts_at, visit.ends_at, day, hours);
  if (visit.order_id === selected) element.classList.add("selected");
  if (!visit.promised) element.classList.add("unpromised");
  element.dataset.order = visit.order_id;
  element.dataset.engineer = visit.engineer_id;
  element.tabIndex = 0;
  element.draggable = visit.status === "accepted" || visit.status === "offered" || visit.status === "departed";
  element.append(make("span", "", visit.what), make("small", "", visit.place.replace(/^.*?[区县]/, "")));
  const status = titles[visit.status] ?? "暂留";
  element.title = [
    `${spoken(visit.number)} ${visit.what}（${status}）`,
    `${clock(visit.starts_at)}–${clock(visit.ends_at)}，${clock(visit.leaves_at)} 出发`,
    `${visit.promised ? "答应客户" : "未与客户约定"} ${clock(visit.window_since)}–${clock(visit.window_until)}`,
    `${visit.customer} ${visit.place}`,
  ].join("\n");
  element.setAttribute("aria-label", element.title);
  return element;
}

function nowLine(day: Day, hours: Hours): HTMLElement {
  const line = make("i", "now");
  const now = minutes(day.now, day.day);
  if (now < hours.from || now > hours.until) line.hidden = true;
  line.style.left = percent(now, hours);
  return line;
}

function spanOf(name: string, since: string, until: string, day: Day, hours: Hours): HTMLElement {
  return at_(make("div", name), minutes(since, day.day), minutes(until, day.day), hours);
}

function at_(element: HTMLElement, since: number, until: number, hours: Hours): HTMLElement {
  const from = Math.max(since, hours.from);
  element.style.left = percent(from, hours);
  element.style.width = `${(Math.max(0, Math.min(until, hours.until) - from) / (hours.until - hours.from)) * 100}%`;
  return element;
}

function percent(at: number, hours: Hours): string {
  return `${((at - hours.from) / (hours.until - hours.from)) * 100}%`;
}

/** The minute of the day under the pointer, to five minutes. */
export function minuteAt(track: HTMLElement, x: number, hours: Hours): number {
  const box = track.getBoundingClientRect();
  const share = Math.min(1, Math.max(0, (x - box.left) / box.width));
  return Math.round((hours.from + share * (hours.until - hours.from)) / 5) * 5;
}

/** Shows on a track where the time of the window under the pointer would be. */
export function showTarget(track: HTMLElement | null, since: number, until: number, hours: Hours): void {
  for (const old of document.querySelectorAll(".track .target")) old.remove();
  if (track) track.append(at_(make("div", "target"), since, until, hours));
}
