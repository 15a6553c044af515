/** What a sheet on this phone comes to: facts, verdicts, what is missing, and where the visit stands.
 *  Twin of domain/service_sheets/{facts,following}.py; the server computes it anew. */
import type { ContentOut, JobOut, PartOut } from "../api";
import { canonical, hashOf, signedContent, totalFen } from "./canonical";
import { BadReading, checksOf, verdict, type Verdict } from "./checks";
import { moved } from "./moves";
import { missing, OUTCOMES, strongest, type Facts } from "./outcomes";
import { codeKey } from "./parts";
import { paidBy, priceDeclined, type Facts as PriceFacts } from "./prices";
import type { Value } from "./registers";

export type Registers = Record<string, Value>;
type Signed = readonly { purpose: string; hash: string }[];

/** What stands in the registers of a group, by the rest of their keys; removed ones are left out. */
export function below(registers: Registers, group: string): Record<string, Record<string, unknown>> {
  const start = `${group}.`;
  const found = Object.entries(registers).filter(([key, value]) => key.startsWith(start) && value !== null);
  return Object.fromEntries(found.map(([key, value]) => [key.slice(start.length), value!]));
}

/** Check → what its reading means; only those with a reading that is one. */
export function verdictsOf(content: ContentOut | null, job: JobOut, registers: Registers): Record<string, Verdict> {
  const [read, found] = [below(registers, "check"), {} as Record<string, Verdict>];
  for (const check of content ? checksOf(content, job) : []) {
    if (!read[check.code]) continue;
    try {
      found[check.code] = verdict(check, String(read[check.code]!.value));
    } catch (wrong) {
      if (!(wrong instanceof BadReading)) throw wrong;
    }
  }
  return found;
}

export interface Standing {
  facts: Facts;
  verdicts: Record<string, Verdict>;
  content: string;
  hash: string;
}

export function standingOf(
  job: JobOut,
  registers: Registers,
  signed: Signed,
  content: ContentOut | null,
  bill: readonly PartOut[],
): Standing {
  const sheet = signedContent(job.signed_order, job.visit_id, job.signed_product, registers);
  const [verdicts, hash] = [verdictsOf(content, job, registers), hashOf(sheet)];
  const [prompts, ends] = [below(registers, "prompt"), Object.values(below(registers, "end"))];
  const said = (value: unknown) => String(value ?? "").trim() !== "";
  const facts: Facts = {
    service_type: job.service_type,
    checked_in: "milestone.check_in" in registers,
    prompts_open: job.prompts.filter((code) => !prompts[code]),
    checks_open: job.checks.filter((code) => !verdicts[code]),
    checks_blocking: Object.keys(verdicts).filter((code) => verdicts[code] === "blocks"),
    photos: Object.values(below(registers, "photo")).map((photo) => String(photo.purpose)),
    has_finding: Object.keys(registers.diagnosis ?? {}).length > 0 || Boolean(registers["field.fault_found"]?.value),
    parts_unfinished: unfinished(below(registers, "part"), bill),
    sheet_signed: signed.some((one) => one.purpose === "sheet" && one.hash === hash),
    receipt_signed: signed.some((one) => one.purpose === "receipt"),
    parts_wanted: ends.some((end) => Array.isArray(end.parts) && end.parts.length > 0),
    why: ends.some((end) => said(end.why || end.reason_code)),
    to_pay_fen: totalFen(registers),
    agreed_fen: agreedFen(job, registers),
  };
  return { facts, verdicts, content: canonical(sheet), hash };
}

/** What the customer agreed to pay: what the server was told, or since then said on this phone; after a no, coming and looking. */
export function agreedFen(job: JobOut, registers: Registers): number {
  const here = registers["quote.answer"];
  const isKnown = !!here && job.sheet?.registers.some((one) => one.key === "quote.answer" && one.value === here);
  if (!here || (isKnown && job.agreed_fen !== null)) return job.agreed_fen ?? 0;
  if (typeof here.customer_fen === "number") return here.customer_fen;
  return job.agreed_fen ?? (job.prices ? paidBy(priceDeclined(job.prices as unknown as PriceFacts), "customer") : 0);
}

/** Lines whose part has a serial or goes back when old, and lacks the new or the old one's. */
function unfinished(lines: Record<string, Record<string, unknown>>, bill: readonly PartOut[]): string[] {
  const known = new Map(bill.map((part) => [codeKey(part.code), part]));
  return Object.entries(lines).flatMap(([line, value]) => {
    const part = known.get(codeKey(String(value.part_code)));
    const noNew = part?.serial_kept && !value.new_serial;
    const noOld = part?.old_returned && !(value.old_serial || value.old_part_kept);
    return noNew || noOld ? [line] : [];
  });
}

/** Where the visit stands when the registers are followed from where the server had it. */
export function followed(status: string, before: string, registers: Registers, facts: Facts): { status: string; outcome: string } {
  if ("milestone.check_in" in registers) status = moved(status, "check_in");
  else if ("milestone.depart" in registers) status = moved(status, "depart");
  const outcome = strongest(Object.keys(below(registers, "end")), facts);
  if (outcome === before) return { status, outcome };
  if (before) status = "checked_in";
  const end = OUTCOMES.find((one) => one.code === outcome);
  return { status: end ? moved(status, end.visit_move) : status, outcome };
}

/** What each end still wants, each need with the codes it is about. */
export function missingOf(facts: Facts): Record<string, { code: string; words: string; items: string[] }[]> {
  const about: Record<string, readonly string[]> = {
    prompts: facts.prompts_open,
    checks: facts.checks_open,
    not_blocked: facts.checks_blocking,
    parts: facts.parts_unfinished,
  };
  const wants = (code: string) => missing(code, facts).map((one) => ({ ...one, items: [...(about[one.code] ?? [])] }));
  return Object.fromEntries(OUTCOMES.map(({ code }) => [code, wants(code)]));
}
