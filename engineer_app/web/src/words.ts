/** How things are said on screen: days, times, money, lengths. All times are Shanghai's. */
import type { WindowOut } from "./api";

const ZONE = "Asia/Shanghai";
const TIME = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const PARTS = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });
const WEEKDAY = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, weekday: "short" });
const DAY = 86_400_000;

/** 2026-11-22 */
export function isoDay(at: Date): string {
  return PARTS.format(at);
}

export function timeOf(iso: string): string {
  return TIME.format(new Date(iso));
}

/** 今天, 明天, 11月24日 周二, 2025年3月1日 */
export function dayOf(iso: string, now: Date): string {
  const at = new Date(iso);
  const day = isoDay(at);
  if (day === isoDay(now)) return "今天";
  if (day === isoDay(new Date(now.getTime() + DAY))) return "明天";
  if (day === isoDay(new Date(now.getTime() - DAY))) return "昨天";
  const [year, month, date] = day.split("-");
  if (year !== isoDay(now).slice(0, 4)) return `${year}年${Number(month)}月${Number(date)}日`;
  return `${Number(month)}月${Number(date)}日 ${WEEKDAY.format(at)}`;
}

export function windowOf(window: WindowOut, now: Date): string {
  return `${dayOf(window.since, now)} ${timeOf(window.since)}–${timeOf(window.until)}`;
}

export function momentOf(iso: string, now: Date): string {
  return `${dayOf(iso, now)} ${timeOf(iso)}`;
}

/** 3分20秒 */
export function countdown(until: string, now: Date): string {
  const left = Math.max(0, Math.floor((new Date(until).getTime() - now.getTime()) / 1000));
  if (left >= 3600) return `${Math.floor(left / 3600)}小时${Math.floor((left % 3600) / 60)}分`;
  return left >= 60 ? `${Math.floor(left / 60)}分${String(left % 60).padStart(2, "0")}秒` : `${left}秒`;
}

export function metresOf(metres: number): string {
  if (metres < 1000) return `${Math.round(metres / 10) * 10} 米`;
  return `${(metres / 1000).toFixed(metres < 10_000 ? 1 : 0)} 公里`;
}

/** 1234 → 12.34 */
export function yuan(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;
}

/** What somebody typed as yuan, in fen; null when it is no amount. Never through a float. */
export function fenOf(text: string): number | null {
  const found = /^(\d{1,6})(?:[.。](\d{1,2}))?$/.exec(text.trim());
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}

/** Thousandths as they are written: 3500 → 3.5 */
export function milli(quantity: number): string {
  const rest = String(quantity % 1000).padStart(3, "0").replace(/0+$/, "");
  return `${Math.floor(quantity / 1000)}${rest && `.${rest}`}`;
}

/** What somebody typed, in thousandths; null when it is no quantity, or a piece of something whole. */
export function milliOf(text: string, whole: boolean): number | null {
  const found = /^(\d{1,3})(?:[.。](\d{1,3}))?$/.exec(text.trim());
  if (!found || (whole && found[2])) return null;
  const quantity = Number(found[1]) * 1000 + Number((found[2] ?? "").padEnd(3, "0"));
  return quantity > 0 ? quantity : null;
}
