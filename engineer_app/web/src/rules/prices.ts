/** What a visit costs and who pays each line, reckoned on the phone: twin of domain/pricing/{fees,rules}.py.
 *  Both run tests/vectors/fees.json. Whole fen and thousandths only; the server reckons anew. */
import { byCodePoint, hashOf } from "./canonical";
import { codeKey } from "./parts";

export interface Fee {
  id: string; kind: string; code: string; title: string; category: string; service: string; km_from: number; fen: number; permille: number;
  unit: string; owner: string;
}
export interface PartFact {
  code: string; name: string; component: string; fen: number; labour: string; row: string;
}
export interface Judged {
  component: string; title: string; result: string; rule: string; until: string; words: string;
}
export interface Goodwill {
  key: string; permille: number; why: string; at_most: number | null;
}
type Counted = readonly (readonly [string, number])[];
export interface Wanted {
  fees: Counted; parts: Counted; materials: Counted;
}
export interface Facts {
  day: string; category: string; service: string; wanted: Wanted; rows: readonly Fee[]; parts: readonly PartFact[]; answers: readonly Judged[];
  cards: readonly { id: string; title: string; kinds: readonly string[] }[];
  goodwill: readonly Goodwill[];
  km: number | null; night: boolean; holiday: string; rectifies: boolean;
}
export interface Line {
  key: string; kind: string; code: string; title: string; quantity_milli: number; unit: string; unit_fen: number; fen: number; payer: string;
  owner: string; rule: string; why: string; rows: readonly string[];
}

export const KINDS: Readonly<Record<string, string>> = {
  labour: "人工", part: "配件", material: "辅材", extra: "其他项目", travel: "路费", inspection: "上门检测费", night: "夜间加收", holiday: "节假日加收",
};
const ORDER = Object.keys(KINDS);
const WARRANTED = ["repair", "exchange", "complaint"];
const GRANTS: Readonly<Record<string, string>> = { cover: "cover", card: "card" };
const BASIC = "basic";

type Item = Omit<Line, "payer" | "rule" | "why"> & { components: readonly string[] };

/** `fen * parts / of`, rounded half up: the only rounding of a price. */
export function share(fen: number, parts: number, of = 1000): number {
  return Math.floor((2 * fen * parts + of) / (2 * of));
}

/** Sorts by keys compared one after the other: numbers by size, text by code points. */
function ranked<T>(things: readonly T[], key: (one: T) => readonly (number | string | boolean)[]): T[] {
  const compare = (a: number | string | boolean, b: number | string | boolean) =>
    typeof a === "string" ? byCodePoint(a, String(b)) : Number(a) - Number(b);
  return [...things].sort((one, two) => {
    const other = key(two);
    for (const [place, mine] of key(one).entries()) {
      const difference = compare(mine, other[place]!);
      if (difference) return difference;
    }
    return 0;
  });
}

export interface Priced {
  lines: Line[];
  /** Codes the table does not know: nothing can be asked for them. */
  unpriced: string[];
}

/** The lines if the work is done, in one order whatever order things were named in. */
export function price(facts: Facts): Priced {
  const { items, unpriced } = itemsOf(facts);
  const lines = items.flatMap((item) => paid(facts, item));
  lines.push(...surcharges(facts, lines));
  return { lines: ranked(lines, (one) => [ORDER.indexOf(one.kind), one.key]), unpriced: unpriced.sort(byCodePoint) };
}

/** The lines if the customer says no: coming and looking, and nothing else. */
export function priceDeclined(facts: Facts): Line[] {
  const row = best(facts, "inspection", "inspection");
  return row ? paid(facts, flat(row, "inspection", 1000, ["whole"])) : [];
}

export function paidBy(lines: readonly Line[], payer: string): number {
  return lines.reduce((sum, one) => sum + (one.payer === payer ? one.fen : 0), 0);
}

