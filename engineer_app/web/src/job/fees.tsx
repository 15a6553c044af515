/** What the job costs, line by line with who pays and why: reckoned from the price list, never typed. The customer agrees before the work. */
import type { OperationBodies } from "../api";
import { onward, to } from "../route";
import { best, KINDS, type Fee, type Line } from "../rules/prices";
import type { Job } from "../store_types";
import { Button, Cell, Empty, Group, Notice, Page } from "../ui";
import { done, linesOf, now as store_now, store } from "../use";
import { dayOf, isoDay, milli, yuan } from "../words";
import { partOf } from "./parts";
import { ask, reckoned, registerName, toDo, writeLines, type FeeLine, type Reckoned, type Standing } from "./prices";

type Payer = FeeLine["payer"];

export const PAYERS: Record<Payer, string> = {
  customer: "客户付", warranty: "保修（厂家付）", cover: "延保", card: "服务卡", brand: "品牌承担",
};
const OFF: Record<string, string> = {
  no_price: "报价没有发出：有项目网点还没有定价。已告诉网点，补好价目后连一次网，再请客户确认。",
  card_back: "服务卡已经退回，原来的报价作废。请按现在的价格再请客户确认一次。",
  nothing_to_quote: "报价没有发出：工单已经结束。要补收请找网点。",
};
const OFF_ELSE = "客户的答复没有用上：那份报价已经变了。请按现在的价格再请客户确认一次。";

/** How it stands with the customer, in words. */
function standWords(now: Reckoned): [string, "warn" | "good" | "bad"] | null {
  if (now.off) return [OFF[now.off] ?? OFF_ELSE, "bad"];
  const free = now.customerFen === 0;
  const said: Record<Standing, [string, "warn" | "good" | "bad"] | null> = {
    none: free && now.lines.length && !now.unpriced.length ? ["这次客户不用付钱", "good"] : null,
    asked: free ? ["这次客户不用付钱，已记到服务单", "good"] : ["已发给客户，等客户在微信里同意", "warn"],
    outdated: ["发给客户之后费用又变了，请再请客户确认", "bad"],
    agreed: free ? ["这次客户不用付钱，已记到服务单", "good"] : ["客户已同意这份报价", "good"],
    changed: ["和客户同意过的不一样了，请客户再确认一次", "bad"],
    refused: [`客户不同意：没做的项目不收费，${free ? "客户不用付钱" : `只收 ¥${yuan(now.customerFen)}`}。没装的配件请从“配件与旧件”里删掉。`, "warn"],
  };
  return said[now.standing];
}

/** What the person has to know before any price is shown or agreed to. */
export function Warnings({ job, now }: { job: Job; now: Reckoned }) {
  const told = standWords(now);
  const today = isoDay(store_now());
  return (
    <>
      {told && <Notice tone={told[1]}>{told[0]}</Notice>}
      {now.facts.day !== today && (
        <Notice tone="warn">这是 {dayOf(`${now.facts.day}T12:00:00+08:00`, store_now())} 的价目，连一次网就会更新。现在也可以请客户确认：两个价里客户付低的。</Notice>
      )}
      {now.unpriced.length > 0 && (
        <Notice tone="bad">
          <b>没有价格：{now.unpriced.map((code) => partOf(job, code)?.name ?? code).join("、")}</b>
          没有价格就不能请客户确认。请联系网点补价目，补好后连一次网；或者先去掉这一项。
        </Notice>
      )}
    </>
  );
}

export function totalOf(job: Job): number {
  return linesOf<OperationBodies["fee.put"]>(job, "fee").reduce((sum, [, line]) => sum + (line.payer === "customer" ? line.fen : 0), 0);
}

export function Fees({ job }: { job: Job }) {
  const now = reckoned(job);
  if (!now) {
    return (
      <Page title="费用" back={to("job", job.visit_id, "work")}>
        <Notice tone="warn">这台手机还没有这张工单的价目，连一次网就有了。没有价目不能收费。</Notice>
      </Page>
    );
  }
  const listed = store.brand(job.brand_id)?.price_words;
  return (
    <Page title="费用" back={to("job", job.visit_id, "work")} action={<Forward job={job} now={now} />}>
      <Warnings job={job} now={now} />
      <Lines now={now} />
      <Group>
        <Cell label="加人工和其他项目" note="配件、辅材在各自的页面填，会自动算进来" href={to("job", job.visit_id, "fees", "add")} />
        <Cell label="服务卡、延保" note="客户有卡可以抵扣" href={to("job", job.visit_id, "shop")} />
      </Group>
      {listed && (
        <details class="group listed">
          <summary>给客户看公示价目</summary>
          <p class="prices">{listed}</p>
        </details>
      )}
    </Page>
  );
}

