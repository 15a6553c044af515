/** A job as the engineer sees it: what the server told, with what was done here and is not answered yet laid over it. */
import type { ContentOut, JobOut, MoveOut, PartOut, RegisterOut } from "../api";
import { followed, missingOf, type Registers, standingOf } from "../rules/facts";
import { moved, movesFrom, VISIT_TITLES } from "../rules/moves";
import { instant, registerOf, stands, valueOf, type Written } from "../rules/registers";
import type { Job, Signature } from "../store_types";
import type { Operation } from "./database";

export interface Around {
  content: ContentOut | null;
  bill: readonly PartOut[];
  /** The server's clock minus ours, in milliseconds. */
  offset: number;
  now: number;
  /** Words when the job is no longer the engineer's. */
  gone: string;
}

/** Null for an offer that was refused here. */
export function viewed(job: JobOut, operations: readonly Operation[], around: Around): Job | null {
  const answered = operations.filter((one) => one.kind === "offer.answer" && one.body.offer_id === job.offer?.id).at(-1);
  if (answered?.body.answer === "refuse") return null;
  const base = answered ? accepted(job, around.now) : job;
  const { written, unsent } = overlaid(base, operations, around);
  const registers: Registers = Object.fromEntries([...written].map(([key, one]) => [key, one.value]));
  const signatures = signed(base, registers, written);
  const standing = standingOf(base, registers, signatures, around.content, around.bill);
  const stand = followed(base.status, base.sheet?.outcome ?? "", registers, standing.facts);
  return {
    ...base,
    status: stand.status,
    status_title: stand.status === job.status ? job.status_title : (VISIT_TITLES[stand.status] ?? stand.status),
    moves: stand.status === job.status ? job.moves : buttons(stand.status),
    sheet: written.size || base.sheet ? sheetOf(base, written, signatures, standing.hash, stand.outcome) : null,
    registers,
    unsent,
    signed: signatures.map((one) => ({ ...one, holds: one.purpose === "receipt" || one.hash === standing.hash })),
    content: standing.content,
    hash: standing.hash,
    missing: missingOf(standing.facts),
    verdicts: standing.verdicts,
    gone: around.gone,
  };
}

/** An accepted offer, as long as the server has not said what it is. */
function accepted(job: JobOut, now: number): JobOut {
  const section = job.window && Date.parse(job.window.since) - now < 12 * 3600_000 ? "today" : "coming";
  return { ...job, section, offer: null, status: moved(job.status, "accept") };
}

function buttons(status: string): MoveOut[] {
  const offered = movesFrom(status).filter((move) => move.name === "depart" || move.name === "check_in");
  return offered.map(({ name, title, reason }) => ({ name: name as MoveOut["name"], title, reason }));
}

/** The registers by the rule the server merges with: the greatest stamp stands, of milestones the earliest. */
function overlaid(job: JobOut, operations: readonly Operation[], around: Around): { written: Map<string, RegisterOut>; unsent: string[] } {
  const written = new Map((job.sheet?.registers ?? []).map((one) => [one.key, one]));
  const unsent: string[] = [];
  let before = "";
  for (const one of operations) {
    const key = registerOf(one.kind, one.body);
    if (one.visit_id !== job.visit_id || !key) continue;
    const at = later(new Date(Date.parse(one.at) + around.offset).toISOString(), before);
    before = at;
    const mine: Written = { value: valueOf(one.kind, one.body), at, operation_id: one.id };
    if (!stands(key, written.get(key), mine)) continue;
    written.set(key, { ...mine, key, version: job.sheet?.version ?? 0, mine: true });
    unsent.push(key);
  }
  return { written, unsent: [...new Set(unsent)] };
}

function later(at: string, before: string): string {
  return before && instant(before) > instant(at) ? before : at;
}

function signed(job: JobOut, registers: Registers, written: Map<string, RegisterOut>): Signature[] {
  const known = job.sheet?.signatures ?? [];
  const here = Object.entries(registers).filter(([key, value]) => key.startsWith("signature.") && value);
  const own = here.map(([key, value]) => ({
    id: String(value!.signature_id),
    purpose: value!.purpose as Signature["purpose"],
    hash: String(value!.sheet_hash),
    holds: false,
    at: written.get(key)!.at,
    name: String(value!.name ?? ""),
    upload_id: String(value!.upload_id),
  }));
  return [...known, ...own.filter((one) => !known.some((two) => two.id === one.id))].sort((a, b) => instant(a.at) - instant(b.at));
}

function sheetOf(job: JobOut, written: Map<string, RegisterOut>, signatures: Signature[], hash: string, outcome: string): Job["sheet"] {
  const { version, verify_code } = job.sheet ?? { version: 0, verify_code: "" };
  return { version, verify_code, hash, outcome, registers: [...written.values()], signatures };
}
