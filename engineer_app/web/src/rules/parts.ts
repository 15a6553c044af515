/** Which part a typed code is, or may have been meant to be: twin of domain/catalog/bills.py `look` and codes.py.
 *  Both run tests/vectors/parts.json. A code is never corrected silently: the engineer picks. */
import { byCodePoint } from "./canonical";

const LONGEST = 40;
const NEAR = 2;
const DASHES = /[‐‑‒–—―−﹣－⁃˗➖ー一_]/g;
const NOT_KEY = /[^0-9A-Z+\u4e00-\u9fff]/g;
const ALIKE: Record<string, string> = { O: "0", Q: "0", D: "0", I: "1", L: "1", S: "5", Z: "2", B: "8", G: "6" };

/** The code as it is compared: letters, digits, + and Chinese words only. */
export function codeKey(text: string): string {
  const short = [...text].slice(0, LONGEST * 4).join("");
  return short.normalize("NFKC").replace(DASHES, "-").toUpperCase().replace(NOT_KEY, "");
}

/** Equal for codes an eye can take for each other. */
export function lookAlike(text: string): string {
  return codeKey(text).replace(/[OQDILSZBG]/g, (letter) => ALIKE[letter]!);
}

/** The line itself, or, when it is none, those it may have been meant to be, nearest first. */
export function look<T extends { code: string }>(bill: readonly T[], typed: string): { exact: T | null; near: T[] } {
  const [key, seen] = [codeKey(typed), lookAlike(typed)];
  const exact = bill.find((line) => codeKey(line.code) === key) ?? null;
  if (exact || !key) return { exact, near: [] };
  const scored = bill.map((line) => ({ line, far: distance(key, seen, line.code) })).filter((one) => one.far <= NEAR);
  scored.sort((a, b) => a.far - b.far || byCodePoint(a.line.code, b.line.code));
  return { exact: null, near: scored.map((one) => one.line) };
}

function distance(key: string, seen: string, code: string): number {
  return lookAlike(code) === seen ? 1 : slips(key, codeKey(code));
}

/** Damerau-Levenshtein: letters put in, left out, changed, or two neighbours swapped. */
export function slips(a: string, b: string): number {
  const most = a.length + b.length;
  const table = Array.from({ length: a.length + 2 }, () => new Array<number>(b.length + 2).fill(most));
  const cell = (i: number, j: number) => table[i + 1]![j + 1]!;
  const put = (i: number, j: number, value: number) => (table[i + 1]![j + 1] = value);
  for (let i = 0; i <= a.length; i++) put(i, 0, i);
  for (let j = 0; j <= b.length; j++) put(0, j, j);
  const last = new Map<string, number>();
  for (let i = 1; i <= a.length; i++) {
    let same = 0;
    for (let j = 1; j <= b.length; j++) {
      const [row, column] = [last.get(b[j - 1]!) ?? 0, same];
      const equal = a[i - 1] === b[j - 1];
      if (equal) same = j;
      const swapped = cell(row - 1, column - 1) + (i - row - 1) + 1 + (j - column - 1);
      put(i, j, Math.min(cell(i - 1, j - 1) + (equal ? 0 : 1), cell(i - 1, j) + 1, cell(i, j - 1) + 1, row && column ? swapped : most));
    }
    last.set(a[i - 1]!, i);
  }
  return cell(a.length, b.length);
}
