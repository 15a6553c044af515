/** WeChat's own scanner, on pages that are open inside WeChat. Its SDK comes from our own files and is loaded when somebody
 *  scans; where WeChat says no, or says nothing, whoever asked goes on with the camera. */
import { signPage } from "./calls";

/** iOS holds a page to the address it was opened with, whatever the history says since; Android to the present one. */
const ENTRY = typeof location === "undefined" ? "" : location.href;
const PATIENCE = 5_000;
/** What a bar code begins with when WeChat reads it: its kind. A QR code comes as it is. */
const KIND = /^(?:CODE|EAN|UPC|ITF|CODABAR|CODEBAR|RSS|DATA_?MATRIX|PDF|AZTEC)[_A-Z0-9]*,/i;

/** The part of the SDK that is used. */
export interface Sdk {
  config(how: {
    appId: string; timestamp: number; nonceStr: string; signature: string; jsApiList: ["scanQRCode"];
    openTagList: never[]; debug: false;
  }): void;
  ready(then: () => void): void;
  error(then: (no: unknown) => void): void;
  scanQRCode(how: {
    needResult: 1; scanType: ("qrCode" | "barCode")[];
    success(found: { resultStr: string }): void; cancel(): void; fail(no: unknown): void;
  }): void;
}

/** Why the scanner of WeChat is no way to go on. */
export class NoScanner extends Error {}

const load = async () => (await import("weixin-js-sdk")).default as unknown as Sdk;

/** The SDK set up for one address; a refused one is not asked again, a lost connection is nobody's refusal. */
let ready: { url: string; sdk: Promise<Sdk> } | null = null;
let refused = false;

/** Whether WeChat's scanner may be there: not in WeCom, nor in WeChat of a computer, which has none. */
export function mayScan(agent = navigator.userAgent): boolean {
  return !refused && /MicroMessenger/i.test(agent) && !/wxwork|WindowsWechat|MacWechat/i.test(agent);
}

/** The address WeChat checks the signature against. */
export function pageAddress(agent = navigator.userAgent, entry = ENTRY, now = location.href): string {
  return (/iPhone|iPad|iPod/i.test(agent) ? entry : now).replace(/#.*$/s, "");
}

/** What the code says; "" when the person closed the scanner. */
export async function scanByWeChat(from: () => Promise<Sdk> = load): Promise<string> {
  const sdk = await setUp(pageAddress(), from);
  return new Promise((found, no) => {
    sdk.scanQRCode({
      needResult: 1,
      scanType: ["qrCode", "barCode"],
      success: (told) => found(codeIn(told.resultStr)),
      cancel: () => found(""),
      fail: () => {
        refused = true;
        no(new NoScanner());
      },
    });
  });
}

export const codeIn = (told: string) => told.replace(KIND, "").trim();

function setUp(url: string, from: () => Promise<Sdk>): Promise<Sdk> {
  if (ready?.url === url) return ready.sdk;
  const sdk = configured(url, from);
  ready = { url, sdk };
  sdk.catch((no) => {
    ready = null;
    refused ||= no instanceof NoScanner;
  });
  return sdk;
}

async function configured(url: string, from: () => Promise<Sdk>): Promise<Sdk> {
  const [sdk, signed] = await Promise.all([from(), signPage(url)]);
  return new Promise((done, no) => {
    const timer = setTimeout(() => no(new NoScanner()), PATIENCE);
    sdk.config({
      appId: signed.app_id, timestamp: signed.timestamp, nonceStr: signed.nonce, signature: signed.signature,
      jsApiList: ["scanQRCode"], openTagList: [], debug: false,
    });
    sdk.error(() => {
      clearTimeout(timer);
      no(new NoScanner());
    });
    sdk.ready(() => {
      clearTimeout(timer);
      done(sdk);
    });
  });
}
