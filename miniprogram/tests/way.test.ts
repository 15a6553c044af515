/** One customer's way through the mini-program, page after page, against a running server: each test goes on where the last one stopped. */
import { beforeEach, expect, test } from "vitest";
import { asked, fetched, freshCode, lately, open, pull, putPhone, shows, tap, tapAt, type, until, willAnswer, willLogIn } from "./phone";

const YES = { confirm: true };
const kept = { product: "", order: "", payable: "" };

beforeEach(() => {
  putPhone();
  willLogIn(freshCode());
});

test("a code that is none is said in words, and trying again works", async () => {
  putPhone();
  willLogIn("used-before");
  const page = open("pages/home/index");
  await until(() => page.querySelector(".trouble") !== undefined);
  willLogIn(freshCode());
  tap(page, ".again");
  await shows(page, "没有进行中的工单");
});

test("the home page signs in, asks for consent once, and calls the hotline", async () => {
  const page = open("pages/home/index");
  await shows(page, "使用前请阅读并同意");
  tap(page, ".consent .big");
  await until(() => page.querySelector(".consent") === undefined);
  tap(page, ".ring");
  await until(() => lately("makePhoneCall") !== undefined);
  expect(lately("makePhoneCall")).toEqual({ phoneNumber: "400-000-0000" });
});

test("a mistyped code is not corrected silently: the model is picked, then registered", async () => {
  const page = open("pages/register/index");
  type(page, ".text", "KFR-35GW/N8C1");
  tap(page, ".find");
  await until(() => page.querySelectorAll(".choice").length > 1);
  expect(page.querySelector(".keep")).toBeUndefined();
  tap(page, ".choice");
  await until(() => page.querySelector(".keep") !== undefined);
  tap(page, ".keep");
  await until(() => lately("redirectTo") !== undefined);
  kept.product = String(lately("redirectTo")?.url).split("key=")[1] ?? "";
  expect(kept.product).not.toBe("");
});

test("a scanned code is taken; closing the scanner changes nothing", async () => {
  const page = open("pages/register/index");
  tap(page, ".scan");
  await until(() => asked.some((one) => one.name === "scanCode"));
  expect(page.querySelector(".keep")).toBeUndefined();
  willAnswer("scanCode", { result: "KFR-35GW/N8A1" });
  tap(page, ".scan");
  await until(() => page.querySelector(".keep") !== undefined);
});

test("the product's page says its warranty and takes the invoice", async () => {
  const page = open("pages/product/index", { key: kept.product });
  await until(() => page.querySelectorAll(".warranty").length > 0);
  willAnswer("chooseMedia", { tempFiles: [{ tempFilePath: "wxfile://1" }] });
  tap(page, ".invoice");
  await until(() => lately("showToast") !== undefined);
  await shows(page, "待核对");
});

test("somebody else's product is not there", async () => {
  const page = open("pages/product/index", { key: "pr_9999" });
  await until(() => page.querySelector(".trouble") !== undefined);
});

test("a report names what is missing, reads the address back, and offers times", async () => {
  const page = open("pages/report/index", { service: "repair", productId: kept.product });
  await until(() => page.querySelectorAll(".product").length > 0);
  tap(page, ".send");
  await shows(page, "什么故障");
  type(page, ".words", "空调不制冷了，显示 E4");
  willAnswer("chooseLocation", { address: "广东省佛山市顺德区大良街道", name: "环城路 1 号", latitude: 22.84, longitude: 113.26 });
  tap(page, ".map");
  await shows(page, "认出的地址");
  type(page, ".address", "广东省佛山市顺德区大良街道环城路 1 号 2 栋 301");
  page.querySelector(".address")?.dispatchEvent("blur");
  await shows(page, "认出的地址");
  type(page, ".phone", "13812345678");
  tap(page, ".send");
  await until(() => page.querySelectorAll(".window").length > 0);
  willAnswer("showModal", YES);
  tap(page, ".window");
  await until(() => lately("redirectTo") !== undefined);
  kept.order = String(lately("redirectTo")?.url).split("number=")[1] ?? "";
});

test("the order shows its time, is moved to another and urged", async () => {
  const page = open("pages/order/index", { number: kept.order });
  await shows(page, "上门时间");
  expect(page.dom.textContent).not.toContain("待约");
  const before = page.querySelector(".row")?.dom?.parentNode?.textContent;
  tap(page, ".move");
  await until(() => page.querySelectorAll(".window").length > 1);
  willAnswer("showModal", YES);
  tapAt(page, ".window", 1);
  await until(() => page.querySelectorAll(".window").length === 0);
  expect(before).toBeDefined();
  tap(page, ".urge");
  await until(() => lately("showToast") !== undefined);
});

