// WeChat's cashier: who is paid, how much, for what; pay or leave. Used by pages (webview.js), the phone's scanner and H5.
import { api } from "./api.js";
import { el } from "./dom.js";

const yuan = (fen) => `¥${(fen / 100).toFixed(2)}`;

function refused(words, done) {
  return el(
    "div",
    { class: "cashier refused", role: "alertdialog" },
    el("p", { "data-testid": "cashier-words" }, words),
    el("button", { type: "button", class: "primary", "data-testid": "cashier-close", onclick: done }, "知道了"),
  );
}

function paid(seen, done) {
  return el(
    "div",
    { class: "cashier done", role: "status" },
    el("div", { class: "tick", "aria-hidden": "true" }, "✓"),
    el("p", {}, "支付成功"),
    el("strong", { class: "amount" }, yuan(seen.amount_fen)),
    el("p", { class: "muted" }, seen.merchant),
    el("button", { type: "button", class: "plain", "data-testid": "cashier-done", onclick: done }, "完成"),
  );
}

function question(seen, act) {
  const people = seen.people.length
    ? el("label", { class: "row" }, el("span", {}, "付款人"), el("select", { name: "payer" }, seen.people.map((one) => el("option", { value: one.openid, }, one.name))))
    : el("div", { class: "row" }, el("span", {}, "付款人"), el("span", {}, seen.payer_name));
  const made = el(
    "div",
    { class: "cashier ask", role: "dialog", "aria-label": "确认支付" },
    el("button", { type: "button", class: "close", "aria-label": "取消", "data-testid": "cashier-cancel", onclick: () => act("cancel") }, "×"),
    el("p", {}, seen.merchant),
    el("strong", { class: "amount", "data-testid": "cashier-amount" }, yuan(seen.amount_fen)),
    el("div", { class: "row" }, el("span", {}, "商品"), el("span", { "data-testid": "cashier-description" }, seen.description)),
    people,
    el("div", { class: "row" }, el("span", {}, "支付方式"), el("span", {}, "零钱（免密）")),
    el("button", { type: "button", class: "primary", "data-testid": "cashier-pay", onclick: () => act("pay", made.querySelector("select")?.value) }, "立即支付"),
    el("button", { type: "button", class: "plain", "data-testid": "cashier-fail", onclick: () => act("fail") }, "余额不足"),
  );
  return made;
}

// What the page is told in the end: {err_msg, err_desc?}. `root` is filled and emptied again.
export async function atTheCashier(root, given, openid = "") {
  const seen = await api.cashier({ ...given, act: "look", openid });
  return new Promise((told) => {
    const leave = (result) => {
      root.replaceChildren();
      told(result);
    };
    if (seen.err_msg) return root.replaceChildren(refused(seen.err_desc, () => leave(seen)));
    const act = async (what, payer) => {
      const result = await api.cashier({ ...given, act: what, openid: payer || seen.openid });
      if (result.paid) root.replaceChildren(paid(seen, () => leave({ err_msg: result.err_msg })));
      else if (result.err_desc) root.replaceChildren(refused(result.err_desc, () => leave(result)));
      else leave(result);
    };
    return root.replaceChildren(question(seen, act));
  });
}
