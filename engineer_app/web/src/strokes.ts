/** What was drawn with a finger: made to fit the screen, told in whole numbers, and drawn as a picture of its own. */
import type { PointGroup } from "signature_pad";

/** How long a line must be to be meant, in pixels: a slip of the hand is no signature. */
export const MEANT_LENGTH = 60;
const MOST_STROKES = 200;
const MOST_POINTS = 4500;
const MARGIN = 16;
const LARGEST_SIDE = 900;

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function boxOf(groups: PointGroup[]): Box {
  const points = groups.flatMap((group) => group.points);
  const [xs, ys] = [points.map((point) => point.x), points.map((point) => point.y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

function moved(groups: PointGroup[], by: number, left: number, top: number): PointGroup[] {
  const point = <P extends { x: number; y: number }>(one: P): P => ({ ...one, x: (one.x - left) * by, y: (one.y - top) * by });
  return groups.map((group) => ({ ...group, points: group.points.map(point) }));
}

/** The same, made small enough for a screen that was turned. */
export function fitted(groups: PointGroup[], width: number, height: number): PointGroup[] {
  if (!groups.length) return groups;
  const box = boxOf(groups);
  const by = Math.min(1, (width - MARGIN) / box.right, (height - MARGIN) / box.bottom);
  return by < 1 ? moved(groups, by, 0, 0) : groups;
}

/** At most what the server takes: 200 strokes, 5 000 points, whole numbers. */
export function strokesOf(groups: PointGroup[]): number[][][] {
  const all = groups.slice(0, MOST_STROKES).map((group) => group.points.map((point) => [Math.round(point.x), Math.round(point.y)]));
  const points = all.reduce((sum, stroke) => sum + stroke.length, 0);
  const every = Math.ceil(points / MOST_POINTS);
  return all.map((stroke) => stroke.filter((_, place) => place % every === 0));
}

/** How long the line is that was drawn, in pixels. */
export function drawn(groups: PointGroup[]): number {
  let length = 0;
  for (const { points } of groups) {
    points.forEach((point, place) => {
      const before = points[place - 1];
      if (before) length += Math.hypot(point.x - before.x, point.y - before.y);
    });
  }
  return length;
}

/** The strokes alone on white, without the empty screen around them, as PNG. */
export async function picture(groups: PointGroup[]): Promise<Blob> {
  const { default: Pad } = await import("signature_pad");
  const box = boxOf(groups);
  const [width, height] = [box.right - box.left + 2 * MARGIN, box.bottom - box.top + 2 * MARGIN];
  const by = Math.min(2, LARGEST_SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.ceil(width * by), Math.ceil(height * by)];
  canvas.getContext("2d")?.scale(by, by);
  const pad = new Pad(canvas, { penColor: "#111", backgroundColor: "#fff", minWidth: 1.2, maxWidth: 3.2 });
  pad.fromData(moved(groups, 1, box.left - MARGIN, box.top - MARGIN));
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("签名没有保存成功，请再试一次"))), "image/png");
  });
}
