// The list of calls, newest first; used in the side panel and on /log.
import { api } from "./api.js";
import { el } from "./dom.js";

const KEPT = 400;

export class Log {
  constructor(root) {
    this.last = 0;
    this.rows = el("ol", { class: "log-rows" });
    const only = el("input", { type: "checkbox", onchange: () => this.rows.classList.toggle("only-bad", only.checked) });
    const clear = el("button", { type: "button", onclick: () => this.clear() }, "清空");
    root.append(el("div", { class: "log-tools" }, el("label", {}, only, " 只看出错的"), clear), this.rows);
  }

  async clear() {
    await api.clearLog();
    this.rows.replaceChildren();
  }

  async refresh() {
    const rows = await api.log(this.last);
    if (!rows.length) return;
    this.last = rows.at(-1).id;
    this.rows.prepend(...rows.reverse().map(draw));
    while (this.rows.children.length > KEPT) this.rows.lastChild.remove();
  }
}

const OUTCOMES = { reply: "已回复", nothing: "收下，不回复", timeout: "超时", refused: "连不上", http: "出错", malformed: "回复有误", dropped: "回包丢失", ok: "成功" };

function outcome(row) {
  return OUTCOMES[row.outcome] || row.outcome;
}

function draw(row) {
  const at = new Date(row.at * 1000).toLocaleTimeString("zh-CN", { hour12: false });
  const push = row.direction === "push";
  return el(
    "li",
    { class: `${row.direction} ${row.ok ? "good" : "bad"}` },
    el(
      "details",
      {},
      el(
        "summary",
        {},
        el("time", {}, at),
        el("b", { class: "way", title: push ? "平台 → 公众号" : "公众号 → 平台" }, push ? "推" : "调"),
        el("span", { class: "what" }, row.what.replace("/cgi-bin/", ""), " ", el("small", { class: "outcome" }, outcome(row))),
        el("span", { class: "status" }, row.status || "—"),
        el("span", { class: "ms" }, `${Math.round(row.ms)} ms`),
        row.gist || !row.ok ? el("span", { class: "gist" }, row.ok ? row.gist : [row.why, row.gist].filter(Boolean).join(" · ")) : null,
      ),
      el("h4", {}, push ? "推送（解密后）" : "请求"),
      el("pre", {}, row.request || "（空）"),
      el("h4", {}, push ? "回复（解密后）" : "应答"),
      el("pre", {}, row.response || "（空）"),
    ),
  );
}
