/** A phone for tests: `wx` as far as we use it, with real HTTP to the server named by WEIXIU_TEST_SERVER, and what people press. */
import { join, resolve } from "node:path";
import simulate from "miniprogram-simulate";
import { onTestFailed } from "vitest";

export const SERVER = process.env.WEIXIU_TEST_SERVER ?? "";
const BUILT = resolve("miniprogram/built");

/** What the phone was asked to do beside calling the server, in order. */
export const asked: { name: string; given: Record<string, unknown> }[] = [];
const storage = new Map<string, unknown>();
const codes: string[] = [];

/** What the next call of a `wx` function that asks the person answers with; without one the person closes it. */
const answers = new Map<string, unknown[]>();

export function willAnswer(name: string, ...given: unknown[]): void {
  answers.set(name, [...(answers.get(name) ?? []), ...given]);
}

function person(name: string) {
  return (given: Record<string, unknown> = {}) => {
    asked.push({ name, given });
    const waiting = answers.get(name) ?? [];
    return waiting.length ? Promise.resolve(waiting.shift()) : Promise.reject(new Error(`${name}:fail cancel`));
  };
}

/** The next wx.login answers with this code. */
export function willLogIn(code: string): void {
  codes.push(code);
}

let number = 0;

/** A login code that works once. */
export function freshCode(): string {
  number += 1;
  return `code-${process.env.WEIXIU_TEST_FIRST_CODE ?? ""}${number}`;
}

/** Pulls a handle of the server: what staff or the platform would do. */
export async function pull(handle: string, body: object = {}): Promise<Record<string, string>> {
  const answer = await fetch(`${SERVER}/test/${handle}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Record<string, string>;
}

/** The cashier: the person pays, and the phone says so. */
async function requestPayment(given: Record<string, unknown>): Promise<unknown> {
  asked.push({ name: "requestPayment", given });
  if (!(await pull("pay", given)).paid) throw new Error("requestPayment:fail");
  return { errMsg: "requestPayment:ok" };
}

/** A picture of 2 × 2, whatever file is named. */
const PICTURE =
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==";

interface Sent {
  url: string;
  header: Record<string, string>;
  formData?: Record<string, string>;
  success(answer: { statusCode: number; data: string }): void;
  fail(error: unknown): void;
}

/** By hand: jsdom's FormData is none for Node's fetch. */
function uploadFile(wanted: Sent): void {
  const edge = "----weixiu";
  const part = (head: string) => Buffer.from(`--${edge}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`);
  const fields = Object.entries(wanted.formData ?? {}).map(([key, value]) => Buffer.concat([part(`name="${key}"`), Buffer.from(`${value}\r\n`)]));
  const picture = Buffer.concat([part('name="picture"; filename="1.png"\r\nContent-Type: image/png'), Buffer.from(PICTURE, "base64")]);
  const body = new Uint8Array(Buffer.concat([...fields, picture, Buffer.from(`\r\n--${edge}--\r\n`)]));
  fetch(wanted.url, { method: "POST", headers: { ...wanted.header, "Content-Type": `multipart/form-data; boundary=${edge}` }, body })
    .then(async (answer) => wanted.success({ statusCode: answer.status, data: await answer.text() }))
    .catch(wanted.fail);
}

interface Request {
  url: string;
  method?: string;
  data?: object;
  header?: Record<string, string>;
  success(answer: { statusCode: number; data: unknown }): void;
  fail(error: unknown): void;
}

/** Photos that were fetched, by the names they have on the phone. */
export const fetched = new Map<string, number>();

/** Kept in a file of the phone: what was fetched is looked at by its size alone. */
function downloadFile(wanted: { url: string; header: Record<string, string>; success(answer: { statusCode: number; tempFilePath: string }): void; fail(error: unknown): void }): void {
  fetch(wanted.url, { headers: wanted.header })
    .then(async (answer) => {
      const name = `wxfile://tmp_${fetched.size + 1}`;
      fetched.set(name, (await answer.arrayBuffer()).byteLength);
      wanted.success({ statusCode: answer.status, tempFilePath: name });
    })
    .catch(wanted.fail);
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
  answers.clear();
  codes.length = 0;
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
      redirectTo: noted("redirectTo"),
      reLaunch: noted("reLaunch"),
      showToast: noted("showToast"),
      setClipboardData: noted("setClipboardData"),
      stopPullDownRefresh: noted("stopPullDownRefresh"),
      showModal: person("showModal"),
      showActionSheet: person("showActionSheet"),
      scanCode: person("scanCode"),
      chooseMedia: person("chooseMedia"),
      chooseLocation: person("chooseLocation"),
      requestSubscribeMessage: person("requestSubscribeMessage"),
      requestPayment,
      uploadFile,
      downloadFile,
      openLocation: noted("openLocation"),
    },
  });
}

/** A page, drawn and on screen. */
export function open(page: string, properties: Record<string, unknown> = {}) {
  const id = simulate.load(join(BUILT, page), { compiler: "official", rootPath: BUILT });
  const shown = simulate.render(id, properties);
  shown.attach(document.body);
  onTestFailed(() => console.log(`${page} showed: ${shown.dom.textContent}`));
  return shown;
}

/** Waits until ``seen`` holds, as long as a test may last. */
export async function until(seen: () => boolean): Promise<void> {
  while (!seen()) await simulate.sleep(20);
}

export type Shown = ReturnType<typeof open>;

export function tap(page: Shown, selector: string): void {
  const found = page.querySelector(selector);
  if (!found) throw new Error(`nothing to tap: ${selector}\n${page.dom.textContent}`);
  found.dispatchEvent("tap");
}

/** Waits until the page shows these words. */
export async function shows(page: Shown, words: string): Promise<void> {
  await until(() => String(page.dom.textContent).includes(words));
}

/** The `at`-th of what a selector finds, tapped. */
export function tapAt(page: Shown, selector: string, at: number): void {
  page.querySelectorAll(selector)[at]?.dispatchEvent("tap");
}

export function type(page: Shown, selector: string, value: string): void {
  page.querySelector(selector)?.dispatchEvent("input", { detail: { value } });
}

/** What was asked of `wx` under this name, the latest first. */
export function lately(name: string): Record<string, unknown> | undefined {
  return [...asked].reverse().find((one) => one.name === name)?.given;
}
