/** Nothing done on the phone is lost or sent twice, whatever the network, the battery and other windows do. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PhoneStore } from "../src/store";
import { openWork } from "../src/store/database";
import { Clock, opened, signedIn, wiped } from "./phone";
import { job, NOW, Server } from "./server";

let server: Server;
let clock: Clock;
const phones: PhoneStore[] = [];

beforeEach(() => {
  wiped();
  [server, clock] = [new Server(), new Clock()];
  for (const visit of ["v1", "v2"]) {
    server.jobs.set(visit, job(visit));
    server.owner.set(visit, "an");
  }
});

afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.close();
});

async function phone(engineer = "an"): Promise<PhoneStore> {
  phones.push(await signedIn(server, engineer, clock));
  return phones.at(-1)!;
}

async function again(): Promise<PhoneStore> {
  phones.push(opened(server, clock));
  await phones.at(-1)!.open();
  return phones.at(-1)!;
}

const remark = (value: string) => ({ name: "remark" as const, value });
const seqs = (device: string) => [...server.operations.values()].filter((row) => row.device === device).map((row) => row.op.seq);

test("what is done without network is here at once, and there when the network is", async () => {
  const an = await phone();
  server.network = "cut";
  await an.act("visit.move", "v1", { move: "depart" });
  await an.act("visit.move", "v1", { move: "check_in" });
  await an.act("check.record", "v1", { code: "voltage", value: "150" });
  await an.sync();
  const here = an.job("v1")!;
  expect([here.status, here.verdicts, here.unsent.length]).toEqual(["checked_in", { voltage: "blocks" }, 3]);
  expect(here.missing.finished!.find((one) => one.code === "not_blocked")!.items).toEqual(["voltage"]);
  expect([an.status().unsent, an.status().online]).toEqual([3, false]);
  server.network = "up";
  await an.sync();
  expect([an.status().unsent, an.status().online, an.job("v1")!.unsent]).toEqual([0, true, []]);
  expect(server.jobs.get("v1")!.sheet!.registers.map((one) => one.key).sort()).toEqual(["check.voltage", "milestone.check_in", "milestone.depart"]);
});

test("numbers have no gaps, though many things are done at once", async () => {
  const an = await phone();
  await Promise.all(Array.from({ length: 30 }, (_, n) => an.act("prompt.confirm", "v1", { code: `c${n}` })));
  await an.sync();
  expect(seqs("ed_1").sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
});

test("what was done never leaves the screen while it is being sent", async () => {
  const an = await phone();
  const lines = () => Object.keys(an.job("v1")!.registers).filter((key) => key.startsWith("fee.")).length;
  const seen: number[] = [];
  an.subscribe(() => seen.push(lines()));
  for (let n = 0; n < 40; n++) {
    void an.sync();
    await an.act("fee.put", "v1", { line: `l${n}`, code: "x", title: "", fen: 0, payer: "customer" });
    expect(lines()).toBe(n + 1);
  }
  await an.sync();
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(lines()).toBe(40);
});

test("one touch counts once, however the finger trembles; the same a second time is asked a second time", async () => {
  const an = await phone();
  const ask = () => an.act("help.ask", "v1", { to: "senior", words: "压缩机不启动" });
  await Promise.all([ask(), ask(), an.act("help.ask", "v1", { to: "appraisal", words: "压缩机不启动" })]);
  await an.sync();
  expect(seqs("ed_1")).toEqual([1, 2]);
  await ask();
  await an.sync();
  expect(seqs("ed_1")).toEqual([1, 2, 3]);
});

test("a hundred at most go in one batch", async () => {
  const an = await phone();
  for (let n = 0; n < 230; n++) await an.act("prompt.confirm", "v1", { code: `c${n}` });
  await an.sync();
  expect([server.operations.size, Math.max(...server.batches)]).toEqual([230, 100]);
  expect(an.status().unsent).toBe(0);
});

test("an answer that is lost changes nothing: the same again is harmless", async () => {
  const an = await phone();
  await an.act("field.set", "v1", remark("一"));
  server.network = "deaf";
  await an.sync();
  expect([server.operations.size, an.status().unsent]).toEqual([1, 1]);
  server.network = "up";
  await an.sync();
  expect([server.operations.size, an.status().unsent, server.jobs.get("v1")!.sheet!.version]).toEqual([1, 0, 1]);
});

test("a page killed in the middle of it all goes on where it was", async () => {
  const an = await phone();
  server.network = "deaf";
  await an.act("field.set", "v1", remark("写到一半"));
  const id = await an.upload(new Blob([new Uint8Array(300_000)], { type: "image/jpeg" }), "v1", "photo");
  await an.act("photo.add", "v1", { upload_id: id, purpose: "before" });
  await an.sync();
  const after = await again();
  expect([after.job("v1")!.registers["field.remark"]!.value, after.status().unsentPhotos]).toEqual(["写到一半", 1]);
  server.network = "up";
  await after.sync();
  await after.sync();
  expect([after.status().unsent, after.status().unsentPhotos, server.uploads.get(id)!.state]).toEqual([0, 0, "kept"]);
  expect(await after.picture(id)).toMatch(/^blob:/);
});

test("text typed on is one operation, until it was on its way", async () => {
  const an = await phone();
  server.network = "cut";
  for (const text of ["电", "电容", "电容坏"]) await an.act("field.set", "v1", remark(text));
  expect(an.status().unsent).toBe(1);
  await an.sync();
  await an.act("field.set", "v1", remark("电容坏了"));
  expect([an.status().unsent, an.job("v1")!.registers["field.remark"]!.value]).toEqual([2, "电容坏了"]);
});

test("of two things done in one moment, or with the clock set back between them, the second stands", async () => {
  const an = await phone();
  server.network = "cut";
  const ids = async () => {
    const work = await openWork("an");
    const all = await work.getAllFromIndex("operations", "seq");
    work.close();
    return all.map((one) => one.id);
  };
  for (let n = 0; n < 20; n++) await an.act("check.record", "v1", { code: "voltage", value: String(200 + n) });
  clock.at -= 3600_000;
  await an.act("check.record", "v1", { code: "voltage", value: "240" });
  expect(await ids()).toEqual([...(await ids())].sort());
  expect(an.job("v1")!.registers["check.voltage"]!.value).toBe("240");
});

test("drafts are kept within half a second", async () => {
  const an = await phone();
  an.keepDraft("v1.remark", "写");
  an.keepDraft("v1.remark", "写着");
  clock.pass(500);
  await expect.poll(async () => (await openWork("an")).get("drafts", "v1.remark")).toBe("写着");
  expect((await again()).draft("v1.remark")).toBe("写着");
});

test("two windows share one queue, and one of them sends", async () => {
  const [one, two] = [await phone(), await again()];
  server.network = "cut";
  await Promise.all([0, 1, 2, 3, 4, 5].map((n) => (n % 2 ? one : two).act("prompt.confirm", "v1", { code: `c${n}` })));
  await expect.poll(() => [one.status().unsent, two.status().unsent]).toEqual([6, 6]);
  server.network = "up";
  await Promise.all([one.sync(), two.sync()]);
  await Promise.all([one.sync(), two.sync()]);
  expect(seqs("ed_1").sort()).toEqual([1, 2, 3, 4, 5, 6]);
  await expect.poll(() => [one.status().unsent, two.status().unsent]).toEqual([0, 0]);
});

test("the other phone's later value stands here too, and the engineer is told both", async () => {
  const an = await phone();
  server.network = "cut";
  await an.act("field.set", "v1", remark("我的"));
  server.written("v1", "field.remark", { name: "remark", value: "别的手机" }, new Date(NOW + 60_000).toISOString());
  server.network = "up";
  await an.sync();
  expect(an.job("v1")!.registers["field.remark"]!.value).toBe("别的手机");
  const [told] = an.status().conflicts;
  expect(told).toMatchObject({ outcome: "conflict", stood: false, mine: remark("我的"), theirs: { value: "别的手机" } });
  await an.dismiss(told!.id);
  await an.sync();
  expect(an.status().conflicts).toEqual([]);
  expect(server.requests).toContain(`POST /conflicts/${told!.id}/seen`);
});

test("before the server has spoken, the greater stamp stands here as it will there", async () => {
  const an = await phone();
  server.written("v1", "field.remark", { value: "晚的" }, new Date(NOW + 60_000).toISOString());
  await an.sync();
  server.network = "cut";
  await an.act("field.set", "v1", remark("早的"));
  expect(an.job("v1")!.registers["field.remark"]!.value).toBe("晚的");
  clock.at += 120_000;
  await an.act("field.set", "v1", remark("更晚的"));
  expect(an.job("v1")!.registers["field.remark"]!.value).toBe("更晚的");
});

test("a job given to somebody else is shown as gone, with the server's words, and the work is kept there", async () => {
  const an = await phone();
  server.network = "cut";
  await an.act("field.set", "v1", remark("已经做了"));
  server.owner.set("v1", "bo");
  server.network = "up";
  await an.sync();
  expect(an.job("v1")!.gone).toBe("任务已改派给别人，您的记录已留给调度");
  expect(an.status().conflicts).toMatchObject([{ outcome: "kept", words: "任务已改派给别人，您的记录已留给调度" }]);
  expect(an.job("v2")!.gone).toBe("");
});

test("a job taken away unseen is shown as gone; an offer that lapsed just goes", async () => {
  server.jobs.set("v2", job("v2", { section: "offer", status: "offered", offer: { id: "of", answer_by: "" } }));
  const an = await phone();
  server.owner.clear();
  await an.sync();
  expect(an.jobs().map((one) => [one.visit_id, one.gone !== ""])).toEqual([["v1", true]]);
  server.owner.set("v1", "an");
  await an.sync();
  expect(an.job("v1")!.gone).toBe("");
});

test("a session that was ended loses nothing: after signing in, all goes out under the new device, once", async () => {
  const an = await phone();
  await an.act("field.set", "v1", remark("一"));
  await an.sync();
  server.network = "deaf";
  await an.act("field.set", "v1", remark("二"));
  await an.sync();
  server.network = "up";
  server.devices.get("ed_1")!.revoked = true;
  await an.act("field.set", "v2", remark("三"));
  await an.sync();
  expect([an.status().signedOut, an.token(), an.engineer()!.id, an.status().unsent]).toEqual([true, "", "an", 2]);
  expect(an.job("v2")!.registers["field.remark"]!.value).toBe("三");
  await an.act("prompt.confirm", "v2", { code: "identify" });
  await an.signedIn(server.signIn("an"));
  await an.sync();
  await an.sync();
  expect([an.status().signedOut, an.status().unsent, server.operations.size]).toEqual([false, 0, 4]);
  expect([...server.operations.values()].every((row) => row.answer.outcome === "applied")).toBe(true);
});

test("another engineer on the same phone neither sees nor sends the first one's work", async () => {
  const an = await phone();
  server.network = "cut";
  await an.act("field.set", "v1", remark("安的"));
  server.network = "up";
  server.devices.get("ed_1")!.revoked = true;
  await an.sync();
  await an.signedIn(server.signIn("bo"));
  await an.sync();
  expect([an.engineer()!.id, an.jobs(), an.status().unsent, server.operations.size]).toEqual(["bo", [], 0, 0]);
  const left = await openWork("an");
  expect([await left.count("operations"), await left.get("meta", "snapshot")]).toEqual([1, undefined]);
  left.close();
  await an.signedIn(server.signIn("an"));
  await an.sync();
  await an.sync();
  expect(server.jobs.get("v1")!.sheet!.registers[0]!.value).toEqual(remark("安的"));
});

test("signing out forgets customers, and keeps what was not sent unless told otherwise", async () => {
  const an = await phone();
  server.network = "cut";
  await an.act("field.set", "v1", remark("没发出"));
  await an.signOut(false);
  expect([an.jobs(), an.engineer()]).toEqual([[], null]);
  const work = await openWork("an");
  expect([await work.count("operations"), await work.get("meta", "snapshot")]).toEqual([1, undefined]);
  work.close();
  server.network = "up";
  await an.signedIn(server.signIn("an"));
  await an.signOut(true);
  expect((await indexedDB.databases()).map((one) => one.name)).toEqual(["weixiu-phone"]);
});

test("a number that never reached the server is filled, so that nothing waits behind it for ever", async () => {
  const an = await phone();
  server.network = "cut";
  await an.act("prompt.confirm", "v1", { code: "a" });
  await an.act("prompt.confirm", "v1", { code: "b" });
  const work = await openWork("an");
  const [first] = await work.getAllFromIndex("operations", "seq");
  await work.delete("operations", first!.id);
  work.close();
  server.network = "up";
  await an.sync();
  expect(an.status().unsent).toBe(0);
  expect(server.jobs.get("v1")!.sheet!.registers.map((one) => one.key)).toEqual(["prompt.b"]);
});

test("a clock that is wrong is noticed, and what is done is counted by the right one", async () => {
  clock.at += 3600_000;
  const an = await phone();
  expect(an.status().clockOffset).toBe(-3600_000);
  await an.act("visit.move", "v1", { move: "depart" });
  expect(an.job("v1")!.sheet!.registers[0]!.at).toBe(new Date(NOW).toISOString());
});

test("it tries again after a while, longer each time, and at once when it is told the network is there", async () => {
  const an = await phone();
  server.network = "cut";
  await an.act("field.set", "v1", remark("一"));
  const tries = () => server.requests.filter((one) => one === "POST /sync").length;
  await an.sync();
  const before = tries();
  clock.pass(1_000);
  await an.sync();
  expect(tries()).toBe(before + 1);
  const waits = clock.tasks.map((one) => one.due - clock.at);
  expect(Math.max(...waits)).toBeGreaterThan(2_000);
});

test("objects stay the same while nothing changed", async () => {
  const an = await phone();
  const [jobs, v2, status] = [an.jobs(), an.job("v2"), an.status()];
  await an.sync();
  expect(an.job("v2")).toBe(v2);
  expect(an.jobs()[0]).toBe(jobs[0]);
  await an.act("field.set", "v1", remark("一"));
  expect(an.job("v2")).toBe(v2);
  expect(an.status()).not.toBe(status);
});

test("an offer that was accepted is a job, one that was refused is gone, before the server knows", async () => {
  const offer = (id: string) => ({ section: "offer" as const, status: "offered", offer: { id, answer_by: "" } });
  server.jobs.set("v1", job("v1", offer("of_1")));
  server.jobs.set("v2", job("v2", offer("of_2")));
  const an = await phone();
  server.network = "cut";
  await an.act("offer.answer", "v1", { offer_id: "of_1", answer: "accept" });
  await an.act("offer.answer", "v2", { offer_id: "of_2", answer: "refuse", reason_code: "far" });
  expect(an.jobs().map((one) => [one.visit_id, one.status, one.moves.map((move) => move.name)])).toEqual([["v1", "accepted", ["depart", "check_in"]]]);
});

test("a signature stands under the sheet it was drawn under, and no other", async () => {
  const an = await phone();
  server.network = "cut";
  await an.act("field.set", "v1", { name: "done", value: "换电容" });
  const { hash, content } = an.job("v1")!;
  await an.act("signature.add", "v1", { signature_id: "s1", upload_id: "u1", purpose: "sheet", sheet_hash: hash, content, strokes: [[[1, 2]]], name: "王" });
  expect(an.job("v1")!.signed).toMatchObject([{ id: "s1", holds: true, name: "王" }]);
  await an.act("fee.put", "v1", { line: "f1", code: "visit", title: "上门费", fen: 3000, payer: "customer" });
  expect(an.job("v1")!.signed).toMatchObject([{ id: "s1", holds: false }]);
  expect(an.job("v1")!.missing.finished!.map((one) => one.code)).toContain("signature");
});
