/** Today in route order with the offers above it, and the coming days. */
import { useState } from "preact/hooks";
import type { ReasonOut } from "../api";
import { to } from "../route";
import type { Job } from "../store_types";
import { Button, Choice, Dialog, Empty, Field, Page, Pill } from "../ui";
import { done, store, useNow, useStore } from "../use";
import { countdown, dayOf, isoDay, momentOf, timeOf, windowOf } from "../words";
import { distanceWords } from "../job/place";

const TONES: Record<string, string> = {
  offered: "warn", accepted: "blue", departed: "blue", checked_in: "good", finished: "", failed: "",
};

export const toneOf = (job: Job) => (job.gone ? "bad" : TONES[job.status] ?? "");

export function Today() {
  const jobs = useStore().jobs();
  const now = useNow(30_000);
  const offers = jobs.filter((job) => job.section === "offer" && !job.gone);
  const today = jobs.filter((job) => job.section === "today" || (job.gone && job.section !== "done"));
  const over = jobs.filter((job) => job.section === "done" && !job.gone);
  const { lastSync, syncing } = store.status();
  return (
    <Page
      title={`今天 · ${today.length} 单`}
      side={
        <Button small kind="plain" disabled={syncing} onClick={() => void store.sync()}>
          {syncing ? "刷新中" : "刷新"}
        </Button>
      }
    >
      {offers.map((job) => (
        <OfferCard key={job.visit_id} job={job} />
      ))}
      {today.map((job) => (
        <JobCard key={job.visit_id} job={job} now={now} />
      ))}
      {!offers.length && !today.length && <Empty>{lastSync ? "今天没有安排" : "还没有取到任务，有网时会自动刷新"}</Empty>}
      {over.length > 0 && <h2 class="caption over">已结束</h2>}
      {over.map((job) => (
        <JobCard key={job.visit_id} job={job} now={now} />
      ))}
      {lastSync && <p class="note">更新于 {momentOf(lastSync, now)}</p>}
    </Page>
  );
}

export function Coming() {
  const jobs = useStore().jobs().filter((job) => job.section === "coming");
  const now = useNow(60_000);
  const days = new Map<string, Job[]>();
  for (const job of jobs) {
    const day = job.window ? isoDay(new Date(job.window.since)) : "";
    days.set(day, [...(days.get(day) ?? []), job]);
  }
  return (
    <Page title="以后">
      {[...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, those]) => (
        <section class="day" key={day}>
          <h2 class="caption over">
            {day ? dayOf(`${day}T12:00:00+08:00`, now) : "时间未定"} · {those.length} 单
          </h2>
          {those.map((job) => (
            <JobCard key={job.visit_id} job={job} now={now} />
          ))}
        </section>
      ))}
      {!jobs.length && <Empty>以后七天还没有安排</Empty>}
    </Page>
  );
}

function JobCard({ job, now }: { job: Job; now: Date }) {
  const ended = job.section === "done";
  return (
    <a class={`job ${toneOf(job)}`} href={to("job", job.visit_id)}>
      <span class="job-head">
        {job.route && !ended && <span class="turn">{job.route.place}</span>}
        <span class="job-time">{job.window ? `${timeOf(job.window.since)}–${timeOf(job.window.until)}` : "时间未定"}</span>
        <span class="right">
          <Pill tone={toneOf(job)}>{job.gone ? "不再是您的" : job.status_title}</Pill>
        </span>
      </span>
      <span class="job-what">
        {job.category_title}
        {job.service_title} · {job.customer.name}
        {job.customer.vip && <Pill tone="warn">贵宾</Pill>}
      </span>
      <div class="job-where">{job.customer.address}</div>
      <span class="job-foot">
        {job.gone && <span>{job.gone}</span>}
        {!ended && job.route && <span>{timeOf(job.route.leaves_at)} 出发</span>}
        {!ended && distanceWords(job) && <span>{distanceWords(job)}</span>}
        {job.window && new Date(job.window.until) < now && !ended && <Pill tone="bad">已过时间</Pill>}
        {job.unsent.length > 0 && <Pill tone="warn">{job.unsent.length} 项未上传</Pill>}
        {!job.lead && <span>同行</span>}
      </span>
    </a>
  );
}

function OfferCard({ job }: { job: Job }) {
  const now = useNow(1000);
  const late = !!job.offer && new Date(job.offer.answer_by) <= now;
  return (
    <div class="job warn offer">
      <a href={to("job", job.visit_id)} class="plain-link">
        <span class="job-head">
          <Pill tone="warn">新任务</Pill>
          {job.offer && (
            <span class="right clock" role="timer">
              {late ? "已过答复时间" : `${countdown(job.offer.answer_by, now)}内答复`}
            </span>
          )}
        </span>
        <span class="job-time">{job.window ? windowOf(job.window, now) : "时间未定"}</span>
        <div class="job-what">
          {job.brand_name} {job.category_title}
          {job.service_title}
        </div>
        <div class="job-where">{job.customer.address}</div>
      </a>
      <OfferButtons job={job} />
    </div>
  );
}

export function OfferButtons({ job }: { job: Job }) {
  const [refusing, setRefusing] = useState(false);
  if (!job.offer) return null;
  const offer_id = job.offer.id;
  return (
    <div class="pair">
      <Button kind="plain" onClick={() => setRefusing(true)}>
        不接
      </Button>
      <Button onClick={() => void done(store.act("offer.answer", job.visit_id, { offer_id, answer: "accept" }), "已接单")}>接单</Button>
      {refusing && <Refusing job={job} offerId={offer_id} onClose={() => setRefusing(false)} />}
    </div>
  );
}

function Refusing(props: { job: Job; offerId: string; onClose: () => void }) {
  const reasons: ReasonOut[] = store.content()?.refuse_reasons ?? [];
  const [code, setCode] = useState("");
  const [why, setWhy] = useState("");
  const send = async () => {
    const body = { offer_id: props.offerId, answer: "refuse" as const, reason_code: code, why };
    if (await done(store.act("offer.answer", props.job.visit_id, body), "已答复不接")) props.onClose();
  };
  return (
    <Dialog title="为什么不接" onClose={props.onClose}>
      <Choice label="原因" options={reasons} chosen={code} onChoose={setCode} />
      <Field label={code === "other" ? "请说明" : "补充（可不填）"} value={why} onInput={setWhy} />
      <Button disabled={!code || (code === "other" && !why.trim())} onClick={() => void send()}>
        {code ? "答复不接" : "先选原因"}
      </Button>
    </Dialog>
  );
}
