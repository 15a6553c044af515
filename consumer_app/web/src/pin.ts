/** The customer's own pin on an address: set by a tap, said what for, taken back by another. WeChat is asked, else the browser. */
import { getLocation, insideWeChat } from "./wechat.ts";

interface Pin {
  lat: number;
  lng: number;
  datum: "gcj02" | "wgs84";
  radius_m: number;
}

/** Metres: less exact than that, the address says more. */
const ROUGH_M = 500;
const PATIENCE_MS = 12_000;
const NOT_NOW = "没有定到位，不影响提交，师傅按地址上门";

export function wirePin(box: HTMLElement): void {
  const [set, drop, words] = ["set", "drop", "words"].map((name) => box.querySelector<HTMLElement>(`[data-pin-${name}]`));
  if (!set || !drop || !words || !(insideWeChat() || "geolocation" in navigator)) return;
  const before = words.textContent ?? "";
  const show = (pin: Pin | undefined, said: string): void => {
    for (const field of box.querySelectorAll<HTMLInputElement>("input")) {
      field.value = pin ? String(pin[field.name as keyof Pin]) : "";
    }
    words.textContent = said;
    set.hidden = pin !== undefined;
    drop.hidden = pin === undefined;
  };
  box.hidden = false;
  const kept = box.querySelector<HTMLInputElement>("[name=lat]")?.value;
  if (kept) [set.hidden, drop.hidden, words.textContent] = [true, false, "已记下您家的位置"];
  drop.addEventListener("click", () => show(undefined, before));
  set.addEventListener("click", () => {
    words.textContent = "正在定位…";
    locate().then(
      (pin) => show(...judged(pin, before)),
      () => show(undefined, NOT_NOW),
    );
  });
}

function judged(pin: Pin | undefined, before: string): [Pin | undefined, string] {
  if (!pin) return [undefined, before];
  if (pin.radius_m > ROUGH_M) return [undefined, "定位不够准，没有用它，师傅按地址上门"];
  return [pin, `已记下您家的位置（误差约 ${Math.max(10, Math.round(pin.radius_m / 10) * 10)} 米）`];
}

async function locate(): Promise<Pin | undefined> {
  if (!insideWeChat()) return byBrowser();
  const told = await getLocation();
  return told && { lat: told.latitude, lng: told.longitude, datum: "gcj02", radius_m: Math.round(told.accuracy) };
}

function byBrowser(): Promise<Pin> {
  return new Promise((done, failed) =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        done({ lat: coords.latitude, lng: coords.longitude, datum: "wgs84", radius_m: Math.round(coords.accuracy) }),
      failed,
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 0 },
    ),
  );
}
