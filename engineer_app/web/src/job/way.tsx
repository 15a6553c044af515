/** Departing and checking in: with the position when the phone gives one, with a reason when it is far away or gives none. */
import { useState } from "preact/hooks";
import { distance, FAR_M, locate, mapLink, type Position } from "../position";
import { go, onward, to } from "../route";
import type { Job } from "../store_types";
import { Button, Cell, Choice, Field, Group, Notice, Page } from "../ui";
import { done, now, store } from "../use";
import { metresOf, momentOf, timeOf } from "../words";
import { checkedIn, departed } from "./steps";

const FAR = ["地址登记的位置不准", "小区里车开不进去", "客户约在别处见面", "手机定位不准"];
const NONE = ["地下室没有信号", "手机不允许定位", "手机定位坏了"];

export function Way({ job }: { job: Job }) {
  const came = job.registers["milestone.check_in"];
  const when = (move: string) => {
    const kept = job.sheet?.registers.find((one) => one.key === `milestone.${move}`);
    return kept ? momentOf(kept.at, now()) : "";
  };
  return (
    <Page
      title="出发与签到"
      back={to("job", job.visit_id, "work")}
      action={checkedIn(job) ? <Button href={to("job", job.visit_id, "safety")}>下一步：安全提示</Button> : departed(job) ? undefined : <Depart job={job} />}
    >
      <Group>
        <Cell label={job.customer.address} note={job.window ? `约定 ${momentOf(job.window.since, now())}–${timeOf(job.window.until)}` : undefined} />
        <div class="box">
          <a class="button plain flush" href={mapLink(job.customer.place, job.customer.address)} target="_blank" rel="noopener">
            打开导航
          </a>
        </div>
      </Group>
      <Group title="记录">
        <Cell label="出发" value={departed(job) ? "已出发" : "还没有"} note={when("depart")} />
        <Cell
          label="签到"
          value={checkedIn(job) ? "已签到" : "还没有"}
          note={[when("check_in"), came?.far_reason && `说明：${String(came.far_reason)}`].filter(Boolean).join(" · ")}
        />
      </Group>
      {!checkedIn(job) && <CheckIn job={job} />}
    </Page>
  );
}

function Depart({ job }: { job: Job }) {
  const [busy, setBusy] = useState(false);
  const depart = async () => {
    setBusy(true);
    const position = await locate().catch(() => null); // departing needs no position
    await done(store.act("visit.move", job.visit_id, position ? { move: "depart", position } : { move: "depart" }), "已出发，客户会收到通知");
    setBusy(false);
  };
  return (
    <Button disabled={busy} onClick={() => void depart()}>
      {busy ? "正在定位…" : "现在出发"}
    </Button>
  );
}

type Found = { position: Position | null; words: string; far: boolean; reasons: string[] };

function CheckIn({ job }: { job: Job }) {
  const on = onward(go);
  const [found, setFound] = useState<Found | null>(null);
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState("");
  const send = async (position: Position | null, far_reason: string) => {
    const body = { move: "check_in" as const, ...(position ? { position } : {}), ...(far_reason ? { far_reason } : {}) };
    if (await done(store.act("visit.move", job.visit_id, body), "已签到")) on("job", job.visit_id, "safety");
  };
  const look = async () => {
    setBusy(true);
    try {
      const position = await locate();
      const far = distance(position, job.customer.place);
      const exact = `定位精度 ${metresOf(position.radius_m)}`;
      if (far && far.least > FAR_M) {
        setFound({ position, far: true, reasons: FAR, words: `离登记的地址约 ${metresOf(far.metres)}，${exact}` });
      } else {
        await send(position, "");
      }
    } catch (error) {
      setFound({ position: null, far: false, reasons: NONE, words: error instanceof Error ? error.message : "定位没有成功" });
    }
    setBusy(false);
  };
  if (!found) {
    return (
      <div class="stack">
        <Button kind={departed(job) ? "main" : "plain"} disabled={busy} onClick={() => void look()}>
          {busy ? "正在定位…" : "到了，签到"}
        </Button>
        <p class="note">签到会记下位置和精度，只用于证明到过现场。没有定位也能签，写明原因即可。</p>
      </div>
    );
  }
  return (
    <>
      <Notice tone="warn">
        <b>{found.far ? "离地址有点远" : "没有定位"}</b>
        {found.words}。写明原因就可以签到。
      </Notice>
      <Group title="原因">
        <div class="box">
          <Choice label="原因" options={found.reasons.map((words) => ({ code: words, words }))} chosen={reason} onChoose={setReason} />
        </div>
        <Field label="或自己写" value={reason} onInput={setReason} />
      </Group>
      <div class="stack">
        <Button disabled={!reason.trim()} onClick={() => void send(found.position, reason.trim())}>
          {reason.trim() ? "签到" : "先写原因"}
        </Button>
        <Button kind="text" onClick={() => setFound(null)}>
          重新定位
        </Button>
      </div>
    </>
  );
}
