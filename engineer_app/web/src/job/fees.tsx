/** Lines of fees: what for, how much, who pays. A further kind of fee is a row of `KINDS`. */
import { useState } from "preact/hooks";
import type { OperationBodies } from "../api";
import { onward, to } from "../route";
import type { Job } from "../store_types";
import { Button, Cell, Choice, Field, Group, Page } from "../ui";
import { done, linesOf, newId, store } from "../use";
import { fenOf, yuan } from "../words";

type FeeLine = OperationBodies["fee.put"];
type Payer = FeeLine["payer"];

const KINDS = [
  { code: "door", words: "上门费" },
  { code: "labour", words: "人工费" },
  { code: "part", words: "配件费" },
  { code: "material", words: "辅材费" },
  { code: "height", words: "高空作业费" },
  { code: "other", words: "其他" },
];
export const PAYERS: Record<Payer, string> = {
  customer: "客户付", warranty: "保修（厂家付）", cover: "延保", card: "服务卡", brand: "品牌承担",
};
const MOST_FEN = 10_000_000;

export function totalOf(job: Job): number {
  return linesOf<FeeLine>(job, "fee").reduce((sum, [, line]) => sum + (line.payer === "customer" ? line.fen : 0), 0);
}

export function Fees({ job }: { job: Job }) {
  const lines = linesOf<FeeLine>(job, "fee");
  const prices = store.brand(job.brand_id)?.price_words.trim() ?? "";
  return (
    <Page title="费用" back={to("job", job.visit_id, "work")} action={<Button href={to("job", job.visit_id, "fees", "new")}>添加一项</Button>}>
      <Group title="收费项目" note="先让客户看清价目再做；不在价目上的不收。">
        {lines.map(([line, fee]) => (
          <Cell key={line} label={fee.title} note={PAYERS[fee.payer]} value={`¥${yuan(fee.fen)}`} href={to("job", job.visit_id, "fees", line)} />
        ))}
        {!lines.length && <div class="box soft">不收费就不用填</div>}
        {lines.length > 0 && <Cell label={<b>客户应付</b>} value={<b class="big">¥{yuan(totalOf(job))}</b>} />}
      </Group>
      {prices && (
        <Group title={`${job.brand_name}价目`}>
          <div class="box prices">{prices}</div>
        </Group>
      )}
    </Page>
  );
}

export function FeePage({ job, line }: { job: Job; line: string }) {
  const on = onward();
  const known = job.registers[`fee.${line}`] as FeeLine | null | undefined;
  const [id] = useState(() => (known ? line : newId()));
  const [code, setCode] = useState(known?.code ?? "");
  const [title, setTitle] = useState(known?.title ?? "");
  const [amount, setAmount] = useState(known ? yuan(known.fen) : "");
  const [payer, setPayer] = useState<string>(known?.payer ?? "customer");
  const fen = fenOf(amount);
  const bad = amount && (fen === null || fen > MOST_FEN) ? "请填金额，如 80 或 80.50" : "";
  const lacks = !code ? "先选项目" : !title.trim() ? "先写名称" : fen === null || bad ? "先填金额" : "";
  const back = () => on("job", job.visit_id, "fees");
  const save = async () => {
    const body = { line: id, code, title: title.trim(), fen: fen ?? 0, payer: payer as Payer };
    if (await done(store.act("fee.put", job.visit_id, body), "已保存")) back();
  };
  const remove = async () => {
    if (await done(store.act("fee.remove", job.visit_id, { line: id }), "已删除")) back();
  };
  return (
    <Page
      title={known ? "改费用" : "添加费用"}
      back={to("job", job.visit_id, "fees")}
      action={
        <>
          {known && <Button kind="plain" onClick={() => void remove()}>删除</Button>}
          <Button disabled={!!lacks} onClick={() => void save()}>{lacks || "保存"}</Button>
        </>
      }
    >
      <Group title="项目">
        <div class="box two">
          <Choice
            label="项目"
            options={KINDS}
            chosen={code}
            onChoose={(one) => {
              setCode(one);
              setTitle(one === "other" ? "" : (KINDS.find((kind) => kind.code === one)?.words ?? ""));
            }}
          />
        </div>
        {code && <Field label="服务单上的名称" most={60} value={title} onInput={setTitle} />}
      </Group>
      <Group title="金额">
        <Field label="金额" mode="decimal" most={9} unit="元" value={amount} onInput={setAmount} wrong={bad} />
      </Group>
      <Group title="谁付">
        <div class="box">
          <Choice label="谁付" options={Object.entries(PAYERS).map(([one, words]) => ({ code: one, words }))} chosen={payer} onChoose={setPayer} />
        </div>
      </Group>
    </Page>
  );
}
