/** A phone for tests: `wx` as far as we use it, with real HTTP to the server named by WEIXIU_TEST_SERVER, and what people press. */
import { join, resolve } from "node:path";
import simulate from "miniprogram-simulate";

export const SERVER = process.env.WEIXIU_TEST_SERVER ?? "";
const BUILT = resolve("miniprogram/built");

/** What the phone was asked to do beside calling the server, in order. */
export const asked: { name: string; given: Record<string, unknown> }[] = [];
const storage = new Map<string, unknown>();
const codes: string[] = [];

/** The next wx.login answers with this code. */
export function willLogIn(code: string): void {
  codes.push(code);
}

interface Request {
  url: string;
  method?: string;
  data?: object;
  header?: Record<string, string>;
  success(answer: { statusCode: number; data: unknown }): void;
  fail(error: unknown): void;
}

function request(wanted: Request): void {
  const body = wanted.data && wanted.method !== "GET" ? JSON.stringify(wanted.data) : undefined;
  fetch(wanted.url, { method: wanted.method ?? "GET", headers: wanted.header ?? {}, body })
    .then(async (answer) => wanted.success({ statusCode: answer.status, data: await answer.json() }))
    .catch(wanted.fail);
}

function noted(name: string) {
  return (given: Record<string, unknown> = {}) => {
    asked.push({ name, given });
    return Promise.resolve({});
  };
}

export function putPhone(appId = "wxba5fad812f8e6fb9"): void {
  storage.clear();
  asked.length = 0;
  storage.set("server", SERVER);
  Object.assign(globalThis, {
    App: () => undefined,
    wx: {
      request,
      login: () => Promise.resolve({ code: codes.shift() ?? "none" }),
      getAccountInfoSync: () => ({ miniProgram: { appId, envVersion: "develop" } }),
      getStorageSync: (key: string) => storage.get(key) ?? "",
      setStorageSync: (key: string, value: unknown) => storage.set(key, value),
      removeStorageSync: (key: string) => storage.delete(key),
      makePhoneCall: noted("makePhoneCall"),
      navigateTo: noted("navigateTo"),
      stopPullDownRefresh: noted("stopPullDownRefresh"),
    },
  });
}

/** A page, drawn and on screen. */
export function open(page: string, properties: Record<string, unknown> = {}) {
  const id = simulate.load(join(BUILT, page), { compiler: "official", rootPath: BUILT });
  const shown = simulate.render(id, properties);
  shown.attach(document.body);
  return shown;
}

/** Waits until ``seen`` holds, as long as a test may last. */
export async function until(seen: () => boolean): Promise<void> {
  while (!seen()) await simulate.sleep(20);
}
