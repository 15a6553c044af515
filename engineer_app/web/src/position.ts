/** Where the phone is, with how exact that is; and how far from the address. Works without permission: then it says why not. */
import type { OperationBodies, PlaceOut } from "./api";
import { gcjFromWgs, metres } from "./rules/places";

export type Position = NonNullable<OperationBodies["visit.move"]["position"]>;

/** Further than this from the address, whatever both positions may be off, a reason is asked for. */
export const FAR_M = 500;
const PATIENCE_MS = 12_000;

const WHY: Record<number, string> = {
  1: "没有定位权限。可以在系统设置里打开，也可以写明原因后签到",
  2: "现在收不到定位信号",
  3: "定位超时，可能在地下室或电梯里",
};

/** Rejects with words for the person. */
export function locate(): Promise<Position> {
  return new Promise((resolve, reject) => {
    if (!("geolocation" in navigator)) return reject(new Error("这台手机不支持定位"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          lat: coords.latitude,
          lng: coords.longitude,
          datum: "wgs84",
          radius_m: Math.min(Math.round(coords.accuracy), 1_000_000),
        }),
      (error) => reject(new Error(WHY[error.code] ?? "定位没有成功")),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 15_000 },
    );
  });
}

/** Metres to the address, and at least how many whatever both are off; null when only the district is known. */
export function distance(position: Position, place: PlaceOut | null): { metres: number; least: number } | null {
  if (!place || place.source === "centroid") return null;
  const at = position.datum === "wgs84" ? gcjFromWgs(position) : position;
  const far = metres(at, place);
  return { metres: far, least: Math.max(0, far - position.radius_m - place.radius_m) };
}

/** Opens whatever map the phone has. */
export function mapLink(place: PlaceOut | null, address: string): string {
  const name = encodeURIComponent(address);
  if (!place || place.source === "centroid") return `https://uri.amap.com/search?keyword=${name}&callnative=1`;
  return `https://uri.amap.com/navigation?to=${place.lng},${place.lat},${name}&mode=car&callnative=1`;
}
