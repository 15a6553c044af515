/** What the job is about: the customer, the appliance with its history and warranty, the fault and what was tried already. */
import { useState } from "preact/hooks";
import type { WarrantyOut } from "../api";
import { callCustomer } from "../calls";
import { Picture } from "../pictures";
import { mapLink } from "../position";
import { to } from "../route";
import type { Job } from "../store_types";
import { say } from "../toast";
import { Button, Cell, Group, Pill } from "../ui";
import { now, store } from "../use";
import { dayOf, momentOf, timeOf } from "../words";
import { distanceWords } from "./place";
import { ended } from "./steps";

export function About({ job }: { job: Job }) {
  return (
    <>
      <Customer job={job} />
      <Fault job={job} />
      <Product job={job} />
      <History job={job} />
    </>
  );
}

const corrected = (job: Job, field: string) => job.registers[`correction.${field}`]?.value as string | undefined;

/** What the engineer just corrected, else the one this phone was given for today's jobs; "" when it has to be asked for. */
function numberOf(job: Job): string {
  const typed = (corrected(job, "phone") ?? "").replace(/[\s-]/g, "");
  return /^\+?\d{5,}$/.test(typed) ? typed : (job.customer.number ?? "");
}

function Customer({ job }: { job: Job }) {
  const [calling, setCalling] = useState(false);
  const { customer } = job;
  const mine = !job.offer && !job.gone;
  const correct = (field: string) => (mine && !ended(job) ? to("job", job.visit_id, "correct", field) : undefined);
  const number = mine ? numberOf(job) : "";
  const call = async () => {
    setCalling(true);
    try {
      location.href = `tel:${(await callCustomer(job.visit_id)).phone}`;
    } catch (error) {
      say(error instanceof Error ? error.message : "现在拨不出去，请再试一次");
    }
    setCalling(false);
  };
  return (
    <Group title="客户">
      <div class="cell">
        <span class="cell-label">
          {corrected(job, "name") ?? customer.name}
          {customer.vip && <small>贵宾客户</small>}
        </span>
        {correct("name") && <Button small kind="text" href={correct("name")}>更正</Button>}
      </div>
      <div class="cell">
        <span class="cell-label">
          {corrected(job, "phone") ?? customer.phone}
          {mine && <small>{number ? "断网也能拨；这台手机有全号，已留记录" : "打电话时才显示全号，会留记录"}</small>}
        </span>
        {correct("phone") && <Button small kind="text" href={correct("phone")}>更正</Button>}
        {number && <Button small href={`tel:${number}`}>打电话</Button>}
        {mine && !number && (
          <Button small disabled={calling} onClick={() => void call()}>
            打电话
          </Button>
        )}
      </div>
      <div class="cell">
        <span class="cell-label">
          {corrected(job, "address") ?? customer.address}
          <small>{distanceWords(job)}</small>
        </span>
        {correct("address") && <Button small kind="text" href={correct("address")}>更正</Button>}
        {mine && (
          <a class="button small plain" href={mapLink(customer.place, customer.address)} target="_blank" rel="noopener">
            导航
          </a>
        )}
      </div>
      {mine && !ended(job) && job.route && (
        <Cell label="建议" value={`${timeOf(job.route.leaves_at)} 出发，第 ${job.route.place} 单，约 ${job.route.minutes} 分钟`} />
      )}
    </Group>
  );
}

function Fault({ job }: { job: Job }) {
  const symptoms = store.content()?.symptoms ?? {};
  return (
    <Group title={job.service_type === "install" ? "客户要求" : "故障"}>
      {job.words && <div class="box words">{job.words}</div>}
      {job.symptoms.length > 0 && <Cell label="症状" value={job.symptoms.map((code) => symptoms[code] ?? code).join("、")} />}
      {job.error_code && <Cell label="故障代码" value={<b>{job.error_code}</b>} />}
      {job.wanted_time && <Cell label="客户希望" value={job.wanted_time} />}
      {job.tried.map((one) => (
        <Cell key={one.article_id} label={`客户试过：${one.title}`} value={one.status_title} />
      ))}
      {job.pictures.some((one) => one.of === "customer") && (
        <div class="pictures">
          {job.pictures
            .filter((one) => one.of === "customer")
            .map((one) => (one.kind === "video" ? <VideoCell key={one.id} /> : <Picture key={one.id} job={job} id={one.id} words="客户拍的照片" caption="客户拍的" />))}
        </div>
      )}
      {!job.words && !job.symptoms.length && !job.error_code && !job.tried.length && <div class="box soft">客户没有说别的</div>}
    </Group>
  );
}

function VideoCell() {
  return <div class="add">客户发过视频，在客服那里可以看</div>;
}

function Product({ job }: { job: Job }) {
  const { product } = job;
  return (
    <Group title="产品与保修">
      <Cell label={product ? product.model_name || product.model_code : job.category_title} note={product?.model_code} value={job.brand_name} />
      {!product && (
        <Cell
          label="型号"
          value={job.signed_product || "还不知道"}
          href={job.offer || job.gone || ended(job) ? undefined : to("job", job.visit_id, "model")}
        />
      )}
      <Cell
        label="机身编号"
        value={String(job.registers["field.serial"]?.value ?? product?.serial ?? "还没有")}
        href={job.offer || job.gone || ended(job) ? undefined : to("job", job.visit_id, "serial")}
      />
      {product && <Cell label="购买日期" value={product.purchased_on ?? "不知道"} />}
      {job.warranty.map((term) => (
        <Cell key={term.component} label={term.title} note={warrantyNote(term)} value={<Pill tone={TONES[term.result] ?? "warn"}>{HELD[term.result] ?? "待核"}</Pill>} />
      ))}
    </Group>
  );
}

const HELD: Record<string, string> = { covered: "保内", over: "保外", excluded: "不保", unknown: "待核" };
const TONES: Record<string, "good" | "bad" | "warn"> = { covered: "good", over: "bad", excluded: "bad", unknown: "warn" };

/** Until when and why, as the order keeps it: the words where there is no day. */
function warrantyNote(term: WarrantyOut): string {
  const why = [term.source, ...term.evidence].filter(Boolean).join(" · ");
  return term.until ? `到 ${term.until}（含当日）${why ? ` · ${why}` : ""}` : term.words;
}

function History({ job }: { job: Job }) {
  const outcomes = store.content()?.outcomes ?? [];
  if (!job.history.length && !job.visits.length) return null;
  return (
    <Group title="以前">
      {job.visits.map((visit) => (
        <Cell
          key={visit.seq}
          label={`本单第 ${visit.seq} 次上门`}
          note={momentOf(visit.at, now())}
          value={outcomes.find((one) => one.code === visit.outcome)?.title ?? visit.status_title}
        />
      ))}
      {job.history.map((past) => (
        <Cell key={past.number} label={`${past.service_title} · ${dayOf(past.opened_at, now())}`} note={past.words} value={past.status_title} />
      ))}
    </Group>
  );
}
