// The side panel: log, fault switches, account and clock. A new switch is a row of SWITCHES.
import { api } from "./api.js";
import { el } from "./dom.js";
import { Log } from "./log.js";
import { Payments, Texts } from "./payments.js";

// name, title, hint, kind (number | chance | yes), step
const SWITCHES = [
  ["公众号调用接口", [
    ["slow_ms", "应答变慢（毫秒）", "每次接口调用先等这么久", "number", 100],
    ["api_5xx", "接下来几次返回 502", "什么都没做", "number", 1],
    ["api_busy", "接下来几次返回 -1", "系统繁忙，什么都没做", "number", 1],
    ["api_lost", "接下来几次做了但回包丢失", "消息已发出，调用方只看到 502", "number", 1],
    ["quota_off", "不计客服消息条数", "45015 和 45047 不再出现", "yes"],
    ["template_fails", "接下来几条模板消息送不到", "接口收下，之后通知 failed: system failed", "number", 1],
    ["snapshot_users", "网页授权给虚拟账号", "is_snapshotuser=1，像在快照页里", "yes"],
  ]],
  ["微信支付接口", [
    ["pay_5xx", "接下来几次返回 500", "SYSTEM_ERROR，什么都没做", "number", 1],
    ["pay_lost", "接下来几次做了但返回 502", "商户不知道做没做成", "number", 1],
    ["pay_hang", "接下来几次做了但不应答", "等很久之后才是 504", "number", 1],
    ["pay_bad_signature", "接下来几次应答签名不对", "应答内容没有问题", "number", 1],
    ["pay_old_answer", "接下来几次应答是一小时前签的", "", "number", 1],
    ["refund_seconds", "退款处理多久（秒）", "按平台的时钟", "number", 1],
    ["refund_abnormal", "接下来几笔退款异常", "ABNORMAL", "number", 1],
    ["refund_closed", "接下来几笔退款关闭", "CLOSED", "number", 1],
    ["refund_no_money", "接下来几笔退款余额不足", "NOT_ENOUGH", "number", 1],
    ["cashier_lies", "接下来几次付了却说取消", "前端的结果不能当真", "number", 1],
  ]],
  ["支付通知", [
    ["notice_lost", "接下来几条永远不来", "重发也没有", "number", 1],
    ["notice_duplicate", "接下来几条来两份", "同一时刻", "number", 1],
    ["notice_reorder", "接下来几条等后面的先到", "乱序", "number", 1],
    ["notice_late", "晚多久（秒）", "按平台的时钟", "number", 60],
    ["notice_dropped", "接下来几次应答丢了", "平台当作没收到，会再来", "number", 1],
    ["notice_wrong_amount", "接下来几条金额多一分", "", "number", 1],
    ["notice_foreign_mchid", "接下来几条是别家商户的", "", "number", 1],
    ["notice_foreign_appid", "接下来几条是别的公众号的", "", "number", 1],
    ["notice_wrong_key", "接下来几条用错 APIv3 密钥", "解不开", "number", 1],
    ["notice_wrong_signature", "接下来几条签名不对", "", "number", 1],
    ["notice_probe", "接下来几条前面先来探测", "WECHATPAY/SIGNTEST/", "number", 1],
    ["notice_old", "接下来几次的时间戳是一小时前", "签名是对的", "number", 1],
  ]],
  ["订阅消息与短信", [
    ["subscribe_fails", "接下来几条订阅消息送不到", "接口收下，之后通知失败", "number", 1],
    ["subscribe_banned", "接下来几次 43107", "能力被封禁", "number", 1],
    ["subscribe_concurrent", "接下来几次 43108", "同一个人并发", "number", 1],
    ["sms_limit", "接下来几条短信被流控", "isv.BUSINESS_LIMIT_CONTROL", "number", 1],
    ["sms_5xx", "接下来几次短信接口 503", "什么都没做", "number", 1],
    ["sms_lost", "接下来几条发了但应答丢了", "应答是 503", "number", 1],
    ["sms_undelivered", "接下来几条运营商送不到", "接口收下，明细里是失败", "number", 1],
  ]],
  ["平台推送消息", [
    ["duplicate", "同时推送两份", "每条推送有这么大可能并行两次", "chance"],
    ["drop", "回包丢失", "公众号的回复路上丢了，平台重推", "chance"],
    ["drop_next", "接下来几次回包丢失", "同上，但次数确定", "number", 1],
    ["reorder", "乱序", "等同一个人后面的消息先到", "chance"],
    ["callback_timeout", "等待公众号（秒）", "真实平台是 5 秒", "number", 0.5],
    ["deliveries", "一共推送几次", "第一次加上重推", "number", 1],
  ]],
];
const MODES = [["plain", "明文模式"], ["compat", "兼容模式"], ["safe", "安全模式"]];
const WINDOWS = { message: "发过消息", menu: "点过菜单", follow: "关注", scan: "扫码", enter: "进入客服会话" };

