/** The operations that wait for the server: numbered without gaps, each change one transaction, so that several windows of
 *  one phone share one queue and a page killed in the middle leaves it whole. */
import type { AnswerOut, JobOut, JobsOut, SyncOut } from "../api";
import { registerOf } from "../rules/registers";
import type { Conflict, Value } from "../store_types";
import { type Gone, type Meta, type Operation, roomFor, type Work } from "./database";
import { newId } from "./ids";

/** Fills the place of an operation the server never takes: it is refused there, and those behind it go on. */
export const FILLER = "gap.fill";
/** As much as one batch may hold: the server takes a hundred, and about 200 KB. */
export const MOST = 100;
const MOST_BYTES = 180_000;

export type New = Pick<Operation, "visit_id" | "base_version" | "kind" | "body">;

/** Numbers the operation and keeps it. Ids grow with the numbers, whatever the clock does: they decide between two writings of
 *  one moment. Text typed on is written over while it has not been on its way. */
export function add(work: Work, one: New, now: number): Promise<Operation> {
  return roomFor(async () => {
    const doing = work.transaction(["operations", "meta"], "readwrite");
    const [operations, meta] = [doing.objectStore("operations"), doing.objectStore("meta")];
    const last = (await operations.index("seq").openCursor(null, "prev"))?.value;
    const at = new Date(now).toISOString();
    if (last && last.sent === 0 && retyped(last, one)) {
      const again = { ...last, body: one.body, at };
      await Promise.all([operations.put(again), doing.done]);
      return again;
    }
    const counter = (await meta.get("counter")) as Meta["counter"];
    const latest = Math.max(now, counter.latest + 1);
    const made = { ...one, id: newId(latest), seq: counter.seq + 1, at, sent: 0 };
    await Promise.all([operations.put(made), meta.put({ ...counter, seq: made.seq, latest }, "counter"), doing.done]);
    return made;
  });
}

function retyped(last: Operation, one: New): boolean {
  const same = last.kind === one.kind && last.visit_id === one.visit_id && one.kind === "field.set";
  return same && registerOf(last.kind, last.body) === registerOf(one.kind, one.body);
}

/** The next batch, marked as being on its way before it is. */
export async function nextBatch(work: Work, most: number): Promise<Operation[]> {
  const doing = work.transaction("operations", "readwrite");
  const batch: Operation[] = [];
  let bytes = 0;
  for (const one of await doing.store.index("seq").getAll(null, Math.min(most, MOST))) {
    bytes += JSON.stringify(one.body).length * 3;
    if (batch.length && bytes > MOST_BYTES) break;
    batch.push({ ...one, sent: one.sent + 1 });
  }
  await Promise.all([...batch.map((one) => doing.store.put(one)), doing.done]);
  return batch;
}

/** What the server said, in one transaction: operations go, jobs come, what the engineer must read stays. */
export async function settle(work: Work, batch: readonly Operation[], said: SyncOut, now: number): Promise<void> {
  const doing = work.transaction(["operations", "meta", "conflicts"], "readwrite");
  const [operations, conflicts] = [doing.objectStore("operations"), doing.objectStore("conflicts")];
  const byId = new Map(batch.map((one) => [one.id, one]));
  for (const answer of said.answers) {
    const one = byId.get(answer.id);
    if (!one || answer.outcome === "held") continue;
    await operations.delete(one.id);
    const told = toTell(one, answer);
    if (told) await conflicts.put(told);
  }
  const meta = doing.objectStore("meta");
  const [snapshot, gone] = [(await meta.get("snapshot")) as JobsOut | undefined, ((await meta.get("gone")) as Gone[]) ?? []];
  if (snapshot) {
    const left = withJobs(snapshot.jobs, said.jobs).filter((job) => !said.gone.includes(job.visit_id));
    const lost = snapshot.jobs.filter((job) => said.gone.includes(job.visit_id) && was(job));
    await meta.put({ ...snapshot, jobs: left, version: "" }, "snapshot");
    await meta.put(goneNow(gone, lost, left, said.answers, batch, now), "gone");
  }
  if (said.answers.some((answer) => answer.outcome === "held")) {
    const first = (await operations.index("seq").openCursor())?.value;
    for (let seq = said.last_seq + 1; first && seq < first.seq; seq++) await operations.put(filler(seq, now));
  }
  await doing.done;
}

function filler(seq: number, now: number): Operation {
  return { id: newId(now), seq, visit_id: null, base_version: 0, at: new Date(now).toISOString(), kind: FILLER, body: {}, sent: 0 };
}

