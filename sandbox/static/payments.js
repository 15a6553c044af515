// The panel's lists of what was paid and of text messages. A new thing to do with a trade is a button in `drawTrade`.
import { clockWords } from "./chat.js";
import { el } from "./dom.js";
import { api } from "./api.js";

const STATES = { NOTPAY: "待支付", SUCCESS: "已支付", REFUND: "有退款", CLOSED: "已关闭", PROCESSING: "退款中", ABNORMAL: "退款异常" };
const NOTICES = { waiting: "待送达", taken: "商户已收下", "given up": "不再通知", lost: "丢了" };
const KINDS = { JSAPI: "公众号或小程序", NATIVE: "扫码", MWEB: "H5" };
const yuan = (fen) => `¥${(fen / 100).toFixed(2)}`;

export class Payments {
  constructor(root, whose) {
    Object.assign(this, { whose });
    this.words = el("p", { class: "told", role: "status" });
    this.rows = el("ol", { class: "trades" });
    const down = el("button", { type: "button", onclick: () => this.do(() => api.payDown(60)) }, "支付平台停一小时");
    const up = el("button", { type: "button", onclick: () => this.do(() => api.payDown(0)) }, "恢复");
    root.append(el("div", { class: "buttons" }, down, up), this.words, this.rows);
  }

  async do(deed) {
    this.words.textContent = "";
    try {
      await deed();
      await this.refresh();
    } catch (wrong) {
      this.words.textContent = wrong.message;
    }
  }

  async refresh() {
    const trades = await api.trades();
    this.rows.replaceChildren(...(trades.length ? trades.map((one) => this.drawTrade(one)) : [el("li", { class: "muted" }, "还没有订单")]));
  }

  drawTrade(trade) {
    const number = trade.out_trade_no;
    const pay = el("button", { type: "button", onclick: () => this.do(() => api.payTrade(number, { openid: trade.openid || this.whose() })) }, "付款");
    return el(
      "li",
      { class: "trade", "data-number": number },
      el("div", { class: "trade-line" }, el("strong", {}, yuan(trade.amount.total)), el("span", {}, trade.description), el("em", {}, STATES[trade.trade_state])),
      el("small", {}, [number, KINDS[trade.trade_type], trade.payer_name].filter(Boolean).join(" · ")),
      trade.trade_type === "NATIVE" && trade.trade_state === "NOTPAY" ? el("code", {}, trade.tickets.at(-1) || "") : null,
      trade.trade_state === "NOTPAY" ? pay : null,
      trade.refunds.map((one) => this.drawRefund(one)),
      trade.notices.map((one) => this.drawNotice(one)),
    );
  }

  drawRefund(refund) {
    const end = (outcome, words) => el("button", { type: "button", onclick: () => this.do(() => api.finishRefund(refund.out_refund_no, outcome)) }, words);
    const open = refund.status === "PROCESSING";
    const state = refund.status === "SUCCESS" ? "已退款" : refund.status === "CLOSED" ? "退款关闭" : STATES[refund.status];
    return el("div", { class: "trade-line" }, `退 ${yuan(refund.amount.refund)}`, el("small", {}, refund.out_refund_no), el("em", {}, state), open ? [end("SUCCESS", "到账"), end("ABNORMAL", "异常"), end("CLOSED", "关闭")] : null);
  }

  drawNotice(notice) {
    const again = el("button", { type: "button", onclick: () => this.do(() => api.noticeAgain(notice.id)) }, "再通知一次");
    return el("div", { class: "trade-line" }, el("small", {}, `${notice.event_type} ${NOTICES[notice.state]}，${notice.attempts.length} 次 ${notice.twists.join(" ")}`), again);
  }
}

export class Texts {
  constructor(root) {
    this.rows = el("ol", { class: "trades" });
    root.append(this.rows);
  }

  async refresh() {
    const texts = await api.texts("");
    const rows = texts.reverse().map((one) => el("li", { class: "trade" }, el("small", {}, `${one.phone} · ${clockWords(one.at)} · ${one.template_code}${one.arrived ? "" : " · 没有送达"}`), el("div", {}, one.content)));
    this.rows.replaceChildren(...(rows.length ? rows : [el("li", { class: "muted" }, "还没有短信")]));
  }
}