export class Panel {
  constructor(root, current) {
    Object.assign(this, { root, current, inputs: new Map() });
    const pages = { log: el("section", { id: "tab-log" }), pay: el("section", { id: "tab-pay" }), texts: el("section", { id: "tab-texts" }), faults: el("section", { id: "tab-faults" }), account: el("section", { id: "tab-account" }) };
    this.pages = pages;
    this.tabs = [["log", "日志"], ["pay", "账单"], ["texts", "短信"], ["faults", "故障开关"], ["account", "账号与时钟"]].map(([name, words]) =>
      el("button", { type: "button", role: "tab", "data-tab": name, onclick: () => this.open(name) }, words),
    );
    root.append(el("nav", { role: "tablist" }, this.tabs), ...Object.values(pages));
    this.log = new Log(pages.log);
    this.payments = new Payments(pages.pay, () => this.current().person?.openid || "");
    this.texts = new Texts(pages.texts);
    this.drawFaults(pages.faults);
    this.drawAccount(pages.account);
    this.open("log");
  }

  open(name) {
    for (const [one, page] of Object.entries(this.pages)) page.hidden = one !== name;
    if (name === "pay") this.payments.refresh();
    if (name === "texts") this.texts.refresh();
    for (const tab of this.tabs) tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
  }

  drawFaults(page) {
    for (const [heading, rows] of SWITCHES) {
      page.append(el("h3", {}, heading), ...rows.map((row) => this.switchRow(...row)));
    }
    page.append(
      el("h3", {}, "access_token"),
      el(
        "div",
        { class: "buttons" },
        el("button", { type: "button", onclick: () => this.spoil(42001) }, "立即过期（42001）"),
        el("button", { type: "button", onclick: () => this.spoil(40001) }, "立即失效（40001）"),
      ),
      el("div", { class: "buttons" }, el("button", { type: "button", class: "calm", onclick: () => this.calm() }, "全部恢复正常")),
      (this.words = el("p", { class: "told", role: "status" })),
    );
  }

  switchRow(name, title, hint, kind, step) {
    const change = () => this.change(name, kind === "yes" ? input.checked : Number(input.value));
    const attributes = { yes: { type: "checkbox" }, chance: { type: "range", min: 0, max: 1, step: 0.05 }, number: { type: "number", min: 0, step } }[kind];
    const input = el("input", { ...attributes, name, onchange: change });
    const shown = kind === "chance" ? el("output", {}) : null;
    this.inputs.set(name, { input, shown, kind });
    if (shown) input.addEventListener("input", () => (shown.textContent = percent(input.value)));
    return el("label", { class: "switch" }, el("span", {}, title, el("small", {}, hint)), shown, input);
  }

  async change(name, value) {
    try {
      await api.faults({ [name]: value });
      this.words.textContent = "";
    } catch (wrong) {
      this.words.textContent = wrong.message;
    }
  }

  async spoil(code) {
    const { spoilt } = await api.spoilTokens(this.current().account.app_id, code);
    this.words.textContent = `${spoilt} 个 access_token 不能用了`;
  }

  async calm() {
    await api.calm();
  }

