/** What people type and read: money and lengths without floats, times in Shanghai, strokes that fit. */
import { describe, expect, it } from "vitest";
import { fitted, strokesOf } from "../src/strokes";
import { countdown, dayOf, fenOf, metresOf, milli, milliOf, timeOf, yuan } from "../src/words";

describe("amounts", () => {
  it.each([["80", 8000], ["80.5", 8050], ["0.29", 29], [" 19.99 ", 1999], ["", null], ["8.123", null], ["-3", null], ["1e3", null]])("%s yuan", (text, fen) => {
    expect(fenOf(text)).toBe(fen);
  });
  it("are written as they were typed", () => expect([yuan(5), yuan(8050), yuan(0)]).toEqual(["0.05", "80.50", "0.00"]));
});

describe("quantities", () => {
  it.each([["3.5", false, 3500], ["3", true, 3000], ["3.5", true, null], ["0", false, null], ["三", false, null]])("%s, whole %s", (text, whole, quantity) => {
    expect(milliOf(text, whole)).toBe(quantity);
  });
  it("are written without noughts behind the point", () => expect([milli(3500), milli(3000), milli(250)]).toEqual(["3.5", "3", "0.25"]));
});

it("times are Shanghai's, and another year is named", () => {
  const now = new Date("2026-05-12T16:30:00Z"); // half past midnight of the 13th there
  expect(timeOf("2026-05-12T16:05:00Z")).toBe("00:05");
  expect([dayOf("2026-05-12T16:05:00Z", now), dayOf("2026-05-12T15:00:00Z", now)]).toEqual(["今天", "昨天"]);
  expect(dayOf("2025-11-07T04:00:00Z", now)).toBe("2025年11月7日");
  expect(countdown("2026-05-12T16:34:05Z", now)).toBe("4分05秒");
  expect([metresOf(64), metresOf(1540), metresOf(24_000)]).toEqual(["60 米", "1.5 公里", "24 公里"]);
});

describe("strokes", () => {
  const line = (points: number) => Array.from({ length: points }, (_, at) => ({ x: at / 10, y: 400.4, pressure: 0, time: at }));
  const group = (points: number) => ({ penColor: "", dotSize: 0, minWidth: 1, maxWidth: 2, velocityFilterWeight: 0, compositeOperation: "source-over" as const, points: line(points) });
  it("get smaller on a screen that was turned, and none gets lost", () => {
    const after = fitted([group(500), group(20)], 800, 200);
    expect(after.map((one) => one.points.length)).toEqual([500, 20]);
    expect(Math.max(...after.flatMap((one) => one.points.map((point) => point.y)))).toBeLessThanOrEqual(184);
  });
  it("are whole numbers, and no more than the server takes", () => {
    const told = strokesOf(Array.from({ length: 250 }, () => group(100)));
    expect(told.length).toBe(200);
    expect(told.flat().length).toBeLessThanOrEqual(5000);
    expect(told.flat(2).every(Number.isInteger)).toBe(true);
  });
});
