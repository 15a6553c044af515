/** The job's page: what it is about, the work step by step, the sheet; below always the next thing to do and all others. */
import { useState } from "preact/hooks";
import { OfferButtons, toneOf } from "../screens/lists";
import { to } from "../route";
import type { Job } from "../store_types";
import { Button, Cell, Dialog, Group, Notice, Page, Pill } from "../ui";
import { store, useNow } from "../use";
import { countdown, windowOf, yuan } from "../words";
import { About } from "./about";
import { reckoned, toDo } from "./prices";
import { SheetTab } from "./sheet";
import { owing } from "./till";
import { BillComing, CoverOnce } from "./after";
import { ended, nextOf, noneOf, openIn, stepsOf, words, checkedIn } from "./steps";

const TABS = [
  ["about", "任务"],
  ["work", "服务"],
  ["sheet", "服务单"],
] as const;

export function JobPage({ job, tab }: { job: Job; tab: string }) {
  const now = useNow(job.offer ? 1000 : 60_000);
  const shown = tab || (checkedIn(job) && !ended(job) ? "work" : "about");
  return (
    <Page title={`${job.category_title}${job.service_title}`} back="#/" side={<Pill tone={toneOf(job)}>{job.gone ? "不再是您的" : job.status_title}</Pill>} action={<Actions job={job} />}>
      <div class="stack">
        <p class="big">{job.window ? windowOf(job.window, now) : "时间未定"}</p>
        <p class="soft">
          工单 {job.number}
          {job.seq > 1 && ` · 第 ${job.seq} 次上门`}
          {!job.lead && " · 同行"}
        </p>
      </div>
      <State job={job} now={now} />
      {!job.offer && (
        <nav class="segments">
          {TABS.map(([code, title]) => (
            <a key={code} href={to("job", job.visit_id, code)} aria-current={code === shown ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
      )}
      {job.offer || shown === "about" ? <About job={job} /> : shown === "sheet" ? <SheetTab job={job} /> : <Work job={job} />}
    </Page>
  );
}

/** What is special about the job just now. */
function State({ job, now }: { job: Job; now: Date }) {
  const outcome = store.content()?.outcomes.find((one) => one.code === job.sheet?.outcome);
  const asked = Object.keys(job.registers).filter((key) => key.startsWith("end.") && job.registers[key]);
  const blocking = Object.values(job.verdicts).includes("blocks");
  return (
    <>
      {job.gone && (
        <Notice tone="bad">
          <b>{job.gone}</b>
        </Notice>
      )}
      {job.offer && (
        <Notice tone="warn">
          <b class="clock">请在 {countdown(job.offer.answer_by, now)} 内答复</b>过时会问下一位工程师。
        </Notice>
      )}
      {ended(job) && !job.gone && <Notice tone="good"><b>{outcome?.title ?? job.status_title}</b>这次上门已经结束。</Notice>}
      {owing(job).length > 0 && !job.gone && (
        <Notice tone="warn">
          <b>有 ¥{yuan(owing(job).reduce((sum, one) => sum + one.due_fen, 0))} 还没收</b>
          {ended(job) ? "收微信或现金都可以；客户也可以以后自己在微信里付。" : <Button href={to("job", job.visit_id, "till")}>收款</Button>}
        </Notice>
      )}
      <BillComing job={job} />
      <CoverOnce job={job} />
      {!ended(job) && !job.gone && reckoned(job)?.off && (
        <Notice tone="bad">
          <b>报价没有成功</b>
          <Button kind="warn" href={to("job", job.visit_id, "fees")}>去看费用</Button>
        </Notice>
      )}
      {!ended(job) && !job.gone && asked.length > 0 && (
        <Notice tone="warn">已记下结束上门，还没生效：补齐下面缺的，或等网络恢复。</Notice>
      )}
      {!ended(job) && !job.gone && blocking && (
        <Notice tone="bad">
          <b>环境检查不合格，不能开工</b>
          请客户整改；现场能改好的，改好后重新测。
          <Button kind="warn" href={to("job", job.visit_id, "end", "blocked")}>
            今天改不好：记为环境不合格
          </Button>
        </Notice>
      )}
    </>
  );
}

export function Actions({ job }: { job: Job }) {
  const [more, setMore] = useState(false);
  if (job.offer) return <OfferButtons job={job} />;
  const next = nextOf(job);
  if (!next && owing(job).length > 0 && !job.gone) return <><Button kind="plain" href="#/">回到今天</Button><Button href={to("job", job.visit_id, "till")}>收款</Button></>;
  if (!next) return <Button href="#/">回到今天</Button>;
  return (
    <>
      <Button kind="plain" onClick={() => setMore(true)}>
        其他
      </Button>
      <Button href={next.href}>
        <span>
          {next.words}
          {next.sub && <span class="sub">{next.sub}</span>}
        </span>
      </Button>
      {more && <Others job={job} onClose={() => setMore(false)} />}
    </>
  );
}

/** Everything else that can be done with the job now. */
function Others({ job, onClose }: { job: Job; onClose: () => void }) {
  const ends = (store.content()?.outcomes ?? []).filter((one) => one.code !== "finished");
  const notes: Record<string, string> = {
    waiting_part: "缺配件，到货后再来", taken_in: "机器带走，客户签取件单", revisit: "今天做不完，再约时间",
    blocked: "客户家里要先整改", absent: "到了门口没有人",
  };
  return (
    <Dialog title="其他" onClose={onClose}>
      <div class="cells">
        <Cell label="改约时间" note="请客户换一个时间" href={to("job", job.visit_id, "change")} />
        {checkedIn(job) || <Cell label="出发与签到" href={to("job", job.visit_id, "way")} />}
        {ends.map((one) => (
          <Cell key={one.code} label={one.title} note={notes[one.code]} href={to("job", job.visit_id, "end", one.code)} />
        ))}
        <Cell label="收款" href={to("job", job.visit_id, "till")} />
        <Cell label="服务卡与延保" href={to("job", job.visit_id, "shop")} />
        <Cell label="求助高级工程师" href={to("job", job.visit_id, "help", "senior")} />
        <Cell label="申请质量鉴定" href={to("job", job.visit_id, "help", "appraisal")} />
      </div>
    </Dialog>
  );
}

function Work({ job }: { job: Job }) {
  const next = nextOf(job);
  return (
    <Group title="从上到下做" note="每一步随时可以回来改；改了签过名的内容，要请客户重签。">
      {stepsOf(job).map((step) => {
        const open = openIn(job, step);
        const has = step.has(job);
        const price = step.code === "fees" && open.length === 0 && checkedIn(job) ? toDo(job) : "";
        const ready = open.length === 0 && !price && !!has;
        const bad = open.some((need) => need.code === "not_blocked");
        const href = to("job", job.visit_id, step.code);
        return (
          <a key={step.code} href={href} class={`step ${bad ? "bad" : ready ? "done" : ""} ${next?.href.startsWith(href) || (step.code === "sheet" && next?.href.includes("/sign/")) ? "now" : ""}`}>
            <span class="tick" aria-hidden="true">
              {bad ? "!" : "✓"}
            </span>
            <span class="cell-label">
              {step.title}
              {open.length > 0 && <small>{open.map(words).join("；")}</small>}
              {price && <small>{price}</small>}
            </span>
            <span class="cell-value">{open.length === 0 && !price && (has || noneOf(job, step))}</span>
          </a>
        );
      })}
    </Group>
  );
}
