/** Environment checks: measured with the limits in sight, chosen, or yes and no; what blocks the work is said large and red. */
import { useState } from "preact/hooks";
import type { CheckOut } from "../api";
import { photosOf, Pictures } from "../pictures";
import { checksOf, verdict, type Verdict } from "../rules/checks";
import { to } from "../route";
import type { Job } from "../store_types";
import { Button, Choice, Empty, Field, Page, Pill } from "../ui";
import { done, store, useDraft } from "../use";
import { nextOf } from "./steps";

const TONES: Record<Verdict, string> = { fine: "good", warns: "warn", blocks: "bad" };
const TITLES: Record<Verdict, string> = { fine: "合格", warns: "可以做，要告诉客户", blocks: "不合格，不能开工" };

export function Checks({ job }: { job: Job }) {
  const content = store.content();
  const checks = content ? checksOf(content, job) : [];
  const open = checks.filter((check) => !job.verdicts[check.code]).length;
  const blocking = checks.some((check) => job.verdicts[check.code] === "blocks");
  const next = nextOf(job);
  return (
    <Page
      title="环境检查"
      back={to("job", job.visit_id, "work")}
      action={
        open ? (
          <>
            {blocking && (
              <Button kind="warn" href={to("job", job.visit_id, "end", "blocked")}>
                环境不合格
              </Button>
            )}
            <Button disabled>还有 {open} 项没有记录</Button>
          </>
        ) : blocking ? (
          <Button kind="warn" href={to("job", job.visit_id, "end", "blocked")}>
            环境不合格，结束上门
          </Button>
        ) : (
          <Button href={next?.href ?? to("job", job.visit_id, "work")}>下一步{next && `：${next.words}`}</Button>
        )
      }
    >
      <div class="group cells">
        {checks.map((check, place) => (
          <CheckRow key={check.code} job={job} check={check} place={place + 1} />
        ))}
      </div>
      {!content && <Empty>内容还没有取到，连上网后会自动下载</Empty>}
    </Page>
  );
}

function limits(check: CheckOut): string {
  if (check.kind !== "number") return "";
  const { least, most, unit } = check;
  if (least !== null && most !== null) return `合格：${least}–${most} ${unit}`;
  return least !== null ? `合格：不小于 ${least} ${unit}` : `合格：不大于 ${most} ${unit}`;
}

/** What a value would mean, and what is wrong with it when it is no answer. */
function judge(check: CheckOut, value: string): { verdict: Verdict | null; wrong: string } {
  if (!value) return { verdict: null, wrong: "" };
  try {
    return { verdict: verdict(check, value), wrong: "" };
  } catch (error) {
    return { verdict: null, wrong: error instanceof Error ? error.message : "" };
  }
}

function CheckRow({ job, check, place }: { job: Job; check: CheckOut; place: number }) {
  const recorded = String(job.registers[`check.${check.code}`]?.value ?? "");
  const draft = `${job.visit_id}.check.${check.code}`;
  const [typed, setTyped] = useDraft(draft, recorded);
  const value = check.kind === "number" ? typed.trim() : recorded;
  const found = judge(check, value);
  const photos = photosOf(job, "check", check.code).map((photo) => photo.upload_id);
  const record = (answer: string) => {
    const body = { code: check.code, value: answer, ...(check.unit ? { unit: check.unit } : {}), ...(photos.length ? { photo_ids: photos } : {}) };
    const recording = store.act("check.record", job.visit_id, body);
    store.keepDraft(draft, ""); // from now on what is recorded is what stands, also when another phone measures again
    return done(recording);
  };
  return (
    <section class="check" id={`check-${check.code}`}>
      <h3>
        {place}. {check.title}
        {check.photo && !photos.length && <Pill tone="warn">要拍照</Pill>}
      </h3>
      <p class="limits">
        {check.how}
        {limits(check) && (
          <>
            <br />
            <b>{limits(check)}</b>
          </>
        )}
      </p>
      {check.kind === "number" ? (
        <Measured check={check} typed={typed} recorded={recorded} wrong={found.wrong} onInput={setTyped} onRecord={record} />
      ) : (
        <Choice
          row={check.kind === "yes_no"}
          label={check.title}
          chosen={recorded}
          options={
            check.kind === "yes_no"
              ? [{ code: "yes", words: "是" }, { code: "no", words: "否", tone: TONES[check.failing] }]
              : check.options.map((one) => ({ code: one.code, words: one.words, tone: TONES[one.verdict] }))
          }
          onChoose={(code) => void record(code)}
        />
      )}
      {found.verdict && (
        <div class={`verdict ${found.verdict}`} role={found.verdict === "blocks" ? "alert" : "status"}>
          {TITLES[found.verdict]}
          {found.verdict !== "fine" && check.put_right && <p>告诉客户：{check.put_right}</p>}
        </div>
      )}
      {check.photo && <Pictures job={job} purpose="check" of={check.code} words="拍照" />}
    </section>
  );
}

function Measured(props: {
  check: CheckOut;
  typed: string;
  recorded: string;
  wrong: string;
  onInput: (text: string) => void;
  onRecord: (value: string) => Promise<boolean>;
}) {
  const [busy, setBusy] = useState(false);
  const value = props.typed.trim();
  const same = value === props.recorded;
  const record = async () => {
    setBusy(true);
    await props.onRecord(value);
    setBusy(false);
  };
  return (
    <Field
      label={same && value ? "已记录" : "测得"}
      mode="decimal"
      most={12}
      value={props.typed}
      unit={props.check.unit}
      wrong={props.wrong}
      onInput={props.onInput}
      side={
        <Button small kind={same ? "plain" : "main"} disabled={busy || !value || same || !!props.wrong} onClick={() => void record()}>
          {same && value ? "✓" : "记录"}
        </Button>
      }
    />
  );
}
