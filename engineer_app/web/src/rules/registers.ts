/** Which register an operation writes, and which of two writings stands: twin of domain/service_sheets/{fields,registers}.py.
 *  Both run tests/vectors/registers.json. */
import { byCodePoint } from "./canonical";

export type Value = Record<string, unknown> | null;

/** Kind → the register it writes, with names of the body in braces; "" writes none. */
export const REGISTERS: Readonly<Record<string, string>> = {
  "visit.move": "milestone.{move}",
  "visit.end": "end.{outcome}",
  "prompt.confirm": "prompt.{code}",
  "check.record": "check.{code}",
  "diagnosis.record": "diagnosis",
  "field.set": "field.{name}",
  "part.put": "part.{line}",
  "part.remove": "part.{line}",
  "material.put": "material.{line}",
  "material.remove": "material.{line}",
  "fee.put": "fee.{line}",
  "fee.remove": "fee.{line}",
  "quote.ask": "quote.asked",
  "quote.confirm": "quote.answer",
  "quote.reject": "quote.answer",
  "photo.add": "photo.{upload_id}",
  "signature.add": "signature.{signature_id}",
  correct: "correction.{field}",
  "help.ask": "",
  "change.ask": "",
  "offer.answer": "",
};

/** Of a milestone the earliest stands: the engineer arrived when he arrived. Of all else the latest. */
const FIRST_WINS = "milestone.";
/** Not part of a register's value: it is kept with the signature itself. */
const BESIDE = ["strokes", "content"];

export function registerOf(kind: string, body: Readonly<Record<string, unknown>>): string {
  return (REGISTERS[kind] ?? "").replace(/\{(\w+)\}/g, (_, name: string) => String(body[name]));
}

/** What the operation writes there; null removes a line. */
export function valueOf(kind: string, body: Readonly<Record<string, unknown>>): Value {
  if (kind.endsWith(".remove")) return null;
  if (kind !== "signature.add") return { ...body };
  return Object.fromEntries(Object.entries(body).filter(([name]) => !BESIDE.includes(name)));
}

export interface Written {
  value: Value;
  /** Corrected device time, ISO. */
  at: string;
  operation_id: string;
}

/** Whether a new writing takes the place of the one that is there. */
export function stands(key: string, there: Written | undefined, now: Written): boolean {
  if (!there) return true;
  const order = instant(now.at) - instant(there.at) || byCodePoint(now.operation_id, there.operation_id);
  return key.startsWith(FIRST_WINS) ? order < 0 : order > 0;
}

/** Microseconds since 1970: a server writes six digits of a second, a phone three. */
export function instant(iso: string): number {
  const fraction = /\.(\d+)/.exec(iso)?.[1] ?? "";
  const whole = Date.parse(iso.replace(/\.\d+/, ""));
  return whole * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}
