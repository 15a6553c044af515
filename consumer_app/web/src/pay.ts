/** Paying: an order from the server, WeChat's cashier, then asking the server until it knows. */
import { choosePay, insideWeChat, type PayParams } from "./wechat.ts";

interface Cashier {
  payment_id: string;
  params: PayParams | null;
  h5_url: string | null;
  message?: string;
  paid?: boolean;
}

interface State {
  done: boolean;
  status: string;
  status_title: string;
}

const PAUSES = [1, 1, 2, 2, 3, 3, 5, 5, 5, 10, 10, 10];
/** Seconds between questions; after the last the person may ask again. */

export function wirePay(box: HTMLElement): void {
  const button = box.querySelector<HTMLButtonElement>("button[data-pay]");
  const words = box.querySelector<HTMLElement>("[data-pay-words]");
  if (!button || !words) return;
  const say = (text: string, state = ""): void => {
    words.textContent = text;
    box.dataset.state = state;
  };
  button.addEventListener("click", () => {
    button.disabled = true;
    pay(box, say)
      .catch((no: unknown) => say(no instanceof Error ? no.message : "没有付成，请再试一次", "failed"))
      .finally(() => (button.disabled = false));
  });
}

async function pay(box: HTMLElement, say: (text: string, state?: string) => void): Promise<void> {
  say("正在下单…", "busy");
  const form = new FormData();
  form.set("token", box.dataset.token ?? "");
  const inside = insideWeChat() && box.dataset.inside === "1";
  form.set("method", inside ? "jsapi" : "h5");
  const answer = await fetch(box.dataset.start ?? "", { method: "POST", body: form, credentials: "same-origin" });
  const made = (await answer.json()) as Cashier;
  if (made.paid) return finish(box);
  if (!answer.ok) throw new Error(made.message ?? "没有付成，请再试一次");
  if (!made.params) return open(made, box, say);
  say("请在微信里确认付款", "busy");
  if ((await choosePay(made.params)) === "cancelled") return say("没有付款。想好了再点“去付款”。", "");
  await wait(box, made.payment_id, say);
}

/** Outside WeChat: the cashier is a page of its own, which comes back here. */
function open(made: Cashier, box: HTMLElement, say: (text: string, state?: string) => void): void {
  if (!made.h5_url) throw new Error("现在不能在线付款，可以当面付给师傅");
  const back = new URL(location.href);
  back.hash = `paying=${made.payment_id}`;
  say("正在打开微信支付…", "busy");
  location.assign(`${made.h5_url}&redirect_url=${encodeURIComponent(back.href)}`);
  void wait(box, made.payment_id, say);
}

/** Asked of the server, which asks WeChat Pay: the phone's word counts nothing. */
export async function wait(
  box: HTMLElement,
  payment: string,
  say: (text: string, state?: string) => void,
): Promise<void> {
  say("正在等微信支付的结果…", "busy");
  for (const pause of PAUSES) {
    const answer = await fetch(`${box.dataset.look}/${payment}`, { credentials: "same-origin" });
    const state = answer.ok ? ((await answer.json()) as State) : undefined;
    if (state?.status === "paid") return finish(box);
    if (state?.done) return say(`这笔付款${state.status_title}，可以再付一次。`, "");
    await new Promise((done) => setTimeout(done, pause * 1000));
  }
  say("还没有收到结果。付过的话不用再付，稍后会通知您。", "slow");
}

function finish(box: HTMLElement): void {
  location.assign(box.dataset.back ?? "/c/bills");
}

/** Whoever comes back from the cashier's page is told what became of it. */
export function resume(box: HTMLElement): void {
  const payment = /^#paying=([\w-]+)$/.exec(location.hash)?.[1];
  const words = box.querySelector<HTMLElement>("[data-pay-words]");
  if (!payment || !words) return;
  void wait(box, payment, (text, state = "") => {
    words.textContent = text;
    box.dataset.state = state;
  });
}
