/** What the server tells of a day (console/board_shapes.py), and the times in it as minutes of that day, Shanghai's. */

export interface Pin {
  lat: number;
  lng: number;
  radius_m: number;
  source: string;
}

export interface Span {
  since: string;
  until: string;
  title: string;
}

export interface Colour {
  name: string;
  due_at: string | null;
  /** Which promise it is, in words. */
  clock: string;
}

export interface Station {
  id: string;
  name: string;
  provider_id: string;
  provider: string;
  pin: Pin | null;
}

export interface Engineer {
  id: string;
  code: string;
  name: string;
  station_id: string;
  grade: string;
  rating: number;
  skills: string[];
  shifts: Span[];
  leaves: Span[];
  taken: number;
  most: number;
  base: Pin | null;
  seen: { pin: Pin | null; at: string; how: string } | null;
}

/** What a visit and a waiting order have in common. */
export interface OrderPart {
  order_id: string;
  number: string;
  what: string;
  category: string;
  service_type: string;
  customer: string;
  place: string;
  urged: number;
  hard: string;
  pin: Pin | null;
  colour: Colour;
}

export interface Visit extends OrderPart {
  id: string;
  visit_id: string | null;
  engineer_id: string;
  status: string;
  leaves_at: string;
  starts_at: string;
  ends_at: string;
  window_since: string;
  window_until: string;
  promised: boolean;
  answer_by: string | null;
}

export interface Waiting extends OrderPart {
  version: number;
  reason: string;
  words: string;
  since: string;
  tried_at: string;
  tries: number;
  again_at: string;
  wish: string;
  window_since: string | null;
  window_until: string | null;
}

export interface Offer {
  id: string;
  visit_id: string;
  order_id: string;
  number: string;
  engineer_id: string;
  engineer: string;
  offered_at: string;
  answer_by: string;
}

export interface Plan {
  id: string;
  station: string;
  made_at: string;
  metres_before: number;
  metres_after: number;
  accepted: boolean;
}

export interface Day {
  day: string;
  now: string;
  stations: Station[];
  engineers: Engineer[];
  visits: Visit[];
  waiting: Waiting[];
  offers: Offer[];
  plans: Plan[];
  cut: boolean;
}

/** Minutes after midnight of ``day``; the next day's go on beyond 1440. Moments are written in Shanghai's time. */
export function minutes(at: string, day: string): number {
  const days = Math.round((Date.parse(at.slice(0, 10)) - Date.parse(day)) / 86_400_000);
  return days * 1440 + Number(at.slice(11, 13)) * 60 + Number(at.slice(14, 16));
}

export function clock(at: string): string {
  return at.slice(11, 16);
}

/** 05-12 9:30, or only the time on the board's own day. */
export function moment(at: string, day: string): string {
  return at.startsWith(day) ? clock(at) : `${at.slice(5, 10)} ${clock(at)}`;
}

export function spoken(number: string): string {
  return number.replace(/(\d{3})(?=\d)/g, "$1 ");
}

/** How long ago, or until, the way one says it. */
export function lasting(from: string, to: string): string {
  const passed = Math.floor((Date.parse(to) - Date.parse(from)) / 60_000);
  const all = Math.abs(passed);
  if (all < 1) return "不到 1 分钟";
  if (all < 60) return `${all} 分钟`;
  return all < 1440 ? `${Math.floor(all / 60)} 小时` : `${Math.floor(all / 1440)} 天`;
}

export function shifted(day: string, by: number): string {
  return new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10);
}

/** An element with a class, words and children; words are never markup. */
export function make(tag: string, name = "", words: string | null = null, ...within: (Node | null)[]): HTMLElement {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (words !== null) element.textContent = words;
  element.append(...within.filter((one) => one !== null));
  return element;
}
