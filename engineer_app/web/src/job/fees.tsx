/** What the job costs, line by line with who pays and why: reckoned from the price list, never typed. The customer agrees before the work. */
import type { OperationBodies } from "../api";
import { onward, to } from "../route";
import { best, KINDS, type Line } from "../rules/prices";
import type { Job } from "../store_types";
import { Button, Cell, Group, Notice, Page } from "../ui";
import { done, linesOf, store } from "../use";
import { milli, yuan } from "../words";
import { isWritten, reckoned, registerName, writeLines, type FeeLine, type Reckoned, type Standing } from "./prices";

type Payer = FeeLine["payer"];

export const PAYERS: Record<Payer, string> = {
  customer: "客户付", warranty: "保修（厂家付）", cover: "延保", card: "服务卡", brand: "品牌承担",
};
const STANDS: Record<Standing, [string, "warn" | "good" | "bad"] | null> = {
  none: null,
  asked: ["已发给客户，等客户在微信里同意", "warn"],
  agreed: ["客户已同意这份报价", "good"],
  refused: ["客户不同意：收费项目不做，只收上门费", "bad"],
  changed: ["和客户同意过的不一样了，请客户再确认一次", "bad"],
};

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
  const said = STANDS[now.standing];
  const ready = now.standing === "agreed" && isWritten(job, now.lines);
  return (
    <Page title="费用" back={to("job", job.visit_id, "work")} action={<Button kind={ready ? "plain" : "main"} href={to("job", job.visit_id, "quote")}>{ready ? "看客户同意的报价" : "请客户确认"}</Button>}>
      {said && <Notice tone={said[1]}>{said[0]}</Notice>}
      {now.unpriced.length > 0 && <Notice tone="bad">价目表里没有：{now.unpriced.join("、")}，不能收费，请联系网点补价目。</Notice>}
      <Lines now={now} />
      <Group>
        <Cell label="加人工和其他项目" note="配件、辅材在各自的页面填，会自动算进来" href={to("job", job.visit_id, "fees", "add")} />
        <Cell label="服务卡、延保" note="客户有卡可以抵扣" href={to("job", job.visit_id, "shop")} />
      </Group>
    </Page>
  );
}

export function Lines({ now }: { now: Reckoned }) {
  const shown = now.lines.filter((line) => line.fen > 0 || line.kind !== "travel");
  return (
    <Group title="这次的费用" note="按公示价目自动计算，先让客户看清再做；不在价目上的不收。">
      {shown.map((line) => (
        <Cell key={line.key} label={titleOf(line)} note={`${PAYERS[line.payer as Payer] ?? line.payer}：${line.why}`} value={`¥${yuan(line.fen)}`} />
      ))}
      {!shown.length && <div class="box soft">不收费</div>}
      <Cell label={<b>客户应付</b>} value={<b class="big">¥{yuan(now.customerFen)}</b>} />
    </Group>
  );
}

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
  const toggle = async (kind: string, code: string, title: string) => {
    const key = `${kind}.${code}`;
    const line = registerName(key);
    if (chosen.has(code)) return done(store.act("fee.remove", job.visit_id, { line: lineNamed(job, key) ?? line }), "已去掉");
    return done(store.act("fee.put", job.visit_id, { line, code: key, title, fen: 0, payer: "customer", quantity: 1000 }), "已加上");
  };
  const back = async () => {
    if (await done(writeLines(job, now.lines))) on("job", job.visit_id, "fees");
  };
  return (
    <Page title="加项目" back={to("job", job.visit_id, "fees")} action={<Button onClick={() => void back()}>好了</Button>}>
      {kinds.map((kind) => {
        const mine = rows.filter((row) => row.kind === kind);
        if (!mine.length) return null;
        return (
          <Group key={kind} title={KINDS[kind]}>
            {mine.map((row) => (
              <Cell
                key={row.id} label={row.title} note={`¥${yuan(row.fen)}/${row.unit}`} value={chosen.has(row.code) ? "✓ 已加" : "加上"} leads={false}
                onClick={() => void toggle(row.kind, row.code, row.title)}
              />
            ))}
          </Group>
        );
      })}
    </Page>
  );
}

const lineNamed = (job: Job, key: string) => linesOf<FeeLine>(job, "fee").find(([, fee]) => fee.code === key)?.[0];
