// The side panel: log, fault switches, account and clock. A new switch is a row of SWITCHES.
import { api } from "./api.js";
import { el } from "./dom.js";
import { Log } from "./log.js";

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
    const pages = { log: el("section", { id: "tab-log" }), faults: el("section", { id: "tab-faults" }), account: el("section", { id: "tab-account" }) };
    this.pages = pages;
    this.tabs = [["log", "日志"], ["faults", "故障开关"], ["account", "公众号与时钟"]].map(([name, words]) =>
      el("button", { type: "button", role: "tab", "data-tab": name, onclick: () => this.open(name) }, words),
    );
    root.append(el("nav", { role: "tablist" }, this.tabs), ...Object.values(pages));
    this.log = new Log(pages.log);
    this.drawFaults(pages.faults);
    this.drawAccount(pages.account);
    this.open("log");
  }

  open(name) {
    for (const [one, page] of Object.entries(this.pages)) page.hidden = one !== name;
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
    const rest = { slow_ms: 0, api_5xx: 0, api_busy: 0, api_lost: 0, drop: 0, drop_next: 0, duplicate: 0, reorder: 0, callback_timeout: 5, deliveries: 3, quota_off: false, snapshot_users: false };
    await api.faults(rest);
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
    wrong.classList.toggle("active", SWITCHES.some(([, rows]) => rows.some(([name]) => !["callback_timeout", "deliveries"].includes(name) && state.faults[name])));
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
    return this.log.refresh();
  }
}

const percent = (value) => `${Math.round(value * 100)}%`;
const lasting = (seconds) => (seconds > 5400 ? `${(seconds / 3600).toFixed(1)} 小时` : `${Math.round(seconds)} 秒`);
