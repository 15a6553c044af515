/** What a job costs as it stands on this phone, what the customer was asked and said, and writing the lines onto the sheet. */
import type { OperationBodies, QuoteOut } from "../api";
import { hashOfLines, paidBy, price, wantedOf, type Facts, type Line } from "../rules/prices";
import { sha256Hex } from "../rules/sha256";
import type { Job } from "../store_types";
import { linesOf, newId, store } from "../use";

export type FeeLine = OperationBodies["fee.put"];

/** ``none``: nothing was asked; ``asked``, ``agreed``, ``refused``: of exactly these lines; ``changed``: of others. */
export type Standing = "none" | "asked" | "agreed" | "refused" | "changed";

export interface Reckoned {
  facts: Facts;
  lines: Line[];
  unpriced: string[];
  customerFen: number;
  hash: string;
  standing: Standing;
  /** The newest quote the server knows. */
  quote: QuoteOut | undefined;
}

/** Null while the phone was never told the prices. */
export function reckoned(job: Job): Reckoned | null {
  if (!job.prices) return null;
  const known = job.prices as unknown as Facts;
  const facts = { ...known, wanted: wantedOf(job.registers, known) };
  const { lines, unpriced } = price(facts);
  const hash = hashOfLines(job.signed_order, lines);
  return { facts, lines, unpriced, hash, customerFen: paidBy(lines, "customer"), standing: standingOf(job, hash), quote: job.quotes[0] };
}

/** What was said here and is not sent yet counts before what the server knew. */
function standingOf(job: Job, hash: string): Standing {
  const [quote, here] = [job.quotes.find((one) => ["asked", "confirmed", "rejected"].includes(one.status)), job.registers["quote.answer"]];
  if (here && job.unsent.includes("quote.answer")) return "hash" in here ? (here.hash === hash ? "agreed" : "changed") : "refused";
  if (quote) {
    if (quote.hash !== hash) return "changed";
    return quote.status === "confirmed" ? "agreed" : quote.status === "asked" ? "asked" : "refused";
  }
  return job.registers["quote.asked"] ? "asked" : "none";
}

/** The sheet's own name of a line: what a register may be called. */
export function registerName(key: string): string {
  const plain = key.replaceAll(/[^A-Za-z0-9_-]/g, "_");
  return plain === key ? key : `${plain.slice(0, 56)}_${sha256Hex(new TextEncoder().encode(key)).slice(0, 6)}`;
}

function feeOf(line: Line): FeeLine {
  const counted = line.kind === "labour" || line.kind === "extra" ? { quantity: line.quantity_milli } : {};
  return { line: registerName(line.key), code: line.key, title: line.title, fen: line.fen, payer: line.payer as FeeLine["payer"], ...counted };
}

/** Makes the sheet's fees these lines; what stands already is left alone. A way that costs nothing needs no line. */
export async function writeLines(job: Job, lines: readonly Line[]): Promise<void> {
  const wanted = new Map(lines.filter((line) => line.kind !== "travel" || line.fen > 0).map((line) => [registerName(line.key), feeOf(line)]));
  for (const [name] of linesOf<FeeLine>(job, "fee")) if (!wanted.has(name)) await store.act("fee.remove", job.visit_id, { line: name });
  for (const [name, fee] of wanted) {
    const known = job.registers[`fee.${name}`] as FeeLine | null | undefined;
    if (!known || JSON.stringify(same(known)) !== JSON.stringify(same(fee))) await store.act("fee.put", job.visit_id, fee);
  }
}

const same = ({ code, title, fen, payer, quantity }: FeeLine) => [code, title, fen, payer, quantity ?? null];

/** Whether the sheet says what is reckoned now: parts put in since, or prices of another day, change that. */
export function isWritten(job: Job, lines: readonly Line[]): boolean {
  const wanted = lines.filter((line) => line.kind !== "travel" || line.fen > 0).map(feeOf);
  const known = new Map(linesOf<FeeLine>(job, "fee"));
  return wanted.length === known.size && wanted.every((fee) => {
    const there = known.get(fee.line);
    return there && JSON.stringify(same(there)) === JSON.stringify(same(fee));
  });
}

/** Asks the customer in WeChat; asked again for the same lines it is the same question. */
export async function ask(job: Job, now: Reckoned): Promise<string> {
  await writeLines(job, now.lines);
  const id = now.standing === "asked" && job.registers["quote.asked"] ? String(job.registers["quote.asked"].quote_id) : newId();
  await store.act("quote.ask", job.visit_id, { quote_id: id });
  return id;
}

/** The customer says yes on this phone: the server reckons anew, and of two sums he pays the smaller. */
export async function agree(job: Job, now: Reckoned): Promise<void> {
  const id = await ask(job, now);
  const own = now.lines.filter((line) => line.payer === "customer");
  await store.act("quote.confirm", job.visit_id, {
    quote_id: id, hash: now.hash, customer_fen: now.customerFen, shown: Object.fromEntries(own.map((line) => [line.key, line.fen])),
  });
}

/** The customer says no on this phone: only coming and looking is owed. */
export async function refuse(job: Job, now: Reckoned): Promise<void> {
  const id = await ask(job, now);
  await store.act("quote.reject", job.visit_id, { quote_id: id });
}
