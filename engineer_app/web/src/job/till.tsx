/** Taking money at the door: a code for the customer's WeChat, or cash against a receipt. Both need the network. */
import { useEffect, useState } from "preact/hooks";
import type { CodeToPayOut, OwedOut } from "../api";
import { codeToPay, paymentAt, takeCash } from "../calls";
import { to } from "../route";
import type { Job } from "../store_types";
import { Button, Cell, Dialog, Empty, Group, Notice, Page } from "../ui";
import { done, store } from "../use";
import { yuan } from "../words";

const LOOK_EVERY = 3000;

export const owing = (job: Job) => job.owed.filter((one) => one.status === "open");

export function Till({ job }: { job: Job }) {
  const [code, setCode] = useState<CodeToPayOut | null>(null);
  const [cash, setCash] = useState<OwedOut | null>(null);
  const [receipt, setReceipt] = useState("");
  if (code) return <Code job={job} code={code} onClose={() => setCode(null)} />;
  const open = owing(job);
  const show = async (one: OwedOut) => {
    await done(codeToPay(job.visit_id, one.id).then(setCode));
  };
  const take = async (one: OwedOut) => {
    setCash(null);
    const taken = takeCash(job.visit_id, one.id, one.due_fen).then((made) => setReceipt(made.number)).then(() => store.sync());
    await done(taken, "已收现金");
  };
  return (
    <Page title="收款" back={to("job", job.visit_id)} action={open.length ? undefined : <Button href={to("job", job.visit_id)}>好了</Button>}>
      {receipt && <Notice tone="good"><b>现金已收，收据号 {receipt}</b>请告诉客户；当天交回网点。</Notice>}
      {open.map((one) => (
        <Group key={one.id} title={one.title}>
          <Cell label="应收" value={<b class="big">¥{yuan(one.due_fen)}</b>} />
          <div class="box stack">
            <Button onClick={() => void show(one)}>微信收款码</Button>
            <Button kind="plain" onClick={() => setCash(one)}>收现金</Button>
          </div>
        </Group>
      ))}
      {job.owed.filter((one) => one.status !== "open").map((one) => (
        <Group key={one.id}>
          <Cell label={one.title} note={one.status_title} value={`¥${yuan(one.paid_fen)}`} />
        </Group>
      ))}
      {!job.owed.length && <Empty>没有要收的款。完工后，账单会在这里出来；没有的话连一次网。</Empty>}
      {cash && (
        <Dialog title={`收现金 ¥${yuan(cash.due_fen)}`} onClose={() => setCash(null)}>
          <p>收到整数 ¥{yuan(cash.due_fen)} 再点确认，会给出收据号。</p>
          <Button onClick={() => void take(cash)}>已收到</Button>
        </Dialog>
      )}
    </Page>
  );
}

/** The code, and a look every few seconds whether it was paid: the platform says so, not the customer's phone. */
function Code({ job, code, onClose }: { job: Job; code: CodeToPayOut; onClose: () => void }) {
  const [drawn, setDrawn] = useState("");
  const [state, setState] = useState("");
  useEffect(() => {
    let over = false;
    void import("uqr").then(({ renderSVG }) => !over && setDrawn(`data:image/svg+xml,${encodeURIComponent(renderSVG(code.code_url, { border: 2 }))}`));
    const look = setInterval(() => {
      paymentAt(job.visit_id, code.payment_id).then(
        (now) => {
          if (over || !now.done) return;
          clearInterval(look);
          setState(now.status);
          void store.sync();
        },
        () => undefined, // offline: the next look asks again
      );
    }, LOOK_EVERY);
    return () => {
      over = true;
      clearInterval(look);
    };
  }, [code.payment_id]);
  return (
    <Page title="微信收款" action={<Button kind={state === "paid" ? "main" : "plain"} onClick={onClose}>{state === "paid" ? "好了" : "返回"}</Button>}>
      <div class="paycode">
        <p>{code.title}</p>
        <p class="sum">¥{yuan(code.fen)}</p>
        {state === "" && drawn && <img src={drawn} alt="微信收款码" data-code={code.code_url} />}
        {state === "paid" && <Notice tone="good"><b>已收到付款</b></Notice>}
        {state !== "" && state !== "paid" && <Notice tone="bad">这个码没有付成，请返回重新出码</Notice>}
        {state === "" && <p class="soft">请客户用微信扫一扫付款，付好后这里会自动变</p>}
      </div>
    </Page>
  );
}