test("who is on the way is seen with photo, on a map with the place that was chosen, and in WeChat's own map", async () => {
  expect((await pull("depart")).source).toBe("pin");
  const page = open("pages/order/index", { number: kept.order });
  await shows(page, "距您 3.3 公里，在北边");
  await until(() => Boolean(page.instance.data.face));
  expect(fetched.get(String(page.instance.data.face))).toBeGreaterThan(500);
  const { markers, points } = page.instance.data.map as { markers: { latitude: number; callout: { content: string } }[]; points: unknown[] };
  expect(markers.map((one) => one.callout.content)).toEqual(["师傅", "您家"]);
  expect(markers[1]).toMatchObject({ latitude: 22.84, longitude: 113.26 });
  expect(points).toHaveLength(2);
  expect(page.querySelector(".map")).toBeDefined();
  tap(page, ".open-map");
  await until(() => lately("openLocation") !== undefined);
  expect(lately("openLocation")).toMatchObject({ latitude: markers[0]?.latitude, name: "师傅的大概位置" });
  await pull("turn-back");
  const later = open("pages/order/index", { number: kept.order });
  await shows(later, "上门时间");
  expect(later.querySelector(".map")).toBeUndefined();
  expect(later.querySelector(".face")).toBeUndefined();
});

test("a quote is confirmed as seen; changed meanwhile, the new one is shown instead", async () => {
  const { id } = await pull("quote");
  const page = open("pages/quote/index", { key: id });
  await shows(page, "加氟");
  await pull("quote?times=2");
  tap(page, ".confirm");
  await until(() => page.querySelector(".trouble") !== undefined);
  await shows(page, "第 2 版");
  tap(page, ".confirm");
  await shows(page, "客户已同意");
});

test("a bill is paid in the cashier, and paid is what the server was told", async () => {
  const id = (await pull("bill")).id;
  const page = open("pages/pay/index", { key: id });
  await shows(page, "¥128.00");
  tap(page, ".pay");
  await until(() => lately("showToast")?.title === "付款成功");
  expect(lately("requestPayment")).toHaveProperty("package");
  await until(() => page.querySelector(".pay") === undefined);
});

test("a card is bought: nothing is active before it is paid", async () => {
  const page = open("pages/cover/index", { productId: kept.product });
  await shows(page, "空调清洁卡 3 次");
  willAnswer("showModal", YES);
  tap(page, ".buy");
  await until(() => lately("navigateTo") !== undefined);
  const again = open("pages/cover/index");
  await shows(again, "去付款");
});

test("an invoice is asked for what was paid, and for nothing else", async () => {
  const page = open("pages/bills/index");
  await until(() => page.querySelectorAll(".bill").length === 2);
  expect(page.querySelectorAll(".want").length).toBe(1);
  tap(page, ".want");
  await until(() => page.querySelector(".send") !== undefined);
  tap(page, ".send");
  await shows(page, "请填写抬头");
  type(page, ".title", "王小明");
  type(page, ".email", "wang@example.com");
  tap(page, ".send");
  await shows(page, "发票：");
});

test("a wrong gift code is said in words", async () => {
  const page = open("pages/cover/index");
  await shows(page, "兑换礼品码");
  page.querySelector(".field")?.dispatchEvent("input", { detail: { value: "ABCD-EFGH" } });
  tap(page, ".redeem");
  await until(() => page.querySelector(".trouble") !== undefined || lately("showToast") !== undefined);
});

test("a finished order is rated once", async () => {
  await pull("finish");
  const page = open("pages/rate/index", { number: kept.order });
  await until(() => page.querySelector(".send") !== undefined);
  tap(page, ".send");
  await shows(page, "请先点星星");
  tapAt(page, ".stars .star", 4);
  tap(page, ".tag");
  tap(page, ".send");
  await until(() => lately("showToast") !== undefined);
  const orders = open("pages/orders/index");
  await until(() => orders.querySelectorAll(".order").length === 1);
});

test("one's own data are seen, corrected, and kept from being erased while money is open", async () => {
  const page = open("pages/mine/index");
  await until(() => page.querySelectorAll(".phone").length > 0);
  expect(page.dom.textContent).not.toContain("13812345678");
  expect(page.instance.data.mine?.marketing).toBe(false);
  page.querySelector(".marketing")?.dispatchEvent("change", { detail: { value: true } });
  await until(() => page.instance.data.mine?.marketing === true);
  page.querySelector(".name")?.dispatchEvent("input", { detail: { value: "王小明" } });
  tap(page, ".rename");
  await until(() => page.instance.data.mine?.name === "王小明");
  expect(page.dom.textContent).toContain("还没有付款");
});
