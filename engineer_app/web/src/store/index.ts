/** The phone's store: what is kept in IndexedDB, held in memory for the screens, and the one way to change it. */
import type { BrandOut, ContentOut, OperationBodies, OperationKind, PartOut, SignInOut } from "../api";
import type { Store } from "../store_types";
import { Engine, type Ports } from "../sync/engine";
import { windows, type Windows } from "../sync/sharing";
import { openPhone, openWork, type Phone, type Session, type Work, workName } from "./database";
import { Drafts } from "./drafts";
import { askToStay, standBy } from "./durable";
import { forget, keepFile } from "./files";
import { newId } from "./ids";
import { EMPTY, Memory, readAll } from "./memory";
import { add, countFor } from "./queue";

const SESSION = "session";
/** Keystrokes are gathered for this long before they are sent; they are kept at once. */
const GATHER_MS = 1_500;

export class PhoneStore implements Store {
  private phone: Phone | null = null;
  private work: Work | null = null;
  private session: Session | null = null;
  private memory = new Memory(EMPTY);
  private listeners = new Set<() => void>();
  private pictures = new Map<string, string>();
  private doing = new Map<string, Promise<void>>();
  private durable = false;
  private closed = false;
  private looking: Promise<void> = Promise.resolve();
  private looks = 0;
  private shown = 0;
  private next: Promise<void> | null = null;
  private closing: () => void = () => undefined;
  private readonly engine: Engine;
  private readonly windows: Windows;
  private readonly drafts: Drafts;

  constructor(private readonly ports: Ports) {
    const tab = newId(ports.now());
    this.windows = windows(tab, () => void this.heard(), ports.now);
    this.drafts = new Drafts(ports.later);
    this.engine = new Engine(
      ports,
      {
        work: () => this.work,
        token: () => this.token(),
        signedOut: (token) => this.ended(token),
        changed: () => this.changed(),
      },
      this.windows,
    );
  }

  async open(): Promise<void> {
    this.phone = await openPhone();
    await this.heard();
    this.watch();
    void this.sync();
  }

  jobs() {
    return this.memory.jobs(this.ports.now());
  }

  job(visitId: string) {
    return this.jobs().find((job) => job.visit_id === visitId);
  }

  content(): ContentOut | null {
    return this.memory.kept.content;
  }

  brand(brandId: string): BrandOut | undefined {
    return this.memory.kept.snapshot?.brands.find((one) => one.id === brandId);
  }

  bill(modelId: string | null): PartOut[] {
    return this.memory.bill(modelId);
  }

  /** The same asked again while it is being kept is one touch of a trembling finger. */
  act<K extends OperationKind>(kind: K, visitId: string, body: OperationBodies[K]): Promise<void> {
    const what = JSON.stringify([kind, visitId, body]);
    const doing = this.doing.get(what) ?? this.keepOperation(kind, visitId, body).finally(() => this.doing.delete(what));
    this.doing.set(what, doing);
    return doing;
  }

  private async keepOperation<K extends OperationKind>(kind: K, visitId: string, body: OperationBodies[K]): Promise<void> {
    const work = this.mustWork();
    const base_version = this.memory.versionOf(visitId);
    await add(work, { visit_id: visitId, base_version, kind, body: body as Record<string, unknown> }, this.ports.now());
    await this.changed();
    this.sendSoon(kind === "field.set" ? GATHER_MS : 0);
  }

  async upload(file: Blob, visitId: string, kind: "photo" | "signature"): Promise<string> {
    const id = newId(this.ports.now());
    await keepFile(this.mustWork(), id, file, visitId, kind, this.ports.now());
    await this.changed();
    this.sendSoon(GATHER_MS);
    return id;
  }

  async picture(uploadId: string): Promise<string | null> {
    const [known, file] = [this.pictures.get(uploadId), this.memory.kept.files.find((one) => one.id === uploadId)];
    if (known) return known;
    const bytes = file && this.work ? await this.work.get("bytes", uploadId) : undefined;
    if (!bytes) return null;
    const url = URL.createObjectURL(new Blob([bytes], { type: file!.type }));
    this.pictures.set(uploadId, url);
    return url;
  }

  status() {
    const { online, running } = this.engine;
    return this.memory.status({
      online: online && globalThis.navigator?.onLine !== false,
      syncing: running,
      signedOut: !this.session?.token,
      durable: this.durable,
    });
  }

  subscribe(fn: () => void): () => void {
    this.listeners.add(fn);
    return () => this.listeners.delete(fn);
  }

  sync(): Promise<void> {
    return this.engine.now();
  }

  async dismiss(conflictId: string): Promise<void> {
    const doing = this.mustWork().transaction(["conflicts", "meta"], "readwrite");
    const seen = ((await doing.objectStore("meta").get("seen")) as string[] | undefined) ?? [];
    await doing.objectStore("conflicts").delete(conflictId);
    await doing.objectStore("meta").put([...new Set([...seen, conflictId])], "seen");
    await doing.done;
    await this.changed();
    this.sendSoon(0);
  }

