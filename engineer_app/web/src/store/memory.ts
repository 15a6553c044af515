/** All that is kept for the engineer who is signed in, as read last, and what the screens are told of it. */
import type { ContentOut, JobOut, JobsOut, PartOut } from "../api";
import type { Conflict, Job, Status } from "../store_types";
import type { Gone, KeptFile, Meta, Operation, Work } from "./database";
import { FILLER } from "./queue";
import { viewed } from "./view";

export interface KeptWork {
  snapshot: JobsOut | null;
  content: ContentOut | null;
  gone: Gone[];
  operations: Operation[];
  files: KeptFile[];
  conflicts: Conflict[];
  seen: string[];
  offset: number | null;
  lastSync: string;
}

export const EMPTY: KeptWork = {
  snapshot: null, content: null, gone: [], operations: [], files: [], conflicts: [], seen: [], offset: null, lastSync: "",
};

/** All of one moment: what the server has answered for leaves the queue and enters the jobs in one step, and is seen in one of them. */
export async function readAll(work: Work): Promise<KeptWork> {
  const reading = work.transaction(["meta", "operations", "files", "conflicts"]);
  const meta = async <K extends keyof Meta>(key: K) => (await reading.objectStore("meta").get(key)) as Meta[K] | undefined;
  const [snapshot, content, gone, seen, offset, lastSync, operations, files, conflicts] = await Promise.all([
    meta("snapshot"), meta("content"), meta("gone"), meta("seen"), meta("offset"), meta("lastSync"),
    reading.objectStore("operations").index("seq").getAll(), reading.objectStore("files").getAll(), reading.objectStore("conflicts").getAll(),
  ]);
  return {
    snapshot: snapshot ?? null, content: content ?? null, gone: gone ?? [], operations, files, conflicts,
    seen: seen ?? [], offset: offset ?? null, lastSync: lastSync ?? "",
  };
}

type Drawn = { from: string; job: Job | null };

export class Memory {
  private drawn = new Map<string, Drawn>();
  private list: Job[] | null = null;
  private told: Status | null = null;

  constructor(public kept: KeptWork) {}

  take(kept: KeptWork): void {
    this.kept = kept;
    this.list = null;
  }

  /** Unchanged objects while nothing changed. */
  jobs(now: number): Job[] {
    return (this.list ??= this.draw(now));
  }

  bill(modelId: string | null): PartOut[] {
    return (modelId && this.kept.snapshot?.bills[modelId]) || [];
  }

  versionOf(visitId: string): number {
    return this.kept.snapshot?.jobs.find((job) => job.visit_id === visitId)?.sheet?.version ?? 0;
  }

  /** Unchanged, too, while nothing changed. */
  status(now: Pick<Status, "online" | "syncing" | "signedOut" | "durable">): Status {
    const { files, operations, offset, lastSync } = this.kept;
    const made: Status = {
      ...now,
      unsent: operations.filter((one) => one.kind !== FILLER).length,
      unsentPhotos: files.filter((one) => one.state === "waiting" || one.state === "receiving").length,
      refusedPhotos: files.filter((one) => one.state === "refused").map((one) => ({ id: one.id, visitId: one.visit_id, words: one.words })),
      lastSync,
      conflicts: this.conflicts(),
      clockOffset: offset,
    };
    if (JSON.stringify(made) !== JSON.stringify(this.told)) this.told = made;
    return this.told!;
  }

  /** Those answered to this window's phone, and those the server still has unread, each once. */
  private conflicts(): Conflict[] {
    const { conflicts, seen, snapshot } = this.kept;
    const known = new Set([...conflicts.map((one) => one.id), ...seen]);
    const theirs = (snapshot?.jobs ?? []).flatMap((job) =>
      job.conflicts.filter((one) => !known.has(one.operation_id)).map((one) => ({
        id: one.operation_id, visitId: job.visit_id, kind: one.kind, outcome: "conflict" as const, words: one.words,
        missing: [], mine: one.mine, theirs: one.theirs, stood: one.stood,
      })),
    );
    return [...conflicts, ...theirs];
  }

  private draw(now: number): Job[] {
    const { snapshot, gone } = this.kept;
    const all: [JobOut, string][] = [...(snapshot?.jobs ?? []).map((job): [JobOut, string] => [job, ""]), ...gone.map((one): [JobOut, string] => [one.job, one.words])];
    const drawn = new Map(all.map(([job, words]) => [job.visit_id, this.one(job, words, now)]));
    this.drawn = drawn;
    return [...drawn.values()].flatMap((one) => one.job ?? []);
  }

  private one(job: JobOut, words: string, now: number): Drawn {
    const { content, offset } = this.kept;
    const operations = this.kept.operations.filter((one) => one.visit_id === job.visit_id);
    const bill = this.bill(job.model_id);
    const from = JSON.stringify([job, words, operations.map((one) => [one.id, one.at]), offset, content?.version, bill.length]);
    const before = this.drawn.get(job.visit_id);
    if (before?.from === from) return before;
    return { from, job: viewed(job, operations, { content, bill, offset: offset ?? 0, now, gone: words }) };
  }
}
