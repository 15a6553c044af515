// The bottom bar of the phone: menu or keyboard, voice, emoji, the plus panel. A new tile is a row of TILES.
import { el, icon } from "./dom.js";

const TILES = [
  ["photo", "照片", (bar) => bar.sheets.photo(bar.say)],
  ["plate", "铭牌", (bar) => bar.sheets.nameplate(bar.say)],
  ["pin", "位置", (bar) => bar.sheets.location((given) => bar.say("location", given))],
  ["scan", "扫一扫", (bar) => bar.sheets.scan(bar.say, bar.scanKey())],
  ["video", "视频", (bar) => bar.say("video")],
  ["clip", "小视频", (bar) => bar.say("shortvideo")],
  ["link", "链接", (bar) => bar.sheets.link(bar.say)],
  ["program", "小程序", (bar) => bar.say("miniprogrampage", { title: "微修商城", app_id: "wx5eed0000demo0002", path: "pages/index" })],
];
const IN_PROGRAMS = new Set(["照片", "铭牌", "小程序"]); // a mini-program's chat knows text, pictures and cards
const EMOJI = [..."😀😂😅😊😍😭😡👍👌🙏💪🎉💔🔥❓💧🥶🔧🏠📦"];

export class Composer {
  constructor(root, sheets, say, resized) {
    Object.assign(this, { root, sheets, say, resized, mode: "menu", drawer: "", menu: [], menuText: "" });
    this.input = el("textarea", { rows: 1, id: "say", "aria-label": "输入消息", enterkeyhint: "send", oninput: () => this.typed(), onkeydown: (event) => this.key(event) });
    this.input.addEventListener("focus", () => this.open(""));
    this.draw();
  }

  setAccount({ app_id: appId, kind, menu }) {
    const text = JSON.stringify([appId, menu]);
    if (text === this.menuText) return;
    this.menuText = text;
    this.menu = menu;
    this.program = kind === "mini_program";
    this.mode = menu.length ? "menu" : "keyboard";
    this.draw();
  }

  scanKey() {
    const buttons = this.menu.flatMap((button) => (button.sub_button?.length ? button.sub_button : [button]));
    return buttons.find((button) => String(button.type).startsWith("scancode"))?.key || "scan_product";
  }

  switchTo(mode) {
    this.mode = mode;
    this.drawer = "";
    this.draw();
    this.resized();
    if (mode === "keyboard") this.input.focus();
  }

  open(drawer) {
    this.drawer = this.drawer === drawer ? "" : drawer;
    this.below.replaceChildren(...this.drawn());
    this.resized();
  }

  typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(120, this.input.scrollHeight)}px`;
    this.root.classList.toggle("has-text", this.input.value.trim() !== "");
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.sendText();
  }

  sendText() {
    const content = this.input.value;
    if (!content.trim()) return;
    this.input.value = "";
    this.typed();
    this.say("text", { content });
    this.input.focus();
  }

  draw() {
    this.below = el("div", { class: "drawer" }, this.drawn());
    this.root.replaceChildren(this.mode === "menu" ? this.menuBar() : this.keyboardBar(), this.below);
    this.typed();
  }

  button(name, words, act) {
    return el("button", { type: "button", class: "tool", "aria-label": words, title: words, onclick: act }, icon(name, 28));
  }

  keyboardBar() {
    const voice = this.mode === "voice";
    const toggle = this.menu.length ? [this.button("menu", "菜单", () => this.switchTo("menu")), el("i", { class: "rule" })] : [];
    const talk = el("button", { type: "button", class: "talk", onclick: () => this.sheets.voice(this.say) }, "按住 说话");
    return el(
      "div",
      { class: "tools" },
      toggle,
      this.program ? null : this.button(voice ? "keyboard" : "voice", voice ? "键盘" : "语音", () => this.switchTo(voice ? "keyboard" : "voice")),
      voice ? talk : this.input,
      this.button("smile", "表情", () => this.open("emoji")),
      this.button("plus", "更多功能", () => this.open("plus")),
      el("button", { type: "button", class: "send", onclick: () => this.sendText() }, "发送"),
    );
  }

  menuBar() {
    const buttons = this.menu.map((button) => {
      const below = button.sub_button?.length ? button.sub_button : null;
      const lines = el("span", { class: "sub", hidden: true }, (below || []).map((sub) => el("button", { type: "button", onclick: () => this.press(sub) }, sub.name)));
      const top = el("button", { type: "button", onclick: () => (below ? this.unfold(lines) : this.press(button)) }, below ? icon("list", 15) : null, button.name);
      return el("span", { class: "entry" }, top, lines);
    });
    return el("div", { class: "tools menubar" }, this.button("keyboard", "键盘", () => this.switchTo("keyboard")), el("i", { class: "rule" }), buttons);
  }

  unfold(lines) {
    const open = lines.hidden;
    for (const other of this.root.querySelectorAll(".sub")) other.hidden = true;
    lines.hidden = !open;
  }

  fold() {
    for (const lines of this.root.querySelectorAll(".sub")) lines.hidden = true;
    if (this.drawer) this.open("");
  }

  press(button) {
    this.fold();
    const { type, key } = button;
    if (type === "click") return this.say("click", { key });
    if (type === "view") return this.visit(button.url);
    if (type === "miniprogram") return this.say("view_miniprogram", { path: button.pagepath, menu_id: "1" });
    if (type.startsWith("scancode")) return this.sheets.scanFor(this.say, button);
    if (type === "location_select") return this.sheets.location((given) => this.together([type, { key, ...given }], ["location", given]), button.name);
    if (type.startsWith("pic_")) return this.sheets.photo((kind, given) => this.together([type, { key }], [kind, given]));
    return undefined;
  }

  // The phone sends the event and then, as a message of its own, what was chosen.
  async together(...deeds) {
    for (const [kind, given] of deeds) await this.say(kind, given);
  }

  visit(url) {
    if (/^https?:/.test(url)) window.open(url, "_blank", "noopener");
    return this.say("view", { url });
  }

  drawn() {
    if (this.drawer === "plus") return [el("div", { class: "tiles" }, TILES.filter(([, words]) => !this.program || IN_PROGRAMS.has(words)).map((tile) => this.tile(tile)))];
    if (this.drawer !== "emoji") return [];
    return [el("div", { class: "emoji" }, EMOJI.map((face) => el("button", { type: "button", onclick: () => this.insert(face) }, face)))];
  }

  tile([name, words, act]) {
    return el("button", { type: "button", class: "tile", onclick: () => (this.open("plus"), act(this)) }, el("span", {}, icon(name, 30)), words);
  }

  insert(face) {
    this.input.value += face;
    this.typed();
  }
}
