/** WeChat's JS-SDK, as the script at the page's end defines it: configured once a page, when something of it is first wanted. */

interface Signed {
  app_id: string;
  timestamp: number;
  nonce: string;
  signature: string;
}

export interface PayParams {
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: string;
  paySign: string;
}

interface Told {
  errMsg: string;
  resultStr?: string;
}

type Call = (given: Record<string, unknown>) => void;

interface Sdk {
  config: Call;
  ready: (done: () => void) => void;
  error: (failed: (told: Told) => void) => void;
  scanQRCode: Call;
  chooseWXPay: Call;
  openLocation: Call;
  getLocation: Call;
}

/** By GCJ-02, as its maps are. */
export interface Place {
  latitude: number;
  longitude: number;
}

const WANTED = ["scanQRCode", "chooseWXPay", "openLocation", "getLocation"];
const SECONDS = 10;
let configured: Promise<Sdk> | undefined;

function sdk(): Sdk | undefined {
  return (window as unknown as { wx?: Sdk }).wx;
}

/** Whether WeChat's own functions may be there at all. */
export function insideWeChat(): boolean {
  return sdk() !== undefined && (/MicroMessenger/i.test(navigator.userAgent) || "WeixinJSBridge" in window);
}

async function configure(): Promise<Sdk> {
  const wx = sdk();
  if (!wx) throw new Error("请在微信里打开");
  const page = location.href.split("#")[0] ?? "";
  const answer = await fetch(`/c/js-sdk?url=${encodeURIComponent(page)}`, { credentials: "same-origin" });
  const said = (await answer.json()) as Signed & { message?: string };
  if (!answer.ok) throw new Error(said.message ?? "微信暂时用不了");
  return new Promise<Sdk>((done, failed) => {
    const tooLong = setTimeout(() => failed(new Error("微信没有回应")), SECONDS * 1000);
    wx.ready(() => (clearTimeout(tooLong), done(wx)));
    wx.error((told) => (clearTimeout(tooLong), failed(new Error(told.errMsg))));
    wx.config({
      debug: false,
      appId: said.app_id,
      timestamp: said.timestamp,
      nonceStr: said.nonce,
      signature: said.signature,
      jsApiList: WANTED,
    });
  });
}

function ready(): Promise<Sdk> {
  configured ??= configure().catch((no: unknown) => {
    configured = undefined;
    throw no;
  });
  return configured;
}

/** What a code says; "" when the person went back. */
export async function scan(): Promise<string> {
  const wx = await ready();
  return new Promise((done, failed) =>
    wx.scanQRCode({
      needResult: 1,
      scanType: ["qrCode", "barCode"],
      success: (told: Told) => done(told.resultStr ?? ""),
      cancel: () => done(""),
      fail: (told: Told) => failed(new Error(told.errMsg)),
    }),
  );
}

/** Open the cashier. What it says is no proof of anything: whether money came is asked of the server. */
export async function choosePay(params: PayParams): Promise<"done" | "cancelled"> {
  const wx = await ready();
  const { timeStamp, ...rest } = params;
  return new Promise((done, failed) =>
    wx.chooseWXPay({
      ...rest,
      timestamp: timeStamp,
      success: () => done("done"),
      cancel: () => done("cancelled"),
      fail: (told: Told) => failed(new Error(told.errMsg)),
    }),
  );
}

/** Show a place on WeChat's own map, over the page. */
export async function openLocation(place: Place & { name: string; address: string; scale: number }): Promise<void> {
  const wx = await ready();
  return new Promise((done, failed) =>
    wx.openLocation({ ...place, success: () => done(), cancel: () => done(), fail: (told: Told) => failed(new Error(told.errMsg)) }),
  );
}

/** Where the phone is; undefined when the person says no. */
export async function getLocation(): Promise<(Place & { accuracy: number }) | undefined> {
  const wx = await ready();
  return new Promise((done, failed) =>
    wx.getLocation({
      type: "gcj02",
      success: (told: { latitude: unknown; longitude: unknown; accuracy?: unknown }) =>
        done({ latitude: Number(told.latitude), longitude: Number(told.longitude), accuracy: Number(told.accuracy ?? 0) }),
      cancel: () => done(undefined),
      fail: (told: Told) => failed(new Error(told.errMsg)),
    }),
  );
}
