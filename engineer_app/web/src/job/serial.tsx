/** Which machine stands there: its serial against the order's; when they differ it is resolved on the spot. */
import { useState } from "preact/hooks";
import type { ProductOut, ProductsOut } from "../api";
import { Failed, findProduct } from "../calls";
import { Pictures } from "../pictures";
import { to } from "../route";
import { SerialField, tidy, wrongSerial } from "../scan";
import type { Job } from "../store_types";
import { Button, Cell, Group, Notice, Page } from "../ui";
import { done, fieldOf, store, useDraft } from "../use";

export function Serial({ job }: { job: Job }) {
  const [text, setText] = useDraft(`${job.visit_id}.serial`, fieldOf(job, "serial") || "");
  const [answer, setAnswer] = useState<ProductsOut | "later" | null>(null);
  const [busy, setBusy] = useState(false);
  const serial = tidy(text);
  const expected = job.product?.serial ?? "";
  const keep = (words: string) => done(store.act("field.set", job.visit_id, { name: "serial", value: serial }), words);
  const check = async () => {
    setBusy(true);
    try {
      const found = await findProduct(job.visit_id, serial);
      const first = !expected && found.found === "unknown"; // nobody has it, and the order had none: no other machine's
      setAnswer(first ? null : found);
      if (first) await keep("编号已补上");
      if (found.found === "this") await keep("就是这台，已记录");
    } catch (error) {
      if (error instanceof Failed && error.code !== "offline") setAnswer(null);
      else setAnswer("later");
      if (expected && tidy(expected) === serial) await keep("与工单一致，已记录");
    }
    setBusy(false);
  };
  const ready = serial.length > 0 && !wrongSerial(serial);
  return (
    <Page
      title="核对机器"
      back={to("job", job.visit_id, "work")}
      action={
        <Button disabled={!ready || busy} onClick={() => void check()}>
          {busy ? "正在核对…" : ready ? "核对" : "先扫码或输入编号"}
        </Button>
      }
    >
      <Group title="工单上的机器">
        <Cell label={job.product?.model_name || job.category_title} value={job.brand_name} />
        <Cell
          label="型号"
          value={job.product?.model_code || job.signed_product || "还不知道，看铭牌补上"}
          href={to("job", job.visit_id, "model")}
        />
        <Cell label="机身编号" value={expected || "还没有，扫一下就补上"} />
      </Group>
      <Group title="现场的机器" note="扫铭牌上的条码最准；O 和 0、I 和 1 容易看错。">
        <SerialField
          label="机身编号"
          value={text}
          onInput={(next) => {
            setText(next);
            setAnswer(null);
          }}
        />
        <Pictures job={job} purpose="nameplate" words="拍铭牌" />
      </Group>
      {fieldOf(job, "serial") === serial && serial && <Notice tone="good">已记录 {serial}</Notice>}
      {answer && <Resolve job={job} serial={serial} answer={answer} keep={keep} />}
    </Page>
  );
}

function Resolve(props: { job: Job; serial: string; answer: ProductsOut | "later"; keep: (words: string) => Promise<boolean> }) {
  const { job, answer, serial, keep } = props;
  const expected = job.product?.serial ?? "";
  if (answer === "later") {
    if (expected && tidy(expected) === serial) return null;
    return (
      <Notice tone="warn">
        <b>{expected ? "和工单上的编号不一样" : "没有网络，现在核对不了"}</b>
        {expected ? `工单上是 ${expected}。没有网络，查不到是谁的机器。` : "先记下来，有网后由系统核对。"}
        <Button onClick={() => void keep("已记录，有网后核对")}>先照现场的记下</Button>
      </Notice>
    );
  }
  if (answer.found === "this") return null;
  const choose = async (product: ProductOut) => {
    if (!(await done(store.act("correct", job.visit_id, { field: "product", value: product.id })))) return;
    await keep("工单已改为这台");
  };
  const others = answer.product ? [answer.product] : answer.others;
  return (
    <>
      <Notice tone="warn">
        <b>{expected ? "不是工单上的那台" : "请核对是不是这台"}</b>
        {answer.words}
      </Notice>
      <Group title="怎么处理">
        {others.map((product) => (
          <Cell
            key={product.id}
            label={`改为客户的另一台：${product.model_name || product.model_code}`}
            note={product.serial ?? "没有登记编号"}
            onClick={() => void choose(product)}
          />
        ))}
        <Cell label="就是这台，编号登记错了" note="照现场的编号记，审核时会看到" onClick={() => void keep("已照现场的记下")} />
        <Cell label="型号登记错了" note="看铭牌改型号" href={to("job", job.visit_id, "model")} />
        <Cell label="不是本品牌的机器" note="请质量人员判断怎么办" href={to("job", job.visit_id, "help", "appraisal")} />
        <Cell label="今天不做，再约" href={to("job", job.visit_id, "end", "revisit")} />
      </Group>
    </>
  );
}