function itemsOf(facts: Facts): { items: Item[]; unpriced: string[] } {
  const [items, unpriced]: [Item[], string[]] = [[], []];
  const operations = new Map(facts.wanted.fees);
  for (const [code, quantity] of facts.wanted.parts) {
    const part = facts.parts.find((one) => one.code === code);
    if (!part) {
      unpriced.push(code);
      continue;
    }
    items.push(partItem(part, quantity));
    if (part.labour && !operations.has(part.labour)) operations.set(part.labour, 1000);
  }
  if (best(facts, "labour", BASIC) && !operations.has(BASIC)) operations.set(BASIC, 1000);
  for (const [code, quantity] of operations) {
    const row = best(facts, "labour", code) ?? best(facts, "extra", code);
    if (row) items.push(flat(row, `${row.kind}.${code}`, quantity, ["labour"]));
    else unpriced.push(code);
  }
  for (const [code, quantity] of facts.wanted.materials) {
    const row = best(facts, "material", code);
    if (row) items.push(flat(row, `material.${code}`, quantity, ["whole"]));
    else unpriced.push(code);
  }
  return { items: [...items, ...travel(facts)], unpriced };
}

const fits = (facts: Facts, one: Fee) => ["", facts.category].includes(one.category) && ["", facts.service].includes(one.service);

/** The most exact row of a code: its category named goes before its service named; then by id. */
export function best(facts: Facts, kind: string, code: string): Fee | undefined {
  const fitting = facts.rows.filter((one) => one.kind === kind && one.code === code && fits(facts, one));
  return ranked(fitting, (one) => [one.category === "", one.service === "", one.id])[0];
}

function flat(row: Fee, key: string, quantity: number, components: readonly string[]): Item {
  const { kind, code, title, unit, owner } = row;
  return { key, kind, code, title, quantity_milli: quantity, unit, unit_fen: row.fen, fen: share(row.fen, quantity), owner, rows: [row.id], components };
}

function partItem(part: PartFact, quantity: number): Item {
  return {
    key: `part.${part.code}`, kind: "part", code: part.code, title: part.name, quantity_milli: quantity, unit: "件", unit_fen: part.fen,
    fen: share(part.fen, quantity), owner: "brand", rows: part.row ? [part.row] : [],
    components: [...new Set([part.name, part.component, "whole"].filter(Boolean))],
  };
}

/** The band the distance falls into; a place that is only roughly known counts as near. */
function travel(facts: Facts): Item[] {
  const km = facts.km ?? 0;
  const bands = facts.rows.filter((one) => one.kind === "travel" && one.km_from <= km && fits(facts, one));
  const row = ranked(bands, (one) => [one.category === "", one.service === "", -one.km_from, one.id])[0];
  return row ? [flat(row, "travel", row.unit === "公里" ? 1000 * (km - row.km_from) : 1000, ["whole"])] : [];
}

/** At night or on a holiday, the greater of the two and never both. */
function surcharges(facts: Facts, lines: readonly Line[]): Line[] {
  const base = paidBy(lines.filter((one) => one.kind === "labour"), "customer");
  const kinds = [facts.night && "night", facts.holiday && "holiday"].filter((one) => typeof one === "string" && one !== "") as string[];
  const sums = kinds.flatMap((kind) => {
    const row = best(facts, kind, kind);
    return row ? [{ row, fen: row.fen + share(base, row.permille) }] : [];
  });
  const most = ranked(sums, (one) => [-one.fen, one.row.kind])[0];
  if (!base || !most) return [];
  const { row, fen } = most;
  const why = row.kind === "night" ? "预约在夜间时段" : `预约在${facts.holiday}`;
  return [
    {
      key: row.kind, kind: row.kind, code: row.code, title: row.title, quantity_milli: 1000, unit: row.unit, unit_fen: fen, fen, payer: "customer",
      owner: row.owner, rule: row.kind, why, rows: [row.id],
    },
  ];
}

/** The item as a line of whoever pays it; as two where the brand bears a share of what the customer would pay. */
function paid(facts: Facts, item: Item): Line[] {
  const [payer, rule, why] = payerOf(facts, item);
  const given = payer === "customer" ? goodwillFor(facts, item) : undefined;
  const { components: _, ...rest } = item;
  const line: Line = { ...rest, payer, rule, why };
  return given ? split(line, item.fen - givenOf(given, item), "goodwill", `品牌承担：${given.why}`) : [line];
}

