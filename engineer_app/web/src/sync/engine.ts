/** Sends what was done here and fetches what is new: at once when it can, again and again until it could. */
import type { ContentOut, JobsOut, SyncIn, SyncOut } from "../api";
import { keep, read, type Work } from "../store/database";
import { forgetOld } from "../store/files";
import { giveUp, nextBatch, settle, takeSnapshot } from "../store/queue";
import { Away, Client, type Fetch, Refused, SignedOut } from "./client";
import type { Windows } from "./sharing";
import { learn, sendFiles } from "./uploads";

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
/** Offsets that differ by less are the network's doing: the first one stays, as at the server. */
const STEADY_MS = 2_000;

export interface Ports {
  fetch: Fetch;
  now: () => number;
  /** Does something later; returns how to prevent it. */
  later: (ms: number, doing: () => void) => () => void;
}

export interface Owner {
  /** Null while nobody is signed in. */
  work(): Work | null;
  token(): string;
  /** The session is over; the work stays. */
  signedOut(token: string): Promise<void>;
  /** What is kept changed: read it again. */
  changed(): Promise<void>;
}

export class Engine {
  running = false;
  online = true;
  private again = false;
  private resting = false;
  private failures = 0;
  private stop: () => void = () => undefined;
  private current: Promise<void> = Promise.resolve();

  constructor(
    private readonly ports: Ports,
    private readonly owner: Owner,
    private readonly windows: Windows,
  ) {}

  /** Sends and fetches now; resolves when that is over, well or not. A call meanwhile makes another round. */
  now(): Promise<void> {
    if (this.running) {
      this.again = true;
      return this.current;
    }
    this.stop();
    [this.running, this.resting] = [true, false];
    this.current = this.rounds().finally(() => {
      this.running = false;
      if (!this.resting) this.stop = this.ports.later(this.failures ? this.wait() : LONGEST_WAIT_MS, () => void this.now());
      return this.owner.changed();
    });
    return this.current;
  }

  /** No further attempts by itself; resolves when the present one is over. */
  rest(): Promise<void> {
    this.stop();
    this.resting = true;
    return this.current;
  }

  private wait(): number {
    return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.failures - 1, 10));
  }

  private async rounds(): Promise<void> {
    do {
      this.again = false;
      const work = this.owner.work();
      if (!work || !this.owner.token()) return;
      try {
        await this.windows.alone(work, () => this.round(work));
        [this.failures, this.online] = [0, true];
      } catch (wrong) {
        if (await this.isExpected(wrong)) continue;
        throw wrong;
      }
    } while (this.again && !this.failures);
  }

  private async isExpected(wrong: unknown): Promise<boolean> {
    if (wrong instanceof SignedOut) {
      await this.owner.signedOut(wrong.token);
      return true;
    }
    this.failures += 1;
    this.online = !(wrong instanceof Away);
    /** A database that was closed under us belonged to somebody who signed out. */
    return wrong instanceof Away || wrong instanceof Refused || (wrong instanceof DOMException && wrong.name === "InvalidStateError");
  }

  private async round(work: Work): Promise<void> {
    const token = this.owner.token();
    const client = new Client(this.ports.fetch, () => (this.owner.work() === work ? token : ""));
    await this.push(work, client);
    await this.tellSeen(work, client);
    await this.pull(work, client);
    await sendFiles(work, client, () => this.owner.changed());
  }

  private async push(work: Work, client: Client): Promise<void> {
    let [most, before] = [Infinity, ""];
    for (let batch = await nextBatch(work, most); batch.length; batch = await nextBatch(work, most)) {
      const now = batch.map((one) => one.id).join();
      if (now === before) return;
      before = now;
      try {
        const operations = batch.map(({ sent: _, ...one }) => one);
        const asked = this.ports.now();
        const given: SyncIn = { device_now: new Date(asked).toISOString(), operations };
        const said = await client.post<SyncOut>("/sync", given);
        await this.noteTime(work, said.now, asked);
        await settle(work, batch, said, this.ports.now());
        await this.owner.changed();
      } catch (wrong) {
        if (!(wrong instanceof Refused)) throw wrong;
        if (batch.length === 1) await giveUp(work, batch[0]!, wrong.message, this.ports.now());
        else most = Math.ceil(batch.length / 2);
      }
    }
  }

  private async tellSeen(work: Work, client: Client): Promise<void> {
    for (const id of (await read(work, "seen")) ?? []) {
      try {
        await client.post(`/conflicts/${id}/seen`, {});
      } catch (wrong) {
        if (!(wrong instanceof Refused)) throw wrong;
      }
      const writing = work.transaction("meta", "readwrite");
      const left = ((await writing.store.get("seen")) as string[]).filter((one) => one !== id);
      await Promise.all([writing.store.put(left, "seen"), writing.done]);
    }
  }

  private async pull(work: Work, client: Client): Promise<void> {
    const asked = this.ports.now();
    const before = await read(work, "snapshot");
    const jobs = await client.get<JobsOut>("/jobs", before?.version);
    if (jobs) {
      const known = (await read(work, "content"))?.version;
      if (known !== jobs.content_version) {
        const content = await client.get<ContentOut>(`/content/${jobs.content_version}`);
        if (content) await keep(work, "content", content);
      }
      await this.noteTime(work, jobs.now, asked);
      await takeSnapshot(work, jobs, this.ports.now());
      await learn(work, jobs.uploads);
      await forgetOld(work, jobs.jobs.map((job) => job.visit_id), this.ports.now());
    }
    await keep(work, "lastSync", new Date(this.ports.now() + ((await read(work, "offset")) ?? 0)).toISOString());
    await this.owner.changed();
  }

  /** How far the server's clock is from ours: measured against the middle of the request. */
  private async noteTime(work: Work, theirs: string, asked: number): Promise<void> {
    const measured = Math.round(Date.parse(theirs) - (asked + this.ports.now()) / 2);
    const before = await read(work, "offset");
    if (before === undefined || Math.abs(measured - before) >= STEADY_MS) await keep(work, "offset", measured);
  }
}
