/** The service sheet as the customer reads it, and the signatures under it: one from before a change is shown as void. */
import type { OperationBodies } from "../api";
import { Picture } from "../pictures";
import { to } from "../route";
import type { Job, Signature } from "../store_types";
import { Button, Group, Notice } from "../ui";
import { fieldOf, linesOf, now, store } from "../use";
import { milli, momentOf, yuan } from "../words";
import { PAYERS, totalOf } from "./fees";
import { partOf } from "./parts";
import { ended } from "./steps";

export function SheetTab({ job }: { job: Job }) {
  const mine = job.signed.filter((one) => one.purpose === "sheet");
  const receipts = job.signed.filter((one) => one.purpose === "receipt");
  const voided = mine.length > 0 && !mine.some((one) => one.holds);
  const early = (job.missing.finished ?? []).filter((need) => need.code !== "signature");
  return (
    <>
      {voided && (
        <Notice tone="bad">
          <b>签名已失效</b>签名之后服务单又改过，请客户看过再签一次。原来的签名会一直保留。
        </Notice>
      )}
      {!mine.length && !ended(job) && early.length > 0 && <Notice>签名前最好先做完：{early.map((need) => need.words).join("、")}</Notice>}
      <Paper job={job} />
      <Signatures job={job} title="客户签名" all={mine} />
      <Signatures job={job} title="取件单签名" all={receipts} />
      {job.sheet?.verify_code && <p class="note">查验码 {job.sheet.verify_code}</p>}
      {!ended(job) && !job.gone && (
        <div class="stack">
          <Button kind="plain" href={to("job", job.visit_id, "sign", "sheet")}>
            {mine.some((one) => one.holds) ? "再签一次" : voided ? "请客户重签" : "请客户签名"}
          </Button>
        </div>
      )}
    </>
  );
}

function machineOf(job: Job): string {
  const model = job.product?.model_name || job.product?.model_code || job.signed_product;
  return [model, fieldOf(job, "serial") || job.product?.serial].filter(Boolean).join(" ");
}

function Row({ title, words }: { title: string; words: string }) {
  if (!words) return null;
  return (
    <>
      <dt>{title}</dt>
      <dd class="words">{words}</dd>
    </>
  );
}

export function Paper({ job }: { job: Job }) {
  const parts = linesOf<OperationBodies["part.put"]>(job, "part");
  const materials = linesOf<OperationBodies["material.put"]>(job, "material");
  const fees = linesOf<OperationBodies["fee.put"]>(job, "fee");
  const known = new Map(store.content()?.materials.map((one) => [one.code, one]));
  return (
    <article class="sheet">
      <h2>{job.brand_name}服务单</h2>
      <dl>
        <dt>工单</dt>
        <dd>{job.number}</dd>
        <dt>客户</dt>
        <dd>{job.customer.name}</dd>
        <dt>服务</dt>
        <dd>{job.category_title}{job.service_title}</dd>
        <Row title="产品" words={machineOf(job)} />
        <Row title="检查结果" words={fieldOf(job, "fault_found")} />
        <Row title="处理情况" words={fieldOf(job, "done")} />
      </dl>
      {parts.length > 0 && <h3>更换配件</h3>}
      {parts.map(([line, one]) => (
        <div class="line" key={line}>
          <span>{partOf(job, one.part_code)?.name ?? one.part_code}<small>{[one.part_code, one.new_serial].filter(Boolean).join(" · ")}</small></span>
          <b>× {one.quantity}</b>
        </div>
      ))}
      {materials.length > 0 && <h3>安装辅材</h3>}
      {materials.map(([line, one]) => (
        <div class="line" key={line}>
          <span>{known.get(one.code)?.title ?? one.code}</span>
          <b>{milli(one.quantity)} {known.get(one.code)?.unit}</b>
        </div>
      ))}
      {fees.length > 0 && <h3>费用</h3>}
      {fees.map(([line, one]) => (
        <div class="line" key={line}>
          <span>{one.title}{one.quantity && one.quantity !== 1000 ? ` × ${milli(one.quantity)}` : ""}<small>{PAYERS[one.payer]}</small></span>
          <b>¥{yuan(one.fen)}</b>
        </div>
      ))}
      <div class="total">
        <span>客户应付</span>
        <span>¥{yuan(totalOf(job))}</span>
      </div>
      {job.owed.filter((one) => one.kind === "bill").slice(0, 1).map((one) => (
        <div class="line" key={one.id}>
          <span>{one.status_title}</span>
          <b>¥{yuan(one.status === "open" ? one.due_fen : one.paid_fen)}</b>
        </div>
      ))}
    </article>
  );
}

function Signatures({ job, title, all }: { job: Job; title: string; all: Signature[] }) {
  if (!all.length) return null;
  return (
    <Group title={title}>
      {[...all].reverse().map((one) => (
        <div class="box" key={one.id}>
          <div class={`signature ${one.holds ? "" : "void"}`}>
            <Picture job={job} upload={one.upload_id} words={one.name || "签名"} />
            {!one.holds && <span class="stamp">已失效</span>}
          </div>
          <small>{momentOf(one.at, now())}{one.name && ` · ${one.name}`}</small>
        </div>
      ))}
    </Group>
  );
}
