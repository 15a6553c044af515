/** Talks to /api/engineer: every request with the session, answers as they are, trouble sorted into what can be tried again. */
import type { ErrorOut } from "../api";

const BASE = "/api/engineer";
const PATIENCE_MS = 30_000;

/** The server does not know this session any more, or somebody ended it: sign in again. */
export class SignedOut extends Error {
  constructor(readonly token: string) {
    super("请重新登录");
  }
}

/** No network, or the server cannot now: the same again later. */
export class Away extends Error {}

/** The server does not want it, now or later; the message is its own. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    words: string,
  ) {
    super(words);
  }
}

export type Fetch = typeof fetch;

export class Client {
  constructor(
    private readonly fetching: Fetch,
    private readonly token: () => string,
  ) {}

  /** Null for 304. */
  async get<T>(path: string, version = ""): Promise<T | null> {
    const answer = await this.ask("GET", path, undefined, version ? { "If-None-Match": `"${version}"` } : {});
    return answer.status === 304 ? null : ((await answer.json()) as T);
  }

  async post<T>(path: string, body: object): Promise<T> {
    const answer = await this.ask("POST", path, JSON.stringify(body), { "Content-Type": "application/json" });
    return (await read(answer)) as T;
  }

  async piece<T>(path: string, offset: number, bytes: ArrayBuffer): Promise<T> {
    const headers = { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset) };
    return (await read(await this.ask("PATCH", path, bytes, headers))) as T;
  }

  private async ask(method: string, path: string, body: BodyInit | undefined, headers: Record<string, string>): Promise<Response> {
    const token = this.token();
    if (!token) throw new Away("nobody is signed in");
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
    let answer: Response;
    try {
      const own = { Authorization: `Bearer ${token}`, Accept: "application/json", ...headers };
      answer = await this.fetching(BASE + path, { method, headers: own, signal: patience.signal, cache: "no-store", ...(body === undefined ? {} : { body }) });
    } catch (wrong) {
      throw new Away(String(wrong));
    } finally {
      clearTimeout(timer);
    }
    if (answer.ok || answer.status === 304) return answer;
    if (answer.status === 401) throw new SignedOut(token);
    throw await trouble(answer);
  }
}

async function read(answer: Response): Promise<unknown> {
  const text = await answer.text();
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    throw new Away("answer cut short");
  }
}

async function trouble(answer: Response): Promise<Error> {
  const said = (await answer.json().catch(() => ({}))) as Partial<ErrorOut>;
  if (answer.status === 408 || answer.status === 429 || answer.status >= 500) return new Away(String(answer.status));
  if (!said.error) return new Away(`${answer.status} from something in between`);
  return new Refused(answer.status, said.error, said.message ?? "服务器不接受");
}
