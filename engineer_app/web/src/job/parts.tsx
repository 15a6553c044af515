/** Parts used: from the model's bill of materials, or a typed code that is offered its neighbours and never changed silently;
 *  the new part's serial, the old one's, and a photo. */
import { useState } from "preact/hooks";
import type { OperationBodies, PartOut } from "../api";
import { findPart } from "../calls";
import { photosOf, Pictures } from "../pictures";
import { codeKey, look } from "../rules/parts";
import { onward, to } from "../route";
import { SerialField, tidy } from "../scan";
import type { Job } from "../store_types";
import { Button, Cell, Choice, Field, Group, Notice, Page, Pill } from "../ui";
import { done, linesOf, newId, store, useDraft } from "../use";

type PartLine = OperationBodies["part.put"];

export const partOf = (job: Job, code: string): PartOut | undefined =>
  store.bill(job.model_id).find((part) => codeKey(part.code) === codeKey(code));

export function Parts({ job }: { job: Job }) {
  const lines = linesOf<PartLine>(job, "part");
  const unfinished = (job.missing.finished ?? []).find((need) => need.code === "parts")?.items ?? [];
  return (
    <Page title="配件与旧件" back={to("job", job.visit_id, "work")} action={<Button href={to("job", job.visit_id, "parts", "new")}>添加配件</Button>}>
      <Group title="用了的配件">
        {lines.map(([line, value]) => (
          <Cell
            key={line}
            label={partOf(job, value.part_code)?.name ?? value.part_code}
            note={[value.part_code, value.new_serial && `新 ${value.new_serial}`, value.old_serial && `旧 ${value.old_serial}`].filter(Boolean).join(" · ")}
            value={unfinished.includes(line) ? <Pill tone="bad">序列号没填全</Pill> : `× ${value.quantity}`}
            href={to("job", job.visit_id, "parts", line)}
          />
        ))}
        {!lines.length && <div class="box soft">没有换配件就不用填</div>}
      </Group>
    </Page>
  );
}

/** Which part: from the bill with the likely ones first, or by code. */
export function PickPart({ job, onPick }: { job: Job; onPick: (code: string) => void }) {
  const [typed, setTyped] = useState("");
  const [near, setNear] = useState<PartOut[] | null>(null);
  const bill = store.bill(job.model_id);
  const likely = new Set((job.registers.diagnosis?.parts as string[] | undefined) ?? []);
  const isLikely = (part: PartOut) => [...likely].some((name) => part.name.includes(name) || name.includes(part.name));
  const sorted = [...bill].sort((a, b) => Number(isLikely(b)) - Number(isLikely(a)));
  const enter = async () => {
    const here = look(bill, typed);
    if (here.exact) return onPick(here.exact.code);
    const there = await findPart(job.visit_id, typed.trim()).catch(() => null);
    if (there?.exact) return onPick(there.exact.code);
    setNear(there ? there.near : here.near);
  };
  return (
    <>
      <Group title="输入编码">
        <Field
          label="配件编码"
          value={typed}
          most={64}
          onInput={(text) => {
            setTyped(text.toUpperCase());
            setNear(null);
          }}
          side={
            <Button small disabled={!typed.trim()} onClick={() => void enter()}>
              查找
            </Button>
          }
        />
        {near && <div class="box"><b class="wrong">没有编码“{typed.trim()}”。{near.length ? "您要的是不是：" : "请对照配件上的标签。"}</b></div>}
        {near?.map((part) => <PartCell key={part.code} part={part} onPick={onPick} />)}
        {near && <Cell label={`就用“${typed.trim()}”`} note="不在物料清单里，审核时会看到" onClick={() => onPick(typed.trim())} />}
      </Group>
      {sorted.length > 0 && (
        <Group title="这个型号的配件">
          {sorted.map((part) => <PartCell key={part.code} part={part} likely={isLikely(part)} onPick={onPick} />)}
        </Group>
      )}
      {!sorted.length && job.model_id && <p class="note">这个型号还没有物料清单，请输入编码。</p>}
      {!job.model_id && (
        <Group note="知道型号，才能按物料清单选配件、算价钱。">
          <Cell label="还不知道型号" note="看铭牌补上" href={to("job", job.visit_id, "model")} />
        </Group>
      )}
    </>
  );
}

