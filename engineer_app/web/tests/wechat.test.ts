/** WeChat's scanner: where it may be, the address that is signed, and every way it can fail to come. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Sdk } from "../src/wechat";

const ANDROID = "Mozilla/5.0 (Linux; Android 14) Chrome/116 Mobile Safari/537.36 MicroMessenger/8.0.49";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4) AppleWebKit/605.1.15 MicroMessenger/8.0.49";
const SIGNED = { app_id: "wx1", timestamp: 7, nonce: "n", signature: "s" };

let asked: string[] = [];
let place: { href: string };

/** WeChat as it says yes to everything; `changed` is what it does otherwise. */
function weChat(told: string, changed: Partial<Sdk> = {}) {
  const configs: unknown[] = [];
  const sdk: Sdk = {
    config: (how) => void configs.push(how),
    ready: (then) => queueMicrotask(then),
    error: () => undefined,
    scanQRCode: (how) => how.success({ resultStr: told }),
    ...changed,
  };
  return { configs, from: async () => sdk };
}

async function app() {
  vi.resetModules();
  return import("../src/wechat");
}

beforeEach(() => {
  asked = [];
  place = { href: "https://s.example/e/jobs/v1#wechat=secret" };
  vi.stubGlobal("location", place);
  vi.stubGlobal("navigator", { userAgent: ANDROID });
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(new URL(path, "https://s.example").searchParams.get("url")!);
    return Response.json(SIGNED);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a phone's WeChat has a scanner, its desktop, WeCom and other browsers have none", async () => {
  const { mayScan } = await app();
  expect([ANDROID, IPHONE].map((one) => mayScan(one))).toEqual([true, true]);
  const others = ["Chrome/120", `${ANDROID} wxwork/4.1`, "MicroMessenger/7 WindowsWechat", "MicroMessenger/6.8 MacWechat"];
  expect(others.map((one) => mayScan(one))).toEqual([false, false, false, false]);
});

test("the page is signed without its fragment, which may hold a ticket", async () => {
  const { scanByWeChat } = await app();
  const { configs, from } = weChat("CODE_128,210X-88A");
  expect(await scanByWeChat(from)).toBe("210X-88A");
  expect(asked).toEqual(["https://s.example/e/jobs/v1"]);
  expect(configs).toMatchObject([{ appId: "wx1", timestamp: 7, nonceStr: "n", signature: "s", jsApiList: ["scanQRCode"] }]);
});

test("one page is signed once, another anew; an iPhone stays with the one it came in by", async () => {
  const { scanByWeChat, pageAddress } = await app();
  const { from } = weChat("A1");
  await scanByWeChat(from);
  await scanByWeChat(from);
  place.href = "https://s.example/e/jobs/v2";
  await scanByWeChat(from);
  expect(asked).toEqual(["https://s.example/e/jobs/v1", "https://s.example/e/jobs/v2"]);
  expect(pageAddress(IPHONE)).toBe("https://s.example/e/jobs/v1");
});

test.each([
  ["CODE_128,AB-12", "AB-12"], ["EAN_13,6901234567892", "6901234567892"], ["AB12,34", "AB12,34"], [" X9 ", "X9"],
  ["https://s.example/p?c=1,2", "https://s.example/p?c=1,2"],
])("what WeChat reads, %s, is %s", async (told, code) => {
  expect((await app()).codeIn(told)).toBe(code);
});

test("whoever closes the scanner has found nothing, and may scan again", async () => {
  const { scanByWeChat, mayScan } = await app();
  expect(await scanByWeChat(weChat("", { scanQRCode: (how) => how.cancel() }).from)).toBe("");
  expect(mayScan()).toBe(true);
});

test.each([
  ["config", { error: (then: (no: unknown) => void) => then("invalid signature"), ready: () => undefined }],
  ["scan", { scanQRCode: (how: { fail(no: unknown): void }) => how.fail("permission denied") }],
])("a %s that WeChat refuses is not asked for again: the camera is next", async (_, changed) => {
  const { scanByWeChat, mayScan, NoScanner } = await app();
  await expect(scanByWeChat(weChat("", changed as Partial<Sdk>).from)).rejects.toBeInstanceOf(NoScanner);
  expect(mayScan()).toBe(false);
});

test("a WeChat that says nothing is waited for five seconds", async () => {
  const { scanByWeChat, mayScan, NoScanner } = await app();
  vi.useFakeTimers();
  const scan = expect(scanByWeChat(weChat("", { ready: () => undefined }).from)).rejects.toBeInstanceOf(NoScanner);
  await vi.advanceTimersByTimeAsync(5_000);
  await scan;
  expect(mayScan()).toBe(false);
});

test("without network it fails at once, and works when the network is back", async () => {
  const { scanByWeChat, mayScan } = await app();
  const { from } = weChat("A1");
  const online = fetch;
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
  await expect(scanByWeChat(from)).rejects.toMatchObject({ code: "offline" });
  expect(mayScan()).toBe(true);
  vi.stubGlobal("fetch", online);
  expect(await scanByWeChat(from)).toBe("A1");
});