function toTell(one: Operation, answer: AnswerOut): Conflict | null {
  if (answer.outcome === "applied" || answer.outcome === "held" || one.kind === FILLER) return null;
  return {
    id: one.id,
    visitId: one.visit_id ?? "",
    kind: one.kind,
    outcome: answer.outcome,
    words: answer.words,
    missing: answer.missing ?? [],
    mine: answer.mine ?? (one.body as Value),
    theirs: answer.theirs ?? null,
    stood: answer.stood ?? null,
  };
}

/** The server takes nothing of this shape, alone or not: the engineer is told, and its number does not hold up the others. */
export async function giveUp(work: Work, one: Operation, words: string, now: number): Promise<void> {
  const doing = work.transaction(["operations", "conflicts"], "readwrite");
  await doing.objectStore("operations").delete(one.id);
  await doing.objectStore("operations").put(filler(one.seq, now));
  const answer = { id: one.id, outcome: "refused", words, missing: [], mine: null, theirs: null, stood: null } as unknown as AnswerOut;
  const told = toTell(one, answer);
  if (told) await doing.objectStore("conflicts").put(told);
  await doing.done;
}

/** Another device's numbers begin anew: after signing in again, what waits here is counted from there. */
export async function countFor(work: Work, deviceId: string): Promise<void> {
  const doing = work.transaction(["operations", "meta"], "readwrite");
  const [operations, meta] = [doing.objectStore("operations"), doing.objectStore("meta")];
  const counter = (await meta.get("counter")) as Meta["counter"] | undefined;
  if (counter?.device_id !== deviceId) {
    const left = await operations.index("seq").getAll();
    const real = left.filter((one) => one.kind !== FILLER);
    for (const one of left) if (one.kind === FILLER) await operations.delete(one.id);
    for (const [place, one] of real.entries()) await operations.put({ ...one, seq: place + 1 });
    await meta.put({ device_id: deviceId, seq: real.length, latest: counter?.latest ?? 0 }, "counter");
  }
  await doing.done;
}

/** The jobs of a snapshot with newer ones in their places. */
function withJobs(before: readonly JobOut[], newer: readonly JobOut[]): JobOut[] {
  const byVisit = new Map(newer.map((job) => [job.visit_id, job]));
  const kept = before.map((job) => byVisit.get(job.visit_id) ?? job);
  return [...kept, ...newer.filter((job) => !before.some((one) => one.visit_id === job.visit_id))];
}

/** A whole new snapshot; jobs that are in it no more are shown as gone. */
export async function takeSnapshot(work: Work, newer: JobsOut, now: number): Promise<void> {
  const doing = work.transaction("meta", "readwrite");
  const before = (await doing.store.get("snapshot")) as JobsOut | undefined;
  const gone = ((await doing.store.get("gone")) as Gone[] | undefined) ?? [];
  const counter = (await doing.store.get("counter")) as Meta["counter"];
  const there = new Set(newer.jobs.map((job) => job.visit_id));
  const lost = (before?.jobs ?? []).filter((job) => !there.has(job.visit_id) && was(job));
  await doing.store.put(newer, "snapshot");
  await doing.store.put(goneNow(gone, lost, newer.jobs, [], [], now), "gone");
  if (newer.last_seq > counter.seq) await doing.store.put({ ...counter, seq: newer.last_seq }, "counter");
  await doing.done;
}

/** Whether it was the engineer's to do: an offer that went to somebody else, or work that is over, is no loss. */
function was(job: JobOut): boolean {
  return job.section === "today" || job.section === "coming";
}

const GONE = "任务已改派或取消，不再由您上门；您做过的记录已留给调度";
const SHOWN_MS = 24 * 3600_000;

/** Whose job it is no more has no need of the customer's number. */
function withoutNumber(job: JobOut): JobOut {
  return { ...job, customer: { ...job.customer, number: null } };
}

function goneNow(
  before: readonly Gone[],
  lost: readonly JobOut[],
  there: readonly JobOut[],
  answers: readonly AnswerOut[],
  batch: readonly Operation[],
  now: number,
): Gone[] {
  const back = new Set(there.map((job) => job.visit_id));
  const fresh = lost.map((job) => ({ job: withoutNumber(job), words: GONE, at: new Date(now).toISOString() }));
  const known = before.filter((one) => now - Date.parse(one.at) < SHOWN_MS && !fresh.some((two) => two.job.visit_id === one.job.visit_id));
  const wordsOf = new Map(
    answers.filter((answer) => answer.outcome === "kept").map((answer) => [batch.find((one) => one.id === answer.id)?.visit_id, answer.words]),
  );
  return [...known, ...fresh]
    .filter((one) => !back.has(one.job.visit_id))
    .map((one) => ({ ...one, words: wordsOf.get(one.job.visit_id) ?? one.words }));
}
