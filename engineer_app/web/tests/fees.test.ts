/** @vitest-environment jsdom
 *
 *  What the page of a job's costs says in words. */
import { h, render } from "preact";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JobOut } from "../src/api";
import { Fees } from "../src/job/fees";
import { store } from "../src/store";
import { isoDay } from "../src/words";
import { job, Server } from "./server";
import { wiped } from "./phone";

const row = (code: string, fen: number) => ({
  id: `fe_${code}`, kind: "extra", code, title: `项目${code}`, category: "", service: "", km_from: 0, fen, permille: 0, unit: "次", owner: "brand",
});
const facts = (more: object) => ({
  day: isoDay(new Date()), category: "air_conditioner", service: "repair", wanted: { fees: [], parts: [], materials: [] },
  rows: Array.from({ length: 15 }, (_, n) => row(`e${n}`, 1000 + n)), parts: [], answers: [], cards: [], goodwill: [], km: null, night: false,
  holiday: "", rectifies: false, ...more,
});

let server: Server;
beforeEach(async () => {
  wiped();
  server = new Server();
  server.now = Date.now();
  server.owner.set("v1", "an");
  globalThis.fetch = server.fetch as typeof fetch;
  await store.open();
});
afterEach(() => store.signOut(true));

/** The page as it reads, of a job with these prices, with so many lines on the sheet. */
async function shown(prices: object | null, lines: number): Promise<string> {
  server.jobs.set("v1", job("v1", { prices: prices as JobOut["prices"] }));
  await store.signedIn(server.signIn("an"));
  await store.sync();
  for (let n = 0; n < lines; n++) await store.act("fee.put", "v1", { line: `l${n}`, code: `extra.e${n}`, title: "", fen: 0, payer: "customer" });
  render(h(Fees, { job: store.job("v1")! }), document.body);
  return document.body.textContent;
}

test("prices of an earlier day are said to be, today's are not", async () => {
  expect(await shown(facts({ day: "2026-01-02" }), 1)).toContain("1月2日");
  expect(document.body.textContent).toContain("两个价里客户付低的");
  expect(await shown(facts({}), 1)).not.toContain("两个价里");
});

test("fifteen lines, each once, and their sum on the button", async () => {
  const words = await shown(facts({}), 15);
  expect(words.match(/项目e/g)).toHaveLength(15);
  expect(words).toContain("请客户确认 ¥151.05");
});

test("no prices yet, no dead end", async () => {
  expect(await shown(null, 0)).toContain("连一次网就有了");
  expect(await shown(facts({ rows: [] }), 0)).toContain("继续");
});
