/** The vectors that pytest runs too, as the tests read them. */
import { readFileSync } from "node:fs";

export function vectors(name: string): any {
  return JSON.parse(readFileSync(new URL(`../../../tests/vectors/${name}.json`, import.meta.url), "utf8"));
}