/** The next thing about the price: nothing to agree to where there is nothing to pay. */
function Forward({ job, now }: { job: Job; now: Reckoned }) {
  const on = onward();
  const back = to("job", job.visit_id, "work");
  const keep = async (what: Promise<unknown>) => {
    if (await done(what, "已记到服务单")) on("job", job.visit_id, "work");
  };
  if (now.unpriced.length) return <Button href={back}>先做别的</Button>;
  if (!toDo(job)) {
    if (now.standing !== "agreed" || !now.customerFen) return <Button href={back}>继续</Button>;
    return (
      <>
        <Button kind="plain" href={to("job", job.visit_id, "quote")}>看报价</Button>
        <Button href={back}>继续</Button>
      </>
    );
  }
  if (now.standing === "refused" || now.standing === "agreed") return <Button onClick={() => void keep(writeLines(job, now.lines))}>记到服务单</Button>;
  if (!now.customerFen) return <Button onClick={() => void keep(now.lines.length ? ask(job, now) : writeLines(job, []))}>记到服务单</Button>;
  return <Button href={to("job", job.visit_id, "quote")}>请客户确认 ¥{yuan(now.customerFen)}</Button>;
}

/** What the customer pays first, then what others pay for him. */
export function Lines({ now }: { now: Reckoned }) {
  const shown = now.lines.filter((line) => line.fen > 0 || line.kind !== "travel");
  const own = shown.filter((line) => line.payer === "customer");
  const others = shown.filter((line) => line.payer !== "customer");
  const cell = (line: Line) => (
    <Cell key={line.key} label={titleOf(line)} note={line.payer === "customer" ? line.why : `${PAYERS[line.payer as Payer] ?? line.payer}：${line.why}`} value={`¥${yuan(line.fen)}`} />
  );
  return (
    <>
      <Group title="客户付" note={others.length ? undefined : LISTED}>
        {own.map(cell)}
        {!own.length && <div class="box soft">没有要客户付的</div>}
        <Cell label={<b>客户应付</b>} value={<b class="big">¥{yuan(now.customerFen)}</b>} />
      </Group>
      {others.length > 0 && <Group title="不用客户付" note={LISTED}>{others.map(cell)}</Group>}
    </>
  );
}

const LISTED = "按公示价目自动计算，先让客户看清再做；不在价目上的不收。";

function titleOf(line: Line): string {
  return line.quantity_milli === 1000 ? line.title : `${line.title} × ${milli(line.quantity_milli)} ${line.unit}`;
}

/** Labour and other work to choose from: the rows of the price list that fit, each once. */
export function AddFee({ job }: { job: Job }) {
  const on = onward();
  const now = reckoned(job);
  if (!now) return null;
  const chosen = new Map(now.facts.wanted.fees);
  const kinds = ["labour", "extra"] as const;
  const rows = kinds.flatMap((kind) => [...new Set(now.facts.rows.filter((row) => row.kind === kind).map((row) => row.code))].flatMap((code) => best(now.facts, kind, code) ?? []));
  const put = (row: Fee, count: number) => {
    const key = `${row.kind}.${row.code}`;
    const line = lineNamed(job, key) ?? registerName(key);
    if (!count) return done(store.act("fee.remove", job.visit_id, { line }), "已去掉");
    return done(store.act("fee.put", job.visit_id, { line, code: key, title: row.title, fen: 0, payer: "customer", quantity: 1000 * count }), "已加上");
  };
  const back = async () => {
    const latest = reckoned(store.job(job.visit_id) ?? job) ?? now;
    if (await done(writeLines(job, latest.lines))) on("job", job.visit_id, "fees");
  };
  return (
    <Page title="加项目" back={to("job", job.visit_id, "fees")} action={<Button onClick={() => void back()}>好了</Button>}>
      {!rows.length && <Empty>品牌的价目表里没有可以加的项目</Empty>}
      {kinds.map((kind) => {
        const mine = rows.filter((row) => row.kind === kind);
        if (!mine.length) return null;
        return (
          <Group key={kind} title={KINDS[kind]}>
            {mine.map((row) => <Choosing key={row.id} row={row} count={(chosen.get(row.code) ?? 0) / 1000} onPut={(count) => void put(row, count)} />)}
          </Group>
        );
      })}
    </Page>
  );
}

/** One row: touched, it is on or off; what is counted by something else than 次 can be had several times. */
function Choosing({ row, count, onPut }: { row: Fee; count: number; onPut: (count: number) => void }) {
  const counted = count > 0 && row.unit !== "次" && Number.isInteger(count);
  return (
    <>
      <Cell label={row.title} note={`¥${yuan(row.fen)}/${row.unit}`} value={count > 0 ? <b class="chosen">✓ 已加</b> : "加上"} leads={false} onClick={() => onPut(count > 0 ? 0 : 1)} />
      {counted && (
        <div class="counter">
          <Button kind="plain" small disabled={count <= 1} onClick={() => onPut(count - 1)}>少一{row.unit}</Button>
          <b>{count} {row.unit}</b>
          <Button kind="plain" small disabled={count >= 99} onClick={() => onPut(count + 1)}>多一{row.unit}</Button>
        </div>
      )}
    </>
  );
}

const lineNamed = (job: Job, key: string) => linesOf<FeeLine>(job, "fee").find(([, fee]) => fee.code === key)?.[0];
