/** The one written form of a service sheet that is hashed and signed: twin of domain/service_sheets/canonical.py.
 *  Both run tests/vectors/canonical.json. Only text, whole numbers, lists and objects. */
import { sha256Hex } from "./sha256";

export type Canonical = string | number | bigint | boolean | null | readonly Canonical[] | { readonly [key: string]: Canonical };

type Values = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;

const VERSION = 1;
/** What of a line is signed: photos may be added afterwards. */
const SIGNED = {
  part: ["part_code", "quantity", "new_serial", "old_serial"],
  material: ["code", "quantity"],
  fee: ["code", "title", "fen", "payer"],
} as const;

/** Order of code points, as Python sorts: UTF-16 puts 𠮷 before ．. */
export function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let place = 0; place < Math.min(left.length, right.length); place++) {
    const difference = left[place]!.codePointAt(0)! - right[place]!.codePointAt(0)!;
    if (difference) return difference;
  }
  return left.length - right.length;
}

/** JSON with sorted keys and no blanks. Throws a TypeError for what has no canonical form. */
export function canonical(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${value} has no canonical form`);
    return String(value + 0);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object") {
    const fields = Object.entries(value).sort(([a], [b]) => byCodePoint(a, b));
    return `{${fields.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(",")}}`;
  }
  throw new TypeError(`${typeof value} has no canonical form`);
}

/** SHA-256 of the canonical form, in hexadecimal. */
export function hashOf(content: unknown): string {
  return sha256Hex(new TextEncoder().encode(canonical(content)));
}

/** What a customer signs: what was found and done, every line, and the total he pays. */
export function signedContent(order: string, visit: string, product: string, registers: Values): Record<string, unknown> {
  return {
    v: VERSION,
    order,
    visit,
    product,
    fault_found: textOf(registers["field.fault_found"]),
    done: textOf(registers["field.done"]),
    parts: linesOf(registers, "part"),
    materials: linesOf(registers, "material"),
    fees: linesOf(registers, "fee"),
    total_fen: totalFen(registers),
  };
}

/** What the customer pays: fees on warranty or a service card are not his. */
export function totalFen(registers: Values, payer = "customer"): number {
  return linesOf(registers, "fee").reduce((sum, fee) => sum + (fee.payer === payer ? Number(fee.fen) : 0), 0);
}

/** The lines of a kind in the order of their keys, without those removed. */
export function linesOf(registers: Values, kind: keyof typeof SIGNED): Record<string, unknown>[] {
  const found = [];
  for (const key of Object.keys(registers).sort(byCodePoint)) {
    const value = registers[key];
    if (!key.startsWith(`${kind}.`) || !value) continue;
    const signed = SIGNED[kind].map((name) => [name, value[name] ?? null]);
    found.push({ line: key.slice(kind.length + 1), ...Object.fromEntries(signed) });
  }
  return found;
}

function textOf(value: Readonly<Record<string, unknown>> | null | undefined): string {
  return String(value?.value || "");
}