function PartCell({ part, likely, onPick }: { part: PartOut; likely?: boolean; onPick: (code: string) => void }) {
  const note = part.superseded_by ? `${part.code} · 已由 ${part.superseded_by} 替代` : part.code;
  return <Cell label={part.name} note={note} value={likely ? <Pill tone="good">诊断建议</Pill> : undefined} onClick={() => onPick(part.code)} />;
}

export function PartPage({ job, line }: { job: Job; line: string }) {
  const [made] = useState(newId);
  const [code, setCode] = useState("");
  const known = job.registers[`part.${line}`] as PartLine | null | undefined;
  const back = to("job", job.visit_id, "parts");
  if (line !== "new" && known) return <PartForm key={line} job={job} line={line} start={known} />;
  if (!code) {
    return (
      <Page title="选配件" back={back}>
        <PickPart job={job} onPick={setCode} />
      </Page>
    );
  }
  return <PartForm key={code} job={job} line={made} start={{ line: made, part_code: code, quantity: 1 }} onOther={() => setCode("")} />;
}

function PartForm(props: { job: Job; line: string; start: PartLine; onOther?: () => void }) {
  const { job, line, start } = props;
  const on = onward();
  const [quantity, setQuantity] = useState(String(start.quantity));
  const [fresh, setFresh] = useDraft(`${line}.new`, start.new_serial ?? "");
  const [old, setOld] = useDraft(`${line}.old`, start.old_serial ?? "");
  const [kept, setKept] = useState(start.old_part_kept === undefined ? "" : start.old_part_kept ? "kept" : "none");
  const part = partOf(job, start.part_code);
  const count = /^[1-9]\d?$/.test(quantity) ? Number(quantity) : 0;
  const lacks = !count ? "数量填 1 到 99" : "";
  const remind = [part?.serial_kept && !fresh && "新件序列号", part?.old_returned && !old && kept !== "kept" && "旧件"].filter(Boolean).join("、");
  const save = async () => {
    const photo_ids = photosOf(job, "part", line).map((photo) => photo.upload_id);
    const body = { line, part_code: start.part_code, quantity: count, new_serial: tidy(fresh), old_serial: tidy(old), photo_ids, ...(kept ? { old_part_kept: kept === "kept" } : {}) };
    if (await done(store.act("part.put", job.visit_id, body), "已保存")) on("job", job.visit_id, "parts");
  };
  const remove = async () => {
    if (await done(store.act("part.remove", job.visit_id, { line }), "已删除")) on("job", job.visit_id, "parts");
  };
  return (
    <Page
      title={part?.name ?? start.part_code}
      back={to("job", job.visit_id, "parts")}
      action={
        <>
          {props.onOther ? <Button kind="plain" onClick={props.onOther}>换一个</Button> : <Button kind="plain" onClick={() => void remove()}>删除</Button>}
          <Button disabled={!!lacks} onClick={() => void save()}>{lacks || "保存"}</Button>
        </>
      }
    >
      <Group>
        <Cell label="编码" value={start.part_code} />
        <Field label="数量" mode="numeric" most={2} unit="件" value={quantity} onInput={setQuantity} wrong={lacks} />
      </Group>
      {!part && <Notice tone="warn">不在这个型号的物料清单里，审核时会看到。</Notice>}
      {part?.superseded_by && <Notice tone="warn">这个编码已由 {part.superseded_by} 替代，请确认装的是哪个。</Notice>}
      {remind && <Notice>完工前要填：{remind}</Notice>}
      <Group title="新件">
        <SerialField label={`新件序列号${part?.serial_kept ? "" : "（没有就不填）"}`} value={fresh} onInput={setFresh} />
      </Group>
      <Group title="换下的旧件" note={part?.old_returned ? "这种旧件要返厂，请贴好标签带回网点。" : undefined}>
        <SerialField label={`旧件序列号${part?.old_returned ? "" : "（没有就不填）"}`} value={old} onInput={setOld} />
        <div class="box">
          <Choice label="旧件" row options={[{ code: "kept", words: "已带回，无序列号" }, { code: "none", words: "没有带回" }]} chosen={kept} onChoose={setKept} />
        </div>
        <Pictures job={job} purpose="part" of={line} words="拍旧件" />
      </Group>
    </Page>
  );
}