function split(line: Line, customerFen: number, rule: string, why: string): Line[] {
  const rest = line.fen - customerFen;
  if (rest <= 0) return [line];
  if (customerFen <= 0) return [{ ...line, payer: "brand", rule, why }];
  return [{ ...line, fen: customerFen }, { ...line, key: `${line.key}+`, fen: rest, payer: "brand", rule, why }];
}

function payerOf(facts: Facts, item: Item): [string, string, string] {
  if (facts.rectifies) return ["brand", "rectification", "整改返工，不向客户收费"];
  const judged = judgedFor(facts, item);
  if (judged?.result === "covered") return [GRANTS[judged.rule] ?? "warranty", "warranty", judged.words];
  const card = facts.cards.find((one) => one.kinds.includes(item.kind));
  if (card) return ["card", "card", `由${card.title}支付`];
  if (item.fen === 0) return ["customer", "free", "免费"];
  if (!judged) return ["customer", "bought", "按公示价目收费"];
  return ["customer", judged.result, judged.result === "unknown" ? `${judged.words}；核实后可免` : judged.words];
}

function judgedFor(facts: Facts, item: Item): Judged | undefined {
  if (!WARRANTED.includes(facts.service) || item.kind === "extra") return undefined;
  const answered = item.components.find((one) => facts.answers.some((answer) => answer.component === one));
  return facts.answers.find((one) => one.component === answered);
}

/** What is granted of a line, up to the fen that somebody once granted. */
function givenOf(goodwill: Goodwill, item: Item): number {
  const part = share(item.fen, goodwill.permille);
  return Math.min(part, goodwill.at_most ?? part);
}

function goodwillFor(facts: Facts, item: Item): Goodwill | undefined {
  const mine = facts.goodwill.filter((one) => ["*", item.key].includes(one.key) && givenOf(one, item) > 0);
  return ranked(mine, (one) => [-givenOf(one, item), -one.permille, one.key])[0];
}

/** What an answer names: exactly these lines of this order. */
export function hashOfLines(orderNumber: string, lines: readonly Line[]): string {
  const shown = lines.map(({ key, title, quantity_milli, fen, payer }) => ({ key, title, quantity: quantity_milli, fen, payer }));
  return hashOf({ v: 1, order: orderNumber, lines: shown, customer_fen: paidBy(lines, "customer") });
}

type Registers = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;

/** What the registers of a sheet say is to be done; fee lines that only repeat a quote's (路费, 配件 …) want nothing by themselves.
 *  Twin of domain.pricing.gathering.wanted_of. */
export function wantedOf(registers: Registers, facts: Facts): Wanted {
  const own = new Set(facts.rows.filter((one) => one.kind === "labour" || one.kind === "extra").map((one) => one.code));
  const sums = { fees: new Map<string, number>(), parts: new Map<string, number>(), materials: new Map<string, number>() };
  for (const key of Object.keys(registers).sort(byCodePoint)) {
    const value = registers[key];
    if (!value) continue;
    const add = (to: Map<string, number>, code: string, quantity: number) => to.set(code, (to.get(code) ?? 0) + quantity);
    if (key.startsWith("fee.")) {
      const code = String(value.code).replace(/^labour\./, "").replace(/^extra\./, "");
      if (own.has(code)) sums.fees.set(code, Number(value.quantity ?? 1000) || 1000);
    } else if (key.startsWith("part.")) add(sums.parts, written(String(value.part_code), facts), 1000 * Number(value.quantity));
    else if (key.startsWith("material.")) add(sums.materials, String(value.code), Number(value.quantity));
  }
  const counted = (some: Map<string, number>) => [...some].filter(([, n]) => n > 0).sort(([a], [b]) => byCodePoint(a, b));
  return { fees: counted(sums.fees), parts: counted(sums.parts), materials: counted(sums.materials) };
}

/** The brand's own way of writing a part's code; one that is not the brand's stays as typed. */
function written(code: string, facts: Facts): string {
  return facts.parts.find((one) => codeKey(one.code) === codeKey(code))?.code ?? code;
}
