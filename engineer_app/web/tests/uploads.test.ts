/** Photos reach the server in pieces, go on where they stopped, and are told about when they are refused or there is no room. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PhoneStore } from "../src/store";
import { leased } from "../src/sync/sharing";
import { openWork, roomFor, StorageFull } from "../src/store/database";
import { Clock, signedIn, wiped } from "./phone";
import { job, Server } from "./server";

let server: Server;
let an: PhoneStore;
let clock: Clock;

beforeEach(async () => {
  wiped();
  server = new Server();
  server.jobs.set("v1", job("v1"));
  server.owner.set("v1", "an");
  clock = new Clock();
  an = await signedIn(server, "an", clock);
});

afterEach(() => an.close());

const photo = (size: number, seed = 1) => new Blob([Uint8Array.from({ length: size }, (_, at) => (at * seed) % 251)], { type: "image/jpeg" });
const patches = () => server.requests.filter((one) => one.startsWith("PATCH")).length;

test("pieces of a quarter of a megabyte, the whole as it was", async () => {
  const id = await an.upload(photo(600_000), "v1", "photo");
  await an.sync();
  expect([patches(), server.uploads.get(id)!.state, an.status().unsentPhotos]).toEqual([3, "kept", 0]);
});

test("what the network stopped goes on at that piece", async () => {
  const id = await an.upload(photo(1_000_000), "v1", "photo");
  server.pieces = 2;
  await an.sync();
  expect([server.uploads.get(id)!.bytes.length, an.status().unsentPhotos]).toEqual([2 * 256 * 1024, 1]);
  server.pieces = Infinity;
  const before = patches();
  await an.sync();
  expect([patches() - before, server.uploads.get(id)!.state]).toEqual([2, "kept"]);
});

test("an answer to a piece that was lost is no second piece", async () => {
  const id = await an.upload(photo(600_000), "v1", "photo");
  const whole = server.fetch;
  vi.spyOn(server, "fetch").mockImplementation(async (...asked) => {
    const answer = await whole(...asked);
    if (asked[1]?.method === "PATCH" && patches() === 1) throw new TypeError("answer lost");
    return answer;
  });
  await an.sync();
  expect(server.uploads.get(id)!.bytes.length).toBe(256 * 1024);
  await an.sync();
  expect([patches(), server.uploads.get(id)!.state]).toEqual([3, "kept"]);
});

test("two at a time, signatures first", async () => {
  for (let n = 0; n < 5; n++) await an.upload(photo(50_000, n + 2), "v1", "photo");
  const signature = await an.upload(photo(5_000), "v1", "signature");
  server.mostAtOnce = 0;
  await an.sync();
  expect(server.mostAtOnce).toBe(2);
  expect([...server.uploads.keys()].indexOf(signature)).toBeLessThan(2);
  expect([...server.uploads.values()].every((one) => one.state === "kept")).toBe(true);
});

test("the operation that names a photo may go before the photo is there", async () => {
  server.pieces = 0;
  const id = await an.upload(photo(10_000), "v1", "photo");
  await an.act("photo.add", "v1", { upload_id: id, purpose: "before" });
  await an.sync();
  expect([an.status().unsent, an.status().unsentPhotos]).toEqual([0, 1]);
  expect(server.jobs.get("v1")!.sheet!.registers[0]!.key).toBe(`photo.${id}`);
});

test("pictures and half typed words of a job that is over go, after two days; unsent ones stay", async () => {
  await an.upload(photo(1_000), "v1", "photo");
  await an.sync();
  server.pieces = 0;
  await an.upload(photo(2_000), "v1", "photo");
  const work = await openWork("an");
  for (const key of ["vi_9.remark", "signin.phone"]) await work.put("drafts", "写了", key);
  server.jobs.clear();
  await an.sync();
  expect(await work.count("files")).toBe(2);
  clock.at += 3 * 24 * 3600_000;
  await an.sync();
  expect((await work.getAll("files")).map((one) => one.size)).toEqual([2_000]);
  expect([await work.count("bytes"), await work.getAllKeys("drafts")]).toEqual([1, ["signin.phone"]]);
  work.close();
});

test("a full phone is told in words", async () => {
  const full = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
  await expect(roomFor(full)).rejects.toThrow(StorageFull);
  await expect(roomFor(full)).rejects.toThrow("手机存储空间不足");
  await expect(roomFor(() => Promise.reject(new Error("other")))).rejects.toThrow("other");
});

test("without locks one window sends, and a killed one does not hold the others up for long", async () => {
  const work = await openWork("an");
  let now = 0;
  const sent: string[] = [];
  let finish = (): void => undefined;
  let began = (): void => undefined;
  const underWay = new Promise<void>((yes) => (began = yes));
  const doing = (): Promise<void> => {
    sent.push("one");
    began();
    return new Promise((done) => (finish = done));
  };
  const first = leased(work, "one", () => now, doing);
  await underWay;
  await leased(work, "two", () => now, async () => void sent.push("two"));
  expect(sent).toEqual(["one"]);
  now = 60_000;
  await leased(work, "two", () => now, async () => void sent.push("two"));
  expect(sent).toEqual(["one", "two"]);
  finish();
  await first;
  work.close();
});
