/** Cards the customer can use for this job, and cover that may be sold: nothing holds before it is paid. */
import { useEffect, useState } from "preact/hooks";
import type { PlanOut, ShopOut } from "../api";
import { sell, shop, useCard } from "../calls";
import { go, to } from "../route";
import type { Job } from "../store_types";
import { Button, Cell, Dialog, Empty, Group, Notice, Page } from "../ui";
import { done, store } from "../use";
import { yuan } from "../words";
import { ended } from "./steps";

export function Shop({ job }: { job: Job }) {
  const [found, setFound] = useState<ShopOut | null>(null);
  const [failed, setFailed] = useState("");
  const [wanted, setWanted] = useState<PlanOut | null>(null);
  useEffect(() => {
    shop(job.visit_id).then(setFound, (error: Error) => setFailed(error.message));
  }, [job.visit_id]);
  const use = async (id: string) => {
    await done(useCard(job.visit_id, id).then(setFound).then(() => store.sync()), "这张卡用在这次服务上了");
  };
  const order = async (plan: PlanOut) => {
    setWanted(null);
    if (await done(sell(job.visit_id, plan.plan_id).then(() => store.sync()), "请客户付款，付了才生效")) go("job", job.visit_id, "till");
  };
  return (
    <Page title="服务卡与延保" back={to("job", job.visit_id)}>
      {failed && <Notice tone="bad">{failed}</Notice>}
      {!found && !failed && <Empty>正在取…</Empty>}
      {found && !ended(job) && (
        <Group title="客户的服务卡" note="用了卡，卡能付的项目客户就不用付。">
          {found.cards.map((card) => (
            <Cell key={card.cover_id} label={card.title} note={`还能用 ${card.left} 次`} value={card.held ? "✓ 已用在这单" : "用这张"} leads={false} onClick={card.held ? undefined : () => void use(card.cover_id)} />
          ))}
          {!found.cards.length && <div class="box soft">没有这次能用的卡</div>}
        </Group>
      )}
      {found?.offers.map((plan) => (
        <Group key={plan.plan_id} title={plan.title} note={plan.terms}>
          <Cell label={`${plan.since} 至 ${plan.until}`} note={`${plan.cooling_days} 天内可全额退`} value={<b>¥{yuan(plan.price_fen)}</b>} />
          <div class="box">{plan.why_not ? <span class="soft">{plan.why_not}</span> : <Button kind="plain" onClick={() => setWanted(plan)}>客户要买</Button>}</div>
        </Group>
      ))}
      {found && !found.offers.length && <Empty>这台产品现在没有可以卖的方案</Empty>}
      {wanted && (
        <Dialog title={wanted.title} onClose={() => setWanted(null)}>
          <p>把条款和价格告诉客户：¥{yuan(wanted.price_fen)}，{wanted.cooling_days} 天内可全额退。客户自己决定，不要劝。</p>
          <Button onClick={() => void order(wanted)}>客户同意购买</Button>
        </Dialog>
      )}
    </Page>
  );
}
