/** What comes after the work: the bill that is being made, and, once and quietly, cover for whoever wants it. */
import { useEffect, useState } from "preact/hooks";
import { to } from "../route";
import type { Job } from "../store_types";
import { Button, Notice } from "../ui";
import { store } from "../use";
import { totalOf } from "./fees";
import { ended } from "./steps";
import { owing } from "./till";

const LOOK_EVERY = 3000;
const LOOKS = 10;

const finished = (job: Job) => ended(job) && !job.gone && job.sheet?.outcome === "finished";

/** A finished job whose lines cost something has no bill for a moment: looked for until it is there. */
export function BillComing({ job }: { job: Job }) {
  const [looks, setLooks] = useState(0);
  const waits = finished(job) && totalOf(job) > 0 && !job.owed.some((one) => one.kind === "bill") && looks < LOOKS;
  useEffect(() => {
    const look = waits ? setInterval(() => (setLooks((count) => count + 1), void store.sync()), LOOK_EVERY) : 0;
    return () => clearInterval(look);
  }, [waits]);
  if (!waits) return null;
  return <Notice>{store.status().online ? "正在出账单，马上可以收款…" : "连上网就会出账单，再来收款。"}</Notice>;
}

/** Offered when the bill is settled; looked at or put away, it does not come back. */
export function CoverOnce({ job }: { job: Job }) {
  const key = `${job.visit_id}.cover`;
  const [gone, setGone] = useState(() => store.draft(key) !== "");
  const settled = totalOf(job) === 0 || (job.owed.some((one) => one.kind === "bill") && !owing(job).length);
  const may = finished(job) && settled && job.product !== null && !job.owed.some((one) => one.kind === "cover") && store.status().online;
  if (!may || gone) return null;
  const away = () => (store.keepDraft(key, "seen"), setGone(true));
  return (
    <Notice>
      客户想要的话，可以给这台机器办延保或服务卡。
      <span class="two">
        <Button kind="text" onClick={away}>不用了</Button>
        <Button kind="plain" href={to("job", job.visit_id, "shop")} onClick={away}>看看方案</Button>
      </span>
    </Notice>
  );
}
