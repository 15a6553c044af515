/** What a job costs as it stands on this phone, what the customer was asked and said, and writing the lines onto the sheet. */
import type { OperationBodies, QuoteOut } from "../api";
import { hashOfLines, paidBy, price, priceDeclined, wantedOf, type Facts, type Line } from "../rules/prices";
import { sha256Hex } from "../rules/sha256";
import type { Job } from "../store_types";
import { linesOf, newId, store } from "../use";

export type FeeLine = OperationBodies["fee.put"];

/** ``none``: nothing was asked; ``asked``, ``agreed``: of this very work; ``outdated``: asked, ``changed``: agreed, of other work;
 *  ``refused``: the customer said no, and what he owes all the same are `lines`. */
export type Standing = "none" | "asked" | "outdated" | "agreed" | "changed" | "refused";

export interface Reckoned {
  facts: Facts;
  /** What counts now: of a quote agreed to its own lines, though the list has changed since; after a no what stays. */
  lines: Line[];
  unpriced: string[];
  customerFen: number;
  hash: string;
  standing: Standing;
  /** The sheet says these lines. */
  written: boolean;
  /** Why the server did not take the last question or answer: a code, "" where it did. */
  off: string;
}

/** Null while the phone was never told the prices. */
export function reckoned(job: Job): Reckoned | null {
  if (!job.prices) return null;
  const known = job.prices as unknown as Facts;
  const facts = { ...known, wanted: wantedOf(job.registers, known) };
  const { lines, unpriced } = price(facts);
  const hash = hashOfLines(job.signed_order, lines);
  const off = notTaken(job);
  const standing = standingOf(job, { lines, hash, stays: stays(job, facts), off });
  const counting = standing === "agreed" ? linesAgreedTo(job) ?? lines : standing === "refused" ? stays(job, facts) : lines;
  const shown = standing === "agreed" && saidHere(job) === "yes" ? lines : counting;
  return {
    facts, lines: shown, unpriced: standing === "refused" ? [] : unpriced, hash, customerFen: paidBy(shown, "customer"), standing,
    written: isWritten(job, shown), off,
  };
}

const linesAgreedTo = (job: Job) => job.quotes.find((one) => one.status === "confirmed")?.lines as unknown as Line[] | undefined;

/** What is owed after a no: what was agreed to before, else coming and looking. */
export function stays(job: Job, facts: Facts): Line[] {
  return linesAgreedTo(job) ?? priceDeclined(facts);
}

/** What the customer said on this phone and the server does not have yet. */
function saidHere(job: Job): "yes" | "no" | "" {
  const here = job.registers["quote.answer"];
  if (!here || !job.unsent.includes("quote.answer")) return "";
  return "hash" in here ? "yes" : "no";
}

/** What was said here and is not sent yet counts before what the server knew. */
export function standingOf(job: Job, now: { lines: readonly Line[]; hash: string; stays: readonly Line[]; off: string }): Standing {
  const here = saidHere(job);
  if (here === "yes") return job.registers["quote.answer"]!.hash === now.hash ? "agreed" : "changed";
  if (here === "no") return isWritten(job, now.stays) ? "refused" : "none";
  const quote = job.quotes.find((one) => ["asked", "confirmed", "rejected"].includes(one.status));
  if (job.unsent.includes("quote.asked") && quote?.hash !== now.hash) return "asked";
  if (!quote) return job.registers["quote.asked"] && !now.off && !job.quotes.length ? "asked" : "none";
  if (quote.status === "asked") return quote.hash === now.hash ? "asked" : "outdated";
  if (quote.status === "confirmed") return covers(quote, now) ? "agreed" : "changed";
  return quote.hash === now.hash || isWritten(job, now.stays) ? "refused" : "none";
}

/** Whether it is the same work for no more money: the list may have changed since it was agreed to. */
function covers(quote: QuoteOut, now: { lines: readonly Line[]; hash: string }): boolean {
  const work = (lines: readonly Line[]) => [...new Set(lines.map((line) => `${line.key.replace(/\+$/, "")} ${line.quantity_milli}`))].sort().join("|");
  return quote.hash === now.hash || (work(quote.lines as unknown as Line[]) === work(now.lines) && quote.customer_fen <= paidBy(now.lines, "customer"));
}

/** The server's mark on the very writing that stands: `domain.pricing.on_site`. */
function notTaken(job: Job): string {
  const rows = job.sheet?.registers ?? [];
  for (const key of ["quote.answer", "quote.asked"]) {
    const [row, mark] = [rows.find((one) => one.key === key), rows.find((one) => one.key === `taken.${key}`)];
    const value = mark?.value as { operation_id?: string; why?: string } | null | undefined;
    if (row && value?.why && value.operation_id === row.operation_id && !job.unsent.includes(key)) return value.why;
  }
  return "";
}

/** What is still to be done about the price before the sheet is signed; "" when nothing is. */
export function toDo(job: Job): string {
  const now = reckoned(job);
  if (!now || now.unpriced.length) return "";
  const answered = ["asked", "agreed", "refused"].includes(now.standing);
  if (now.written && (answered || !now.lines.some((line) => line.fen))) return "";
  if (now.standing === "refused") return "改服务单上的费用";
  return now.customerFen > 0 ? "让客户确认报价" : "把费用记到服务单";
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

/** A way that costs nothing needs no line. */
const worthWriting = (lines: readonly Line[]) => lines.filter((line) => line.kind !== "travel" || line.fen > 0);

/** Makes the sheet's fees these lines; what stands already is left alone. */
export async function writeLines(job: Job, lines: readonly Line[]): Promise<void> {
  const wanted = new Map(worthWriting(lines).map((line) => [registerName(line.key), feeOf(line)]));
  for (const [name] of linesOf<FeeLine>(job, "fee")) if (!wanted.has(name)) await store.act("fee.remove", job.visit_id, { line: name });
  for (const [name, fee] of wanted) {
    const known = job.registers[`fee.${name}`] as FeeLine | null | undefined;
    if (!known || JSON.stringify(same(known)) !== JSON.stringify(same(fee))) await store.act("fee.put", job.visit_id, fee);
  }
}

const same = ({ code, title, fen, payer, quantity }: FeeLine) => [code, title, fen, payer, quantity ?? null];

/** Whether the sheet says these lines: parts put in since, or prices of another day, change what is reckoned. */
export function isWritten(job: Job, lines: readonly Line[]): boolean {
  const wanted = worthWriting(lines).map(feeOf);
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

/** The customer says no on this phone: the sheet keeps what is owed all the same. */
export async function refuse(job: Job, now: Reckoned): Promise<void> {
  const id = await ask(job, now);
  await store.act("quote.reject", job.visit_id, { quote_id: id });
  await writeLines(store.job(job.visit_id) ?? job, stays(job, now.facts));
}
