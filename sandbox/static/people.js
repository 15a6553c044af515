// The column of people to be.
import { timeWords } from "./chat.js";
import { avatar, el } from "./dom.js";

export class People {
  constructor(root, { choose, add }) {
    Object.assign(this, { root, choose, add });
  }

  show({ people, accounts, now }, current) {
    // Whoever is on the phone's account; the switch above the phone goes to the other one as the same person.
    const here = people.find((one) => one.openid === current)?.app_id || accounts[0].app_id;
    const program = accounts.find((one) => one.app_id === here).kind === "mini_program";
    const rows = people.filter((person) => person.app_id === here).map((person) => {
      const red = person.unread && person.openid !== current ? el("b", { class: "unread" }, String(Math.min(99, person.unread))) : null;
      const last = person.last || (program ? "小程序客服" : person.following ? "已关注" : "未关注");
      return el(
        "button",
        { type: "button", class: person.openid === current ? "person current" : "person", "data-openid": person.openid, onclick: () => this.choose(person.openid) },
        el("span", { class: "face" }, avatar(person.name), red),
        el("span", { class: "words" }, el("strong", {}, person.name), el("small", {}, person.typing ? "对方正在输入…" : last)),
        el("time", {}, person.last_at ? timeWords(person.last_at, now) : ""),
      );
    });
    const more = el("button", { type: "button", class: "add", id: "add-person", onclick: this.add }, "＋ 添加一个人");
    this.root.replaceChildren(el("h2", {}, "扮演谁"), el("div", { class: "rows" }, rows), more);
  }
}
