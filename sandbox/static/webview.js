// What WeChat shows over a page that called WeixinJSBridge.invoke. A new call is a function of CALLS: (params, page) → what the page
// is told; `page` has its address and the origin that the browser vouches for.
import { api } from "./api.js";
import { atTheCashier } from "./cashier.js";
import { el } from "./dom.js";
import { PLACES, Sheets, row } from "./sheets.js";

const root = document.getElementById("webview");
const IPHONE = /iPhone|iPad/i.test(navigator.userAgent);

// A sheet with fields; what `done` gives is what the page is told, closing it is a cancel.
function asked(name, title, fields, done, label) {
  return new Promise((told) => {
    const sheets = new Sheets(root);
    const answer = async () => told({ err_msg: `${name}:ok`, ...(await done()) });
    sheets.form(title, fields, answer, label);
    sheets.closed = () => told({ err_msg: `${name}:cancel` });
  });
}

function scan({ needResult }) {
  const content = el("input", { name: "content", placeholder: "条码或二维码的内容", required: true });
  return asked("scanQRCode", "扫一扫", [row("扫到了", content)], () => {
    const code = /^[\w-]{6,}$/.test(content.value) ? `CODE_128,${content.value}` : content.value;
    if (!needResult) return {};
    return { resultStr: IPHONE ? JSON.stringify({ scan_code: { scan_result: code } }) : code };
  }, "扫描");
}

function locate() {
  const place = el("select", { name: "place" }, PLACES.map(([name]) => el("option", {}, name)));
  return asked("geoLocation", "允许使用你的位置", [row("你在", place)], () => {
    const [, latitude, longitude] = PLACES[place.selectedIndex];
    return { latitude: String(latitude), longitude: String(longitude), speed: "-1", accuracy: "30" };
  }, "允许");
}

function show(name, ...children) {
  return asked(name, name === "openLocation" ? "位置" : "图片", children, () => ({}), "返回");
}

const read = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Error("这张图读不出来"));
    reader.readAsDataURL(file);
  });

function choose({ count }) {
  const files = el("input", { type: "file", accept: "image/*", multiple: count > 1, name: "photo" });
  return asked("chooseImage", "选择照片", [files, el("p", { class: "muted" }, "不选文件就是一张灰色的样图。")], async () => {
    const chosen = await Promise.all([...files.files].slice(0, count).map(read));
    return { pictures: chosen.length ? chosen : [sample()] };
  }, "完成");
}

function sample() {
  const canvas = el("canvas", { width: 320, height: 240 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#d0d4d8";
  pen.fillRect(0, 0, 320, 240);
  return canvas.toDataURL("image/jpeg");
}

function address() {
  const place = el("select", { name: "place" }, PLACES.map(([name]) => el("option", {}, name)));
  return asked("editAddress", "选择收货地址", [row("地址", place)], () => {
    const [name, , , detail] = PLACES[place.selectedIndex];
    return { userName: "王小明", telNumber: "13800138000", addressPostalCode: "100000", proviceFirstStageName: name.slice(0, 2), addressCitySecondStageName: name.slice(0, 2), addressCountiesThirdStageName: "", addressDetailInfo: detail, nationalCode: "" };
  }, "使用");
}

const CALLS = {
  preVerifyJSAPI: (given, page) => api.jssdk("verify", { app_id: given.verifyAppId, timestamp: given.verifyTimestamp, nonce: given.verifyNonceStr, signature: given.verifySignature, ...page }),
  uploadImage: (given) => api.jssdk("upload", { app_id: given.verifyAppId || given.appId, data: given.data }),
  downloadImage: () => ({ err_msg: "downloadImage:fail" }),
  getBrandWCPayRequest: (given) => atTheCashier(root, given),
  scanQRCode: scan,
  geoLocation: locate,
  openLocation: (given) => show("openLocation", el("p", {}, given.name || "位置"), el("p", { class: "muted" }, given.address || `${given.latitude}, ${given.longitude}`)),
  imagePreview: (given) => show("imagePreview", el("img", { src: given.current || given.urls?.[0] || "", alt: "图片" })),
  chooseImage: choose,
  editAddress: address,
};

window.addEventListener("message", async (event) => {
  const asked = event.data;
  if (event.source !== window.parent || !asked || asked.of !== "weixin-sandbox" || !CALLS[asked.name]) return;
  const page = { url: asked.page, origin: event.origin };
  const result = await CALLS[asked.name](asked.params, page);
  window.parent.postMessage({ of: "weixin-sandbox", result }, event.origin);
});
window.parent.postMessage({ of: "weixin-sandbox", ready: true }, "*");
