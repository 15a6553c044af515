/** What an engineer may do with a visit in which status: from the lifecycles, held to them by tests/vectors/moves.json. */

export interface VisitMove {
  name: string;
  title: string;
  from: readonly string[];
  to: string;
  /** He must say why. */
  reason: boolean;
}

export const VISIT_MOVES: readonly VisitMove[] = [
  { name: "accept", title: "接单", from: ["offered"], to: "accepted", reason: false },
  { name: "depart", title: "出发", from: ["accepted"], to: "departed", reason: false },
  { name: "check_in", title: "签到", from: ["accepted", "departed"], to: "checked_in", reason: false },
  { name: "finish", title: "完成上门", from: ["checked_in"], to: "finished", reason: false },
  { name: "fail", title: "上门失败", from: ["accepted", "checked_in", "departed"], to: "failed", reason: true },
];

export const VISIT_TITLES: Readonly<Record<string, string>> = {
  offered: "待接单",
  accepted: "已接单",
  departed: "已出发",
  checked_in: "已签到",
  finished: "已完成",
  failed: "未成行",
};

/** The moves that are allowed now. */
export function movesFrom(status: string): VisitMove[] {
  return VISIT_MOVES.filter((move) => move.from.includes(status));
}

/** The status after a move; the same when it is not allowed. */
export function moved(status: string, name: string): string {
  return movesFrom(status).find((move) => move.name === name)?.to ?? status;
}
