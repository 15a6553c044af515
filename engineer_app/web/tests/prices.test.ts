/** The price on the phone: how it stands with the customer, and what the sheet says, on a phone's own store with and without network. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JobOut, QuoteOut } from "../src/api";
import { agree, ask, isWritten, reckoned, refuse, toDo, writeLines } from "../src/job/prices";
import { nextOf } from "../src/job/steps";
import type { Facts, Line } from "../src/rules/prices";
import { store } from "../src/store";
import { job, Server } from "./server";
import { wiped } from "./phone";

const row = (kind: string, code: string, title: string, fen: number) => ({
  id: `fe_${code}`, kind, code, title, category: "", service: "", km_from: 0, fen, permille: 0, unit: "次", owner: "brand",
});
const FACTS: Facts = {
  day: "2026-11-21", category: "air_conditioner", service: "repair", wanted: { fees: [], parts: [], materials: [] },
  rows: [row("labour", "refill", "加制冷剂", 15_000), row("extra", "height", "高空作业", 10_000), row("inspection", "inspection", "上门检测费", 5_000)],
  parts: [{ code: "CAP-1", name: "电容", component: "whole", fen: 3_500, labour: "", row: "pp_1" }],
  answers: [], cards: [], goodwill: [], km: null, night: false, holiday: "", rectifies: false,
};
const V = "v1";
let server: Server;

beforeEach(async () => {
  wiped();
  server = new Server();
  server.now = Date.now();
  server.jobs.set(V, job(V, { prices: FACTS as unknown as JobOut["prices"] }));
  server.owner.set(V, "an");
  globalThis.fetch = server.fetch as typeof fetch;
  await store.open();
  await store.signedIn(server.signIn("an"));
  await store.sync();
  server.network = "cut";
});

afterEach(() => store.signOut(true));

const here = () => store.job(V)!;
const now = () => reckoned(here())!;
const add = (code: string) => store.act("fee.put", V, { line: code.replace(".", "_"), code, title: "", fen: 0, payer: "customer", quantity: 1000 });
const quoted = (status: string, lines: readonly Line[], hash: string, more: Partial<QuoteOut> = {}) =>
  ({ id: "qt_1", version: 1, phone_key: "", status, status_title: "", lines, customer_fen: lines.reduce((sum, one) => sum + (one.payer === "customer" ? one.fen : 0), 0), declined_fen: 5_000, hash, ...more }) as unknown as QuoteOut;

/** The network is back, and the server has this of the price by then. */
async function told(more: Partial<JobOut>): Promise<void> {
  server.network = "up";
  await store.sync();
  server.jobs.set(V, { ...server.jobs.get(V)!, ...more });
  await store.sync();
}

test("nothing is asked while nothing is wanted, and nothing is to be done about it", () => {
  expect([now().lines, now().standing, now().written, toDo(here())]).toEqual([[], "none", true, ""]);
});

test("agreed here counts before it is sent, and of exactly these lines", async () => {
  await add("labour.refill");
  expect([now().standing, now().customerFen, toDo(here())]).toEqual(["none", 15_000, "让客户确认报价"]);
  await agree(here(), now());
  expect([now().standing, now().written, toDo(here())]).toEqual(["agreed", true, ""]);
  expect(here().missing.finished!.some((need) => need.code === "quote")).toBe(false);
  await add("extra.height");
  expect([now().standing, now().customerFen, toDo(here())]).toEqual(["changed", 25_000, "让客户确认报价"]);
});

test("an answer that is not sent counts before the server's", async () => {
  await add("labour.refill");
  await writeLines(here(), now().lines);
  const { lines, hash } = now();
  await told({ quotes: [quoted("rejected", lines, hash)], agreed_fen: 5_000 });
  expect(now().standing).toBe("refused");
  server.network = "cut";
  await add("extra.height");
  await agree(here(), now());
  expect([now().standing, now().customerFen]).toEqual(["agreed", 25_000]);
});

test("asked in WeChat: waits, is outdated by more work, and is agreed to there", async () => {
  await add("labour.refill");
  await ask(here(), now());
  expect([now().standing, toDo(here())]).toEqual(["asked", ""]);
  expect(here().missing.finished!.some((need) => need.code === "quote")).toBe(true);
  const { lines, hash } = now();
  await told({ quotes: [quoted("asked", lines, hash)] });
  expect(now().standing).toBe("asked");
  await add("extra.height");
  expect(now().standing).toBe("outdated");
  await told({ quotes: [quoted("confirmed", lines, hash)], agreed_fen: 15_000 });
  expect(now().standing).toBe("changed");
  await store.act("fee.remove", V, { line: "extra_height" });
  expect(now().standing).toBe("agreed");
});

test("a no leaves coming and looking, the visit can be finished, and another offer can be made", async () => {
  await add("labour.refill");
  await refuse(here(), now());
  expect([now().standing, now().customerFen, now().written, toDo(here())]).toEqual(["refused", 5_000, true, ""]);
  expect(here().missing.finished!.some((need) => need.code === "quote")).toBe(false);
  expect(here().unsent.filter((key) => key === "fee.inspection")).toEqual(["fee.inspection"]);
  await add("extra.height");
  expect([now().standing, now().customerFen]).toEqual(["none", 10_000]);
});

