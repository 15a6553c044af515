/** How a visit can end, from the strongest to the weakest, and what each end needs: twin of domain/service_sheets/rules.py.
 *  Both run tests/vectors/outcomes.json. */

export interface Facts {
  service_type: string;
  checked_in: boolean;
  /** Prompts that are not confirmed yet. */
  prompts_open: readonly string[];
  /** Checks without a reading. */
  checks_open: readonly string[];
  /** Checks whose reading blocks the work. */
  checks_blocking: readonly string[];
  /** Purposes there is at least one photo of. */
  photos: readonly string[];
  has_finding: boolean;
  /** Part lines that lack a serial or the old part's. */
  parts_unfinished: readonly string[];
  /** A signature stands under the sheet as it is now. */
  sheet_signed: boolean;
  receipt_signed: boolean;
  parts_wanted: boolean;
  why: boolean;
  /** What the lines of the sheet come to for the customer. */
  to_pay_fen: number;
  /** What the customer has agreed to pay, at most. */
  agreed_fen: number;
}

export interface Wanted {
  code: string;
  /** Finishes the sentence 请先… */
  words: string;
}

const REPAIRING = ["repair", "exchange"];
const NAMEPLATED = ["install", "repair", "exchange"];

const WANTED: Record<string, [words: string, missing: (f: Facts) => boolean]> = {
  check_in: ["签到", (f) => !f.checked_in],
  prompts: ["确认全部安全提示", (f) => f.prompts_open.length > 0],
  checks: ["完成环境检查", (f) => f.checks_open.length > 0],
  not_blocked: ["处理好不合格的环境检查", (f) => f.checks_blocking.length > 0],
  blocked: ["记录不合格的环境检查", (f) => f.checks_blocking.length === 0],
  finding: ["填写检查结果和处理情况", (f) => REPAIRING.includes(f.service_type) && !f.has_finding],
  photo_before: ["拍服务前照片", (f) => !f.photos.includes("before")],
  photo_after: ["拍服务后照片", (f) => !f.photos.includes("after")],
  photo_nameplate: ["拍机身铭牌", (f) => NAMEPLATED.includes(f.service_type) && !f.photos.includes("nameplate")],
  photo_receipt: ["拍取走的机器", (f) => !f.photos.includes("receipt")],
  parts: ["补全配件和旧件序列号", (f) => f.parts_unfinished.length > 0],
  quote: ["让客户确认报价", (f) => f.to_pay_fen > f.agreed_fen],
  signature: ["让客户签名", (f) => !f.sheet_signed],
  receipt: ["让客户在取件单上签名", (f) => !f.receipt_signed],
  parts_wanted: ["选择要等的配件", (f) => !f.parts_wanted],
  why: ["写明原因", (f) => !f.why],
};

const DONE = [
  "check_in", "prompts", "checks", "not_blocked", "finding", "photo_before", "photo_after", "photo_nameplate", "parts", "quote",
  "signature",
];

export interface Outcome {
  code: string;
  title: string;
  /** The move it makes of the visit. */
  visit_move: "finish" | "fail";
  needs: readonly string[];
}

/** In order of strength: a stronger end that comes later takes over from a weaker one. */
export const OUTCOMES: readonly Outcome[] = [
  { code: "finished", title: "完工", visit_move: "finish", needs: DONE },
  { code: "waiting_part", title: "待件", visit_move: "finish", needs: ["check_in", "prompts", "parts_wanted"] },
  { code: "taken_in", title: "取件维修", visit_move: "finish", needs: ["check_in", "prompts", "photo_receipt", "receipt"] },
  { code: "revisit", title: "再次上门", visit_move: "finish", needs: ["check_in", "why"] },
  { code: "blocked", title: "环境不合格", visit_move: "fail", needs: ["check_in", "blocked"] },
  { code: "absent", title: "客户不在", visit_move: "fail", needs: ["check_in", "why"] },
];

/** What has to be done first, in the order of the table. */
export function missing(outcome: string, facts: Facts): Wanted[] {
  const needs = OUTCOMES.find((one) => one.code === outcome)?.needs ?? [];
  return needs.filter((code) => WANTED[code]![1](facts)).map((code) => ({ code, words: WANTED[code]![0] }));
}

/** Of the ends somebody asked for, the strongest that lacks nothing; "" when there is none. */
export function strongest(wanted: readonly string[], facts: Facts): string {
  return OUTCOMES.find((one) => wanted.includes(one.code) && missing(one.code, facts).length === 0)?.code ?? "";
}
