/** Asking the customer: in his own WeChat, or here on this phone, also without network. */
import { useEffect, useState } from "preact/hooks";
import { onward, to } from "../route";
import type { Job } from "../store_types";
import { Button, Dialog, Empty, Notice, Page } from "../ui";
import { done, store } from "../use";
import { yuan } from "../words";
import { Lines, Warnings } from "./fees";
import { paidBy } from "../rules/prices";
import { agree, ask, reckoned, refuse, stays, type Reckoned } from "./prices";

const LOOK_EVERY = 5000;

export function QuotePage({ job }: { job: Job }) {
  const [sure, setSure] = useState<"" | "yes" | "no">("");
  const on = onward();
  const now = reckoned(job);
  const waits = now?.standing === "asked" && store.status().online;
  useEffect(() => {
    const look = waits ? setInterval(() => void store.sync(), LOOK_EVERY) : 0;
    return () => clearInterval(look);
  }, [waits]);
  if (!now) return <Empty>还没有价目，请连一次网</Empty>;
  const over = now.standing === "agreed" || now.standing === "refused" || now.unpriced.length > 0 || !now.customerFen;
  const finish = async (what: Promise<unknown>, words: string) => {
    if (await done(what, words)) on("job", job.visit_id, "fees");
  };
  return (
    <Page
      title="请客户过目"
      back={to("job", job.visit_id, "fees")}
      action={
        over ? (
          <Button href={to("job", job.visit_id, "fees")}>回到费用</Button>
        ) : (
          <>
            <Button kind="plain" onClick={() => setSure("no")}>不同意</Button>
            <Button onClick={() => setSure("yes")}>客户同意 ¥{yuan(now.customerFen)}</Button>
          </>
        )
      }
    >
      <Warnings job={job} now={now} />
      {!over && <Notice>同意之前不做收费的项目；以后付的不会比这里多。价格有变会再请您确认。</Notice>}
      <Lines now={now} />
      {!over && (
        <div class="stack">
          <Button kind="plain" disabled={!store.status().online} onClick={() => void done(ask(job, now), "已发给客户，等客户在微信里同意")}>
            {now.standing === "asked" ? "再发一次到客户微信" : "发到客户微信里确认"}
          </Button>
        </div>
      )}
      {sure && <Sure job={job} now={now} yes={sure === "yes"} onClose={() => setSure("")} onSure={() => void finish(sure === "yes" ? agree(job, now) : refuse(job, now), sure === "yes" ? "客户已同意" : "已记下客户不同意")} />}
    </Page>
  );
}

/** One more touch, so that nothing is agreed to by a slip. */
function Sure(props: { job: Job; now: Reckoned; yes: boolean; onClose: () => void; onSure: () => void }) {
  const left = paidBy(stays(props.job, props.now.facts), "customer");
  return (
    <Dialog title={props.yes ? "请客户本人点确认" : "客户不同意这份报价？"} onClose={props.onClose}>
      <p class="big">{props.yes ? `应付 ¥${yuan(props.now.customerFen)}` : left ? `没同意的项目不做，只收 ¥${yuan(left)}。` : "没同意的项目不做，不收钱。"}</p>
      <Button kind={props.yes ? "main" : "warn"} onClick={() => (props.onClose(), props.onSure())}>
        {props.yes ? "我是客户，我同意" : "不同意"}
      </Button>
    </Dialog>
  );
}
