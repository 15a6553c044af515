/** Calls of the API: signed in by themselves, once anew when the session is over, and every failure is words a person can read. */
import { server } from "./settings";

const TOKEN = "token";
const PATIENCE_MS = 15_000;

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** What the server refused, or the network: `message` is for people, `code` for programs. */
export class Failed extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly fields: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

let signingIn: Promise<string> | null = null;

/** One call; ``T`` is what it answers with. Signs in first where nobody is. */
export async function call<T>(method: Method, path: string, body?: object): Promise<T> {
  const token = (wx.getStorageSync(TOKEN) as string) || (await signIn());
  try {
    return await send<T>(method, path, token, body);
  } catch (error) {
    if (!(error instanceof Failed) || error.code !== "unauthorized") throw error;
    return send<T>(method, path, await signIn(), body);
  }
}

/** Sends a picture with fields beside it. */
export async function upload<T>(path: string, file: string, fields: Record<string, string> = {}): Promise<T> {
  const token = (wx.getStorageSync(TOKEN) as string) || (await signIn());
  return new Promise((done, fail) => {
    wx.uploadFile({
      url: `${server()}/api/consumer${path}`,
      filePath: file,
      name: "picture",
      formData: fields,
      timeout: 4 * PATIENCE_MS,
      header: { Authorization: `Bearer ${token}` },
      success: ({ statusCode, data }) => {
        if (statusCode < 300) done(JSON.parse(data) as T);
        else fail(refusal(parsed(data)));
      },
      fail: () => fail(new Failed("offline", "照片没有传上去，请检查网络后再试")),
    });
  });
}

/** Fetches a picture into a file of the phone, whose name an `<image>` takes. */
export async function download(path: string): Promise<string> {
  const token = (wx.getStorageSync(TOKEN) as string) || (await signIn());
  return new Promise((done, fail) => {
    wx.downloadFile({
      url: `${server()}/api/consumer${path}`,
      timeout: PATIENCE_MS,
      header: { Authorization: `Bearer ${token}` },
      success: ({ statusCode, tempFilePath }) => {
        if (statusCode < 300) done(tempFilePath);
        else fail(new Failed("unavailable", "照片暂时打不开"));
      },
      fail: () => fail(new Failed("offline", "照片没有下载下来，请检查网络后再试")),
    });
  });
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** Forgets who was signed in. */
export function signOut(): void {
  wx.removeStorageSync(TOKEN);
}

/** Several pages that open at once sign in once. */
function signIn(): Promise<string> {
  signingIn ??= logIn().finally(() => {
    signingIn = null;
  });
  return signingIn;
}

async function logIn(): Promise<string> {
  const { code } = await wx.login();
  const account = wx.getAccountInfoSync().miniProgram.appId;
  const { token } = await send<{ token: string }>("POST", "/login", "", { code, account });
  wx.setStorageSync(TOKEN, token);
  return token;
}

function send<T>(method: Method, path: string, token: string, body?: object): Promise<T> {
  return new Promise((done, fail) => {
    wx.request({
      url: `${server()}/api/consumer${path}`,
      method,
      data: body,
      timeout: PATIENCE_MS,
      header: { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      success: ({ statusCode, data }) => {
        if (statusCode < 300) done(data as T);
        else fail(refusal(data));
      },
      fail: () => fail(new Failed("offline", "网络不通，请稍后再试")),
    });
  });
}

function refusal(data: unknown): Failed {
  const said = (data ?? {}) as { error?: string; message?: string; fields?: Record<string, unknown> };
  return new Failed(said.error ?? "unavailable", said.message ?? "系统暂时不可用，请稍后再试", said.fields);
}