  async signedIn(answer: SignInOut): Promise<void> {
    const { id, code, name, grade } = answer.me;
    if (this.session && this.session.engineer.id !== id) await this.leave(false);
    const work = await openWork(id);
    await countFor(work, answer.device_id);
    work.close();
    const session: Session = { engineer: { id, code, name, grade }, token: answer.token, device_id: answer.device_id };
    await this.phone?.put("meta", session, SESSION);
    void askToStay();
    await this.changed(true);
    void this.sync();
  }

  engineer() {
    return this.session?.engineer ?? null;
  }

  token(): string {
    return this.session?.token ?? "";
  }

  async signOut(evenUnsent: boolean): Promise<void> {
    await this.leave(evenUnsent);
    await this.changed(true);
  }

  draft(key: string): string {
    return this.drafts.read(key);
  }

  keepDraft(key: string, text: string): void {
    this.drafts.write(key, text);
  }

  /** This window is closed: nothing more happens in it. */
  async close(): Promise<void> {
    this.closed = true;
    this.closing();
    await this.engine.rest();
    await this.looking;
    await this.drafts.flush();
    this.work?.close();
    this.phone?.close();
    this.windows.close();
  }

  private mustWork(): Work {
    if (!this.work) throw new Error("请先登录");
    return this.work;
  }

  private sendSoon(ms: number): void {
    this.closing();
    this.closing = this.ports.later(ms, () => void this.sync());
  }

  /** The server ended the session: what was not sent waits for this engineer to sign in again. */
  private async ended(token: string): Promise<void> {
    const now = await this.phone?.get("meta", SESSION);
    if (now && now.token === token) await this.phone?.put("meta", { ...now, token: "" }, SESSION);
    await this.changed(true);
  }

  private async leave(evenUnsent: boolean): Promise<void> {
    const work = this.work;
    this.work = null;
    this.engine.rest();
    await this.phone?.delete("meta", SESSION);
    if (!work) return;
    const unsent = await work.count("operations");
    const files = (await work.getAll("files")).filter((one) => one.state === "waiting" || one.state === "receiving");
    if (evenUnsent || (unsent === 0 && files.length === 0)) {
      work.close();
      await new Promise<void>((done) => {
        const gone = indexedDB.deleteDatabase(workName(this.session!.engineer.id));
        gone.onsuccess = gone.onerror = gone.onblocked = () => done();
      });
    } else {
      await forget(work, (one) => one.state === "kept" || one.state === "refused");
      for (const key of ["snapshot", "content", "gone", "seen"]) await work.delete("meta", key);
      await Promise.all([work.clear("drafts"), work.clear("conflicts")]);
      work.close();
    }
    this.session = null;
  }

  /** This window changed what is kept. */
  private async changed(session = false): Promise<void> {
    this.windows.tell();
    await (session ? this.heard() : this.closed || this.reread());
  }

  /** Somebody changed it, perhaps also who is signed in. One look at a time; those asked for meanwhile are one. */
  private heard(): Promise<void> {
    const go = (): Promise<void> => {
      this.next = null;
      return this.closed || !this.phone ? Promise.resolve() : this.look();
    };
    this.next ??= this.looking = this.looking.then(go, go);
    return this.next;
  }

  private async look(): Promise<void> {
    const before = this.session;
    this.session = (await this.phone?.get("meta", SESSION)) ?? null;
    if (before?.engineer.id !== this.session?.engineer.id || !this.work) {
      this.work?.close();
      this.work = this.session ? await openWork(this.session.engineer.id) : null;
      for (const url of this.pictures.values()) URL.revokeObjectURL(url);
      this.pictures.clear();
      await this.drafts.use(this.work);
    }
    await this.reread();
  }

  /** Several may read at a time; one that began earlier and is ready later shows nothing that is over. */
  private async reread(): Promise<void> {
    const [work, look] = [this.work, ++this.looks];
    const kept = work ? await readAll(work) : EMPTY;
    if (work !== this.work || look < this.shown) return;
    this.shown = look;
    this.memory.take(kept);
    for (const listener of this.listeners) listener();
  }

  private watch(): void {
    void standBy(() => this.drafts.flush()).then((durable) => {
      this.durable = durable;
      for (const listener of this.listeners) listener();
    });
    globalThis.addEventListener?.("online", () => void this.sync());
    globalThis.addEventListener?.("offline", () => void this.reread());
    globalThis.addEventListener?.("pagehide", () => void this.drafts.flush());
    globalThis.document?.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") void this.drafts.flush();
      else void this.heard().then(() => this.sync());
    });
  }
}

function later(ms: number, doing: () => void): () => void {
  const timer = setTimeout(doing, ms);
  return () => clearTimeout(timer);
}

export const store = new PhoneStore({ fetch: (...asked) => fetch(...asked), now: Date.now, later });