  drawAccount(page) {
    this.mode = el("select", { name: "mode", onchange: () => this.configure({ mode: this.mode.value }) }, MODES.map(([value, words]) => el("option", { value }, words)));
    this.format = el("select", { name: "format", onchange: () => this.configure({ format: this.format.value }) }, [["xml", "XML"], ["json", "JSON"]].map(([value, words]) => el("option", { value }, words)));
    this.callback = el("input", { type: "url", name: "callback", onchange: () => this.configure({ callback: this.callback.value }) });
    this.verified = el("p", { class: "told", role: "status", id: "verified" });
    this.time = el("strong", {});
    this.quota = el("ul", { class: "quota" });
    const jump = (words, body) => el("button", { type: "button", onclick: () => api.clock(body) }, words);
    page.append(
      (this.heading = el("h3", {}, "公众号")),
      (this.facts = el("dl", {})),
      el("label", { class: "switch" }, el("span", {}, "加密方式"), this.mode),
      (this.formatRow = el("label", { class: "switch" }, el("span", {}, "数据格式"), this.format)),
      el("label", { class: "switch wide" }, el("span", {}, "服务器地址（URL）"), this.callback),
      el("div", { class: "buttons" }, el("button", { type: "button", id: "verify-url", onclick: () => this.verify() }, "验证URL")),
      this.verified,
      el("h3", {}, "这个人的客服消息额度"),
      this.quota,
      el("h3", {}, "平台的时钟"),
      el("p", {}, this.time),
      el("div", { class: "buttons" }, jump("+1 分钟", { minutes: 1 }), jump("+1 小时", { hours: 1 }), jump("+48 小时", { hours: 48 }), jump("+72 小时", { hours: 72 }), jump("回到现在", { reset: true })),
      el("h3", {}, "沙箱"),
      el("div", { class: "buttons" }, el("a", { href: "/log", target: "_blank" }, "日志单独一页"), el("button", { type: "button", class: "danger", onclick: () => window.confirm("清空所有人和日志？") && api.reset() }, "重置沙箱")),
    );
  }

  async configure(changes) {
    try {
      await api.configure(this.current().account.app_id, changes);
    } catch (wrong) {
      this.verified.textContent = wrong.message;
    }
  }

  async verify() {
    this.verified.textContent = "正在验证…";
    const { ok, words } = await api.verifyUrl(this.current().account.app_id);
    this.verified.textContent = words;
    this.verified.classList.toggle("wrong", !ok);
  }

  show(state, account, person) {
    for (const [name, { input, shown, kind }] of this.inputs) {
      const value = state.faults[name];
      if (document.activeElement !== input) kind === "yes" ? (input.checked = value) : (input.value = value);
      if (shown) shown.textContent = percent(value);
    }
    const wrong = this.tabs.find((tab) => tab.dataset.tab === "faults");
    wrong.classList.toggle("active", SWITCHES.some(([, rows]) => rows.some(([name]) => !["callback_timeout", "deliveries", "refund_seconds"].includes(name) && state.faults[name])));
    if (document.activeElement !== this.mode) this.mode.value = account.mode;
    if (document.activeElement !== this.format) this.format.value = account.format;
    const program = account.kind === "mini_program";
    this.formatRow.hidden = !program;
    this.heading.textContent = program ? "小程序" : "公众号";
    if (document.activeElement !== this.callback) this.callback.value = account.callback;
    this.facts.replaceChildren(...[["名称", account.name], ["AppID", account.app_id], ["原始 ID", account.original_id], ["菜单", program ? "没有" : account.menu_is_default ? "默认（公众号还没创建）" : "由公众号创建"]].flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
    this.time.textContent = new Date(state.now * 1000).toLocaleString("zh-CN", { hour12: false }) + (state.offset ? `（快了 ${(state.offset / 3600).toFixed(1)} 小时）` : "");
    const windows = Object.entries(person?.quota || {});
    const lines = windows.map(([name, one]) => el("li", {}, `${WINDOWS[name]}：还能发 ${one.left} 条，${lasting(one.seconds)}内`));
    this.quota.replaceChildren(...(lines.length ? lines : [el("li", { class: "muted" }, "没有打开的窗口，发送会得到 45015")]));
    return Promise.all([this.log.refresh(), this.pages.pay.hidden ? null : this.payments.refresh(), this.pages.texts.hidden ? null : this.texts.refresh()]);
  }
}

const percent = (value) => `${Math.round(value * 100)}%`;
const lasting = (seconds) => (seconds > 5400 ? `${(seconds / 3600).toFixed(1)} 小时` : `${Math.round(seconds)} 秒`);
