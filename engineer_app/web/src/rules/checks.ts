/** How a check of the place decides: twin of domain/inspections/checks.py; both run tests/vectors/checks.json.
 *  Numbers are decimal text and are compared as such, never as floats. */
import type { CheckOut, ContentOut, JobOut, PromptOut } from "../api";

export type Verdict = "fine" | "warns" | "blocks";

/** What was recorded is no answer to this check; the message is for the engineer. */
export class BadReading extends Error {}

type Judged = Pick<CheckOut, "title" | "kind" | "least" | "most" | "options" | "failing">;

/** Throws BadReading when the value is no answer to the check. */
export function verdict(check: Judged, value: string): Verdict {
  if (check.kind === "number") return within(check, value) ? "fine" : check.failing;
  if (check.kind === "yes_no") {
    if (value !== "yes" && value !== "no") throw new BadReading(`“${check.title}”请选“是”或“否”`);
    return value === "yes" ? "fine" : check.failing;
  }
  const chosen = check.options.find((option) => option.code === value);
  if (!chosen) throw new BadReading(`“${check.title}”没有这个选项`);
  return chosen.verdict;
}

function within(check: Judged, value: string): boolean {
  const number = decimal(value);
  if (!number || compare(absolute(number), MOST) >= 0) throw new BadReading(`“${check.title}”请填数字`);
  const [least, most] = [check.least, check.most].map((limit) => (limit === null ? null : decimal(limit)));
  return (!least || compare(least, number) <= 0) && (!most || compare(number, most) <= 0);
}

/** digits × 10^-places */
interface Decimal {
  digits: bigint;
  places: number;
}

const MOST: Decimal = { digits: 1_000_000n, places: 0 };
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;
/** Digits behind the point, or noughts before it, that a reading may have; none of ours has five. */
const FURTHEST = 400;

function decimal(text: string): Decimal | null {
  const plain = text.trim().replaceAll("_", "").replace(/[０-９]/g, (digit) => String(digit.charCodeAt(0) - 0xff10));
  const found = NUMBER.exec(plain);
  if (!found || !(found[2] || found[3])) return null;
  const places = (found[3] ?? "").length - Number(found[4] ?? 0);
  const digits = BigInt(`${found[2] ?? ""}${found[3] ?? ""}`) * (found[1] === "-" ? -1n : 1n);
  return Math.abs(places) > FURTHEST ? null : { digits, places };
}

function absolute(number: Decimal): Decimal {
  return { ...number, digits: number.digits < 0n ? -number.digits : number.digits };
}

function compare(a: Decimal, b: Decimal): number {
  const most = Math.max(a.places, b.places);
  const difference = a.digits * 10n ** BigInt(most - a.places) - b.digits * 10n ** BigInt(most - b.places);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

const GENERAL = "general";

/** The checks of a job, as its content day has them. */
export function checksOf(content: ContentOut, job: Pick<JobOut, "category_code" | "checks" | "content_day">): CheckOut[] {
  return inForce(content.checks, job.category_code, job.checks, job.content_day);
}

/** The safety prompts of a job. */
export function promptsOf(content: ContentOut, job: Pick<JobOut, "category_code" | "prompts" | "content_day">): PromptOut[] {
  return inForce(content.prompts, job.category_code, job.prompts, job.content_day);
}

function inForce<T extends { code: string; since: string; until: string | null }>(
  all: Record<string, T[]>,
  category: string,
  codes: string[],
  day: string,
): T[] {
  const known = [...(all[GENERAL] ?? []), ...(all[category] ?? [])];
  const holds = (one: T) => one.since <= day && (one.until === null || day < one.until);
  return codes.flatMap((code) => known.find((one) => one.code === code && holds(one)) ?? known.find((one) => one.code === code) ?? []);
}
