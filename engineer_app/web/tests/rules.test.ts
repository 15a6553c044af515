/** What decides on the phone decides as the server does: every vector of tests/vectors, which pytest runs too. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { canonical, hashOf, signedContent, totalFen } from "../src/rules/canonical";
import { BadReading, verdict } from "../src/rules/checks";
import { isPath } from "../src/rules/diagnosis";
import { moved, movesFrom, VISIT_MOVES, VISIT_TITLES } from "../src/rules/moves";
import { missing, OUTCOMES, strongest } from "../src/rules/outcomes";
import { type Facts, hashOfLines, paidBy, price, priceDeclined, wantedOf } from "../src/rules/prices";
import { look } from "../src/rules/parts";
import { gcjFromWgs, metres } from "../src/rules/places";
import { instant, registerOf, REGISTERS, stands, valueOf, type Written } from "../src/rules/registers";
import { sha256Hex, sha256Of } from "../src/rules/sha256";
import { vectors } from "./vectors";

const content = vectors("content");

for (const vector of vectors("checks")) {
  test(`${vector.code} of ${vector.category} at “${vector.value}” is ${vector.verdict}`, () => {
    const same = (one: typeof vector) => ["category", "service", "code"].every((name) => one[name] === vector[name]);
    const check = content.find(same);
    if (vector.verdict === "bad") expect(() => verdict(check, vector.value)).toThrow(BadReading);
    else expect(verdict(check, vector.value)).toBe(vector.verdict);
  });
}

test("a number of full width is one, a float's slip is none", () => {
  const check = { title: "水压", kind: "number" as const, least: "0.1", most: "0.3", options: [], failing: "blocks" as const };
  expect(verdict(check, "０.２")).toBe("fine");
  expect(verdict(check, "0.30000000000000000001")).toBe("blocks");
  expect(verdict(check, "0.300000")).toBe("fine");
  expect(verdict(check, "3e-1")).toBe("fine");
  for (const none of [".", "-", "1e99999", "0x1", "Infinity", "1e6"]) expect(() => verdict(check, none)).toThrow(BadReading);
});

test("outcomes: the table, what is missing, and the strongest end", () => {
  const all = vectors("outcomes");
  expect(OUTCOMES).toEqual(all.outcomes);
  for (const one of all.cases) {
    for (const [outcome, codes] of Object.entries(one.missing)) {
      const found = missing(outcome, one.facts);
      expect(found.map((wanted) => wanted.code)).toEqual(codes);
      for (const wanted of found) expect(wanted.words).toBe(all.words[wanted.code]);
    }
    expect(strongest(one.asked, one.facts)).toBe(one.strongest);
    expect(strongest(OUTCOMES.map((outcome) => outcome.code), one.facts)).toBe(one.strongest_of_all);
  }
});

test("the same bytes are signed on both sides", () => {
  const all = vectors("canonical");
  for (const one of all.values) {
    expect(canonical(one.value)).toBe(one.canonical);
    expect(hashOf({ v: one.value })).toBe(one.hash);
  }
  for (const one of all.big) expect(canonical(BigInt(one.digits))).toBe(one.canonical);
  for (const one of all.sheets) {
    const signed = signedContent("WX20261121000123", "vi_1", one.product, one.registers);
    expect(canonical(signed)).toBe(one.canonical);
    expect(hashOf(signed)).toBe(one.hash);
  }
});

test("what both sides would write differently has no canonical form", () => {
  for (const value of [0.1, 2 ** 53, NaN, undefined, { a: undefined }]) expect(() => canonical(value)).toThrow(TypeError);
});

test("SHA-256 is the one everybody has", async () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 7) % 256);
    const wanted = createHash("sha256").update(bytes).digest("hex");
    expect(sha256Hex(bytes)).toBe(wanted);
    expect(await sha256Of(bytes.buffer)).toBe(wanted);
  }
});

test("totals in fen, by who pays", () => {
  for (const one of vectors("prices")) {
    expect(totalFen(one.registers)).toBe(one.total_fen);
    for (const [payer, fen] of Object.entries(one.by_payer)) expect(totalFen(one.registers, payer)).toBe(fen);
  }
});

test("what a visit costs and who pays each line, with the hash an answer names", () => {
  const { rows, parts, cases } = vectors("fees");
  expect(cases.length).toBeGreaterThan(60);
  for (const one of cases) {
    const facts = { ...one.facts, rows, parts };
    expect([one.name, price(facts)]).toEqual([one.name, { lines: one.lines, unpriced: one.unpriced }]);
    expect([one.name, priceDeclined(facts)]).toEqual([one.name, one.declined]);
    expect(paidBy(one.lines, "customer")).toBe(one.customer_fen);
    expect(hashOfLines("WX20261121000123", one.lines)).toBe(one.hash);
  }
});

test("what a sheet says is to be done", () => {
  const { rows, parts, cases } = vectors("wanted");
  expect(cases.length).toBeGreaterThan(50);
  for (const one of cases) expect([one.registers, wantedOf(one.registers, { rows, parts } as Facts)]).toEqual([one.registers, one.wanted]);
});

test("a typed part code: the part, or its neighbours", () => {
  const { bill, cases } = vectors("parts");
  const lines = bill.map((code: string) => ({ code }));
  for (const one of cases) {
    const found = look<{ code: string }>(lines, one.typed);
    expect([one.typed, found.exact?.code ?? null, found.near.map((line) => line.code)]).toEqual([one.typed, one.exact, one.near]);
  }
});

test("ways through a diagnosis", () => {
  const all = vectors("diagnosis");
  for (const one of all.cases) expect([one, isPath(all.trees[one.category], one.path, one.cause)]).toEqual([one, one.is_path]);
});

test("the moves of a visit are the lifecycle's", () => {
  const all = vectors("moves");
  expect(VISIT_MOVES).toEqual(all.moves);
  expect(VISIT_TITLES).toEqual(all.titles);
  for (const [status, names] of Object.entries(all.allowed)) expect(movesFrom(status).map((move) => move.name)).toEqual(names);
  expect(moved("accepted", "check_in")).toBe("checked_in");
  expect(moved("offered", "check_in")).toBe("offered");
});

test("every kind of operation writes the register it writes at the server, and the same writing stands", () => {
  const all = vectors("registers");
  expect(REGISTERS).toEqual(Object.fromEntries(Object.entries<{ register: string }>(all.kinds).map(([kind, one]) => [kind, one.register])));
  for (const [kind, one] of Object.entries<{ removes: boolean }>(all.kinds)) expect(valueOf(kind, {}) === null).toBe(one.removes);
  for (const one of all.writings) {
    let there: Written | undefined;
    for (const step of one.steps) if (stands(one.key, there, step)) there = step;
    expect(there).toEqual(one.stands);
  }
});

test("a register is named by its body; strokes are kept with the signature", () => {
  expect(registerOf("part.put", { line: "l1", part_code: "x" })).toBe("part.l1");
  const body = { signature_id: "s", strokes: [[[1, 2]]], content: "{}", name: "王" };
  expect(valueOf("signature.add", body)).toEqual({ signature_id: "s", name: "王" });
});

test("a server's six digits of a second and a phone's three are one time", () => {
  expect(instant("2026-11-21T08:00:00.123+00:00")).toBe(instant("2026-11-21T16:00:00.123000+08:00"));
  expect(instant("2026-11-21T08:00:00Z")).toBeLessThan(instant("2026-11-21T08:00:00.000001Z"));
});

test("a GPS position lies where the server says", () => {
  const home = { lat: 22.8054, lng: 113.2936 };
  for (const one of vectors("places")) {
    const found = gcjFromWgs(one);
    expect(Math.abs(found.lat - one.gcj[0]) + Math.abs(found.lng - one.gcj[1])).toBeLessThan(1e-7);
    expect(Math.abs(metres(home, found) - one.metres)).toBeLessThan(0.1);
  }
});