test("a no in WeChat: the sheet still has the work, and one touch makes it the inspection alone", async () => {
  await add("labour.refill");
  await writeLines(here(), now().lines);
  const { lines, hash } = now();
  await told({ quotes: [quoted("rejected", lines, hash)], agreed_fen: 5_000 });
  expect([now().standing, now().customerFen, now().written, toDo(here())]).toEqual(["refused", 5_000, false, "改服务单上的费用"]);
  await writeLines(here(), now().lines);
  expect([now().standing, now().written, toDo(here())]).toEqual(["refused", true, ""]);
  expect(here().missing.finished!.some((need) => need.code === "quote")).toBe(false);
});

test("a no to more work leaves what was agreed to before", async () => {
  await add("labour.refill");
  await agree(here(), now());
  const first = { lines: now().lines, hash: now().hash };
  await told({ quotes: [quoted("confirmed", first.lines, first.hash)], agreed_fen: 15_000 });
  server.network = "cut";
  await add("extra.height");
  await refuse(here(), now());
  expect([now().standing, now().customerFen, now().written]).toEqual(["refused", 15_000, true]);
  expect(here().missing.finished!.some((need) => need.code === "quote")).toBe(false);
});

test("the list has changed since the yes: the same work for less is agreed to, for more it is what was shown", async () => {
  await add("labour.refill");
  await agree(here(), now());
  const { lines, hash } = now();
  const dearer = { ...FACTS, rows: FACTS.rows.map((one) => ({ ...one, fen: one.fen + 1_000 })) };
  await told({ quotes: [quoted("confirmed", lines, hash)], agreed_fen: 15_000, prices: dearer as unknown as JobOut["prices"] });
  expect([now().standing, now().customerFen, now().written]).toEqual(["agreed", 15_000, true]);
  const cheaper = { ...FACTS, rows: FACTS.rows.map((one) => ({ ...one, fen: one.fen - 1_000 })) };
  await told({ prices: cheaper as unknown as JobOut["prices"] });
  expect([now().standing, now().customerFen]).toEqual(["changed", 14_000]);
});

test("nothing to pay: no yes is wanted, only that the sheet says so", async () => {
  const free = { ...FACTS, answers: [{ component: "labour", title: "人工", result: "covered", rule: "statutory", until: "", words: "保修期内" }] };
  await told({ prices: free as unknown as JobOut["prices"] });
  server.network = "cut";
  await add("labour.refill");
  expect([now().customerFen, toDo(here())]).toEqual([0, "把费用记到服务单"]);
  await ask(here(), now());
  expect([now().written, toDo(here())]).toEqual([true, ""]);
  expect(here().missing.finished!.some((need) => need.code === "quote")).toBe(false);
});

test("what has no price cannot be agreed to, and does not stand in the way of the rest", async () => {
  await store.act("part.put", V, { line: "p1", part_code: "NO-PRICE", quantity: 1 });
  expect([now().unpriced, toDo(here())]).toEqual([["NO-PRICE"], ""]);
});

test("a part put in later wants another yes, however its code is typed", async () => {
  await add("labour.refill");
  await agree(here(), now());
  await store.act("part.put", V, { line: "p1", part_code: "cap 1", quantity: 2 });
  expect([now().standing, now().customerFen, isWritten(here(), now().lines)]).toEqual(["changed", 22_000, false]);
});

test("what the server did not take is said, until it is asked anew", async () => {
  await add("labour.refill");
  await agree(here(), now());
  server.network = "up";
  await store.sync();
  const answer = server.jobs.get(V)!.sheet!.registers.find((one) => one.key === "quote.answer")!;
  server.written(V, "taken.quote.answer", { operation_id: answer.operation_id, why: "no_price" }, new Date(server.now).toISOString());
  await store.sync();
  expect([now().off, now().standing, toDo(here())]).toEqual(["no_price", "none", "让客户确认报价"]);
  server.network = "cut";
  await agree(here(), now());
  expect([now().off, now().standing]).toEqual(["", "agreed"]);
});

test("the next thing to do is the price, before the signature and not before the rest", async () => {
  await store.act("visit.move", V, { move: "check_in" });
  await add("labour.refill");
  expect(nextOf(here())!.href).toContain("/safety");
  await store.act("prompt.confirm", V, { code: "identify" });
  await store.act("check.record", V, { code: "voltage", value: "220" });
  await store.act("field.set", V, { name: "fault_found", value: "缺氟" });
  for (const purpose of ["before", "after", "nameplate"] as const) await store.act("photo.add", V, { upload_id: purpose, purpose });
  expect(nextOf(here())).toMatchObject({ words: "让客户确认报价", href: `#/job/${V}/fees` });
  await agree(here(), now());
  expect(nextOf(here())!.href).toContain("/sign/");
});
