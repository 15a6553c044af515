// The scrolling part of the phone: bubbles in order, time lines between them, the profile of an account not followed.
import { draw } from "./bubbles.js";
import { accountAvatar, el } from "./dom.js";

const PAUSE = 300; // seconds without a word before WeChat shows the time again
const DAYS = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];

export function clockWords(seconds) {
  const at = new Date(seconds * 1000);
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}

// As WeChat says it: 14:05, 昨天 14:05, 星期三 14:05, 2026年3月4日 14:05.
export function timeWords(seconds, now) {
  const at = new Date(seconds * 1000);
  const midnight = new Date(now * 1000).setHours(0, 0, 0, 0) / 1000;
  const days = Math.ceil((midnight - seconds) / 86400);
  if (days <= 0) return clockWords(seconds);
  if (days === 1) return `昨天 ${clockWords(seconds)}`;
  if (days < 7) return `${DAYS[at.getDay()]} ${clockWords(seconds)}`;
  return `${at.getFullYear()}年${at.getMonth() + 1}月${at.getDate()}日 ${clockWords(seconds)}`;
}

export class Chat {
  constructor(root, tools) {
    this.root = root;
    this.tools = tools;
    this.clear("");
  }

  clear(key) {
    this.key = key;
    this.drawn = new Map();
    this.lastAt = 0;
    this.root.replaceChildren();
  }

  show(person, bubbles, now) {
    const fresh = this.key !== person.openid;
    const gone = this.drawn.size && !bubbles.some((bubble) => this.drawn.has(bubble.id));
    if (fresh || gone) this.clear(person.openid);
    const atEnd = this.root.scrollHeight - this.root.scrollTop - this.root.clientHeight < 80;
    let added = false;
    let mine = false;
    for (const bubble of bubbles) {
      if (!this.drawn.has(bubble.id)) {
        this.add(bubble, person, now);
        added = true;
        mine ||= bubble.side === "me";
      }
      this.drawn.get(bubble.id).classList.toggle("pending", bubble.pending);
    }
    if (added && (atEnd || fresh || mine)) this.toEnd();
  }

  add(bubble, person, now) {
    if (bubble.at - this.lastAt > PAUSE) this.root.append(el("div", { class: "time" }, timeWords(bubble.at, now)));
    this.lastAt = bubble.at;
    const node = draw(bubble, person, this.tools);
    for (const image of node.querySelectorAll("img")) image.addEventListener("load", () => this.toEnd());
    this.drawn.set(bubble.id, node);
    this.root.append(node);
  }

  toEnd() {
    this.root.scrollTop = this.root.scrollHeight;
  }

  showProfile(account, person, follow, scan) {
    const key = `profile ${person.openid}`;
    if (this.key === key) return;
    this.clear(key);
    this.root.append(
      el(
        "div",
        { class: "profile" },
        accountAvatar(),
        el("h2", {}, account.name),
        el("p", { class: "muted" }, "服务号"),
        el("p", {}, account.intro),
        el("button", { type: "button", class: "primary", onclick: follow }, "关注公众号"),
        el("button", { type: "button", class: "plain", onclick: scan }, "扫描带参数二维码关注"),
      ),
    );
  }
}
