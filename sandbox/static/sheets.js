// Sheets that slide up inside the phone: a form, a list of actions, a picture. A new form is a function below.
import { atTheCashier } from "./cashier.js";
import { el, icon } from "./dom.js";

export const PLACES = [
  ["北京 朝阳区建国路88号", 39.9087, 116.4716, "北京市朝阳区建国路88号SOHO现代城"],
  ["上海 浦东新区世纪大道100号", 31.2354, 121.5058, "上海市浦东新区世纪大道100号"],
  ["广州 天河区体育西路103号", 23.1323, 113.3217, "广州市天河区体育西路103号维多利广场"],
  ["成都 武侯区天府大道666号", 30.5723, 104.0665, "成都市武侯区天府大道北段666号"],
  ["合肥 蜀山区长江西路669号", 31.8385, 117.1972, "安徽省合肥市蜀山区长江西路669号"],
];

export class Sheets {
  constructor(root) {
    this.root = root;
    root.addEventListener("click", (event) => event.target === root && this.close());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  close() {
    this.root.hidden = true;
    this.root.replaceChildren();
    this.closed();
  }

  // Whose phone it is.
  whose() {
    return "";
  }

  // Told when a sheet is gone, however it went.
  closed() {}

  open(node) {
    this.root.replaceChildren(node);
    this.root.hidden = false;
    this.root.querySelector("input:not([type=file]), textarea")?.focus();
  }

  actions(rows) {
    const buttons = rows.map(([words, act, tone]) => el("button", { type: "button", class: tone || "", onclick: () => (this.close(), act()) }, words));
    const cancel = el("button", { type: "button", class: "cancel", onclick: () => this.close() }, "取消");
    this.open(el("div", { class: "sheet actions" }, buttons, cancel));
  }

  picture(source) {
    this.open(el("div", { class: "lightbox", onclick: () => this.close() }, el("img", { src: source, alt: "图片" })));
  }

  // fields: elements; done(): what to do, may throw words to show.
  form(title, fields, done, label = "发送") {
    const words = el("p", { class: "wrong", role: "alert" });
    const submit = async (event) => {
      event.preventDefault();
      try {
        await done();
        this.close();
      } catch (wrong) {
        words.textContent = wrong.message;
      }
    };
    const head = el(
      "header",
      {},
      el("button", { type: "button", class: "close", "aria-label": "关闭", onclick: () => this.close() }, icon("close", 20)),
      el("h2", {}, title),
    );
    this.open(el("form", { class: "sheet form", onsubmit: submit }, head, fields, words, el("button", { class: "primary" }, label)));
  }

  voice(say) {
    const text = el("textarea", { rows: 3, placeholder: "说了什么（识别结果）", name: "recognition" });
    const seconds = el("input", { type: "number", min: 1, max: 60, value: "5", name: "seconds" });
    const none = el("input", { type: "checkbox", name: "none" });
    this.form("按住说话", [text, row("时长（秒）", seconds), row("没有识别结果", none)], () =>
      say("voice", { seconds: Number(seconds.value), ...(none.checked ? {} : { recognition: text.value }) }),
    );
  }

  photo(say) {
    const file = el("input", { type: "file", accept: "image/*", name: "photo" });
    const hint = el("p", { class: "muted" }, "不选文件就发一张灰色的样图。");
    this.form("照片", [file, hint], async () => say("image", file.files[0] ? { data: await dataUrl(file.files[0]) } : {}));
  }

  nameplate(say) {
    const model = el("input", { value: "KFR-35GW/N8KS1-1", name: "model" });
    const serial = el("input", { value: "2405A3100087", name: "serial" });
    const canvas = el("canvas", { width: 640, height: 400, class: "plate" });
    const paint = () => paintPlate(canvas, model.value, serial.value);
    for (const input of [model, serial]) input.addEventListener("input", paint);
    paint();
    this.form("拍一张铭牌", [row("型号", model), row("机号", serial), canvas], () => say("image", { data: canvas.toDataURL("image/jpeg", 0.9) }));
  }

  location(say, title = "位置", more = {}) {
    const [latitude, longitude, label] = ["latitude", "longitude", "label"].map((name) => el("input", { name, required: true }));
    const choose = ([, lat, lng, words]) => ([latitude.value, longitude.value, label.value] = [lat, lng, words]);
    const preset = el("select", { onchange: () => choose(PLACES[preset.selectedIndex]) }, PLACES.map(([name]) => el("option", {}, name)));
    choose(PLACES[0]);
    this.form(title, [row("常用地点", preset), row("纬度", latitude), row("经度", longitude), row("地址", label)], () =>
      say({ latitude: latitude.value, longitude: longitude.value, label: label.value, ...more }),
    );
  }

  // WeChat's cashier over the chat, for a code that was scanned.
  async pay(codeUrl, openid) {
    const root = el("div", { class: "cashier-root" });
    this.open(root);
    await atTheCashier(root, { code_url: codeUrl }, openid);
    this.close();
  }

  payByCode(openid) {
    const content = el("input", { placeholder: "weixin://wxpay/bizpayurl?pr=…", required: true, name: "content" });
    this.form("扫码付款", [row("二维码的内容", content)], () => setTimeout(() => this.pay(content.value.trim(), openid)), "扫描");
  }

  scan(say, scanKey, followOnly = false) {
    const content = el("input", { placeholder: followOnly ? "场景值，如 shop_1024" : "场景值，或条码的内容", required: true, name: "content" });
    const what = el(
      "select",
      { name: "what" },
      [["scan", "本公众号带参数的二维码（场景值）"], ["scancode_waitmsg", "机身条码（扫码推事件，等待提示）"], ["scancode_push", "二维码（扫码推事件）"]].map(([value, words]) =>
        el("option", { value }, words),
      ),
    );
    const send = () => {
      const scanned = content.value.trim();
      if (scanned.startsWith("weixin://wxpay/")) return setTimeout(() => this.pay(scanned, this.whose()));
      if (/^https?:/.test(scanned)) return window.open(scanned, "_blank", "noopener");
      if (followOnly || what.value === "scan") return say("scan", { scene: content.value });
      return this.scanned(say, what.value, scanKey, content.value);
    };
    this.form("扫一扫", [followOnly ? null : row("扫的是", what), row("内容", content)].filter(Boolean), send, "扫描");
  }

  scanned(say, kind, key, result) {
    const barcode = /^[\w-]{6,}$/.test(result);
    return say(kind, { key, result: barcode ? `CODE_128,${result}` : result, scan_type: barcode ? "barcode" : "qrcode" });
  }

  scanFor(say, button) {
    const content = el("input", { placeholder: "条码或二维码的内容", required: true, name: "content" });
    this.form(button.name, [row("扫到了", content)], () => this.scanned(say, button.type, button.key, content.value), "扫描");
  }

  link(say) {
    const title = el("input", { value: "空调清洗指南", required: true });
    const url = el("input", { value: "https://example.com/guide", required: true });
    this.form("链接", [row("标题", title), row("网址", url)], () => say("link", { title: title.value, url: url.value, description: "来自收藏" }));
  }

  // Which templates of the account, with how many messages are still allowed; `done` gets them as accepted.
  subscriptions(templates, credits, done) {
    const boxes = templates.map((one) => el("input", { type: "checkbox", name: one.template_id, value: one.template_id }));
    const rows = templates.map((one, index) => row(`${one.title}（还能发 ${credits[one.template_id] || 0} 条）`, boxes[index], "row long"));
    this.form("订阅消息", rows, () => {
      const chosen = boxes.filter((box) => box.checked).map((box) => ({ template_id: box.value, status: "accept", scene: "0" }));
      if (!chosen.length) throw new Error("至少选一个");
      return done(chosen);
    }, "确定");
  }

  name(accounts, done) {
    const name = el("input", { placeholder: "名字", maxlength: 12, required: true, name: "name" });
    const account = el("select", { name: "account" }, accounts.map((one) => el("option", { value: one.app_id }, one.name)));
    const which = accounts.length > 1 ? [row("公众号", account)] : [];
    this.form("添加一个人", [row("名字", name), ...which], () => done(name.value.trim(), account.value), "添加");
  }
}

export function row(words, input, look = "row") {
  return el("label", { class: look }, el("span", {}, words), input);
}

function dataUrl(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Error("这张图读不出来"));
    reader.readAsDataURL(file);
  });
}

function paintPlate(canvas, model, serial) {
  const pen = canvas.getContext("2d");
  const rows = [["型　　号", model], ["额定电压", "220V~ 50Hz"], ["制冷剂", "R32"], ["机　　号", serial]];
  pen.fillStyle = "#d9dde0";
  pen.fillRect(0, 0, 640, 400);
  pen.strokeStyle = "#6b7278";
  pen.lineWidth = 4;
  pen.strokeRect(12, 12, 616, 376);
  pen.fillStyle = "#1d2226";
  pen.font = "bold 34px sans-serif";
  pen.fillText("产品铭牌", 250, 64);
  pen.font = "28px sans-serif";
  rows.forEach(([name, value], index) => {
    pen.fillText(name, 44, 124 + index * 52);
    pen.fillText(value, 210, 124 + index * 52);
  });
  [...(serial + model)].forEach((letter, index) => {
    pen.fillRect(44 + index * 18, 310, 2 + (letter.charCodeAt(0) % 9), 58);
    pen.fillRect(56 + index * 18, 310, 2 + (letter.charCodeAt(0) % 3), 58);
  });
}
