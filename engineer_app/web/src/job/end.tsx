/** Ending a visit: what it still needs, each line leading there; a reason or the parts waited for where they are wanted. */
import { useState } from "preact/hooks";
import { Pictures } from "../pictures";
import { onward, to } from "../route";
import type { OperationBodies } from "../api";
import type { Job } from "../store_types";
import { checksOf } from "../rules/checks";
import { Button, Cell, Choice, Field, Group, Notice, Page } from "../ui";
import { done, store, useDraft } from "../use";
import { PickPart, partOf } from "./parts";
import { toDo } from "./prices";
import { wayTo, words } from "./steps";

type Outcome = OperationBodies["visit.end"]["outcome"];

const REASONS: Partial<Record<Outcome, { code: string; words: string }[]>> = {
  revisit: [
    { code: "more_time", words: "时间不够" },
    { code: "second_person", words: "要两个人" },
    { code: "tool", words: "缺工具" },
    { code: "observe", words: "要观察再说" },
    { code: "customer", words: "客户要求" },
    { code: "other", words: "其他" },
  ],
  absent: [
    { code: "no_answer", words: "敲门、电话都没人应" },
    { code: "out", words: "客户电话说不在家" },
    { code: "refused", words: "客户不让进门" },
    { code: "other", words: "其他" },
  ],
};
const TELLS: Record<Outcome, string> = {
  finished: "客户会在微信里收到服务单。结束后改不了，要改请找网点。",
  waiting_part: "配件到了会通知您和客户，再约上门。",
  taken_in: "机器带走维修，客户手里有签过名的取件单。",
  revisit: "会给客户再约一次上门。",
  blocked: "客户会在微信里收到要整改什么，改好后再约上门。",
  absent: "会告诉客户我们来过，并请他另约时间。",
};

export const isOutcome = (code: string): code is Outcome => code in TELLS;

export function End({ job, outcome }: { job: Job; outcome: Outcome }) {
  const on = onward();
  const [code, setCode] = useState("");
  const [why, setWhy] = useDraft(`${job.visit_id}.${outcome}.why`);
  const [parts, setParts] = useState<string[]>([]);
  const title = store.content()?.outcomes.find((one) => one.code === outcome)?.title ?? "结束上门";
  const reasons = REASONS[outcome];
  const all = job.missing[outcome] ?? [];
  const wanted = all.filter((need) => need.code !== "why" && need.code !== "parts_wanted");
  const reasonless = !!reasons && (!code || (code === "other" && !why.trim()));
  const partless = outcome === "waiting_part" && !parts.length;
  const lacks = wanted.length ? `请先${wanted[0]?.words}` : reasonless ? "请先写明原因" : partless ? "请先选要等的配件" : "";
  const send = async () => {
    const body = { outcome, ...(code ? { reason_code: code } : {}), ...(why.trim() ? { why: why.trim() } : {}), ...(parts.length ? { parts } : {}) };
    if (await done(store.act("visit.end", job.visit_id, body), `${title}，已记下`)) on("job", job.visit_id, "about");
  };
  return (
    <Page
      title={title}
      back={to("job", job.visit_id)}
      action={
        wanted[0] ? (
          <Button href={wayThere(job, outcome, wanted[0].code)}>去{wanted[0].words}</Button>
        ) : (
          <Button kind={outcome === "blocked" ? "warn" : "main"} disabled={!!lacks} onClick={() => void send()}>
            {lacks || `确认${title}`}
          </Button>
        )
      }
    >
      <Notice tone={outcome === "finished" ? "good" : undefined}>{TELLS[outcome]}</Notice>
      {wanted.length > 0 && (
        <Group title="还缺这些，点一下就去">
          {wanted.map((need) => (
            <Cell key={need.code} label={`请先${words(need)}`} href={wayThere(job, outcome, need.code)} />
          ))}
        </Group>
      )}
      {outcome === "finished" && wanted.length === 0 && toDo(job) && (
        <Group title="签名前要先说清费用">
          <Cell label={toDo(job)} href={to("job", job.visit_id, "fees")} />
        </Group>
      )}
      {outcome === "blocked" && <PutRight job={job} />}
      {reasons && (
        <Group title="为什么">
          <div class="box">
            <Choice label="原因" options={reasons} chosen={code} onChoose={setCode} />
          </div>
        </Group>
      )}
      {outcome === "waiting_part" && <Waited job={job} parts={parts} onChange={setParts} />}
      {outcome !== "finished" && (
        <Group>
          <Field label={code === "other" ? "请说明" : "补充（可不填）"} lines={2} most={300} value={why} onInput={setWhy} />
        </Group>
      )}
      {outcome === "absent" && (
        <Group title="门口照片（证明到过）">
          <Pictures job={job} purpose="door" words="拍门口" />
        </Group>
      )}
    </Page>
  );
}

function wayThere(job: Job, outcome: Outcome, need: string): string {
  if (need === "receipt" || (need === "photo_receipt" && outcome === "taken_in")) return to("job", job.visit_id, "sign", "receipt");
  return wayTo(job, need);
}

/** What the customer is told to have put right. */
function PutRight({ job }: { job: Job }) {
  const content = store.content();
  const bad = content ? checksOf(content, job).filter((check) => job.verdicts[check.code] === "blocks") : [];
  return (
    <>
      {bad.map((check) => (
        <div class="group stack" key={check.code}>
          <div class="verdict blocks">
            {check.title}不合格
            <p>{check.put_right}</p>
          </div>
        </div>
      ))}
    </>
  );
}

/** The parts that are waited for. */
function Waited(props: { job: Job; parts: string[]; onChange: (parts: string[]) => void }) {
  const { job, parts } = props;
  const [picking, setPicking] = useState(parts.length === 0);
  return (
    <>
      <Group title="等哪个配件">
        {parts.map((part) => (
          <Cell key={part} label={partOf(job, part)?.name ?? part} note={part} value="去掉" onClick={() => props.onChange(parts.filter((one) => one !== part))} leads={false} />
        ))}
        {!picking && <Cell label="再加一个" onClick={() => setPicking(true)} />}
        {parts.length === 0 && <div class="box soft">从下面选，或输入编码</div>}
      </Group>
      {picking && (
        <PickPart
          job={job}
          onPick={(part) => {
            props.onChange([...new Set([...parts, part])]);
            setPicking(false);
          }}
        />
      )}
    </>
  );
}
