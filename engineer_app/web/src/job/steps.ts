/** The steps of a job, in order, with what each still wants; and which comes next. A further step is a row of `STEPS`. */
import { to } from "../route";
import type { Job, Missing } from "../store_types";
import { fieldOf, linesOf } from "../use";
import { toDo } from "./prices";

export interface Step {
  code: string;
  title: string;
  /** Needs of an outcome (rules/outcomes.ts) that are met there. */
  needs: string[];
  /** Words for what is there already. */
  has: (job: Job) => string;
  wanted?: (job: Job) => boolean;
  /** Words while there is nothing and nothing is wanted. */
  none?: string | ((job: Job) => string);
}

const NOTHING = "没有就不填";

const count = (kind: string, unit: string) => (job: Job) => {
  const lines = linesOf(job, kind).length;
  return lines ? `${lines} ${unit}` : "";
};

export const STEPS: Step[] = [
  { code: "way", title: "出发与签到", needs: ["check_in"], has: (job) => (checkedIn(job) ? "已签到" : "") },
  { code: "safety", title: "安全提示", needs: ["prompts"], has: (job) => `${job.prompts.length} 条`, wanted: (job) => job.prompts.length > 0 },
  {
    code: "checks", title: "环境检查", needs: ["checks", "not_blocked", "blocked"], has: (job) => `${job.checks.length} 项`,
    wanted: (job) => job.checks.length > 0,
  },
  { code: "serial", title: "核对机器", needs: [], has: (job) => fieldOf(job, "serial"), none: "还没核对" },
  {
    code: "diagnosis", title: "故障诊断", needs: ["finding"], wanted: (job) => hasTree(job),
    has: (job) => (job.registers.diagnosis ? "已诊断" : ""),
  },
  {
    code: "notes", title: "检查结果与处理", needs: ["finding"], has: (job) => fieldOf(job, "fault_found") || fieldOf(job, "done"),
    none: (job) => (hasTree(job) ? "诊断过可不填" : NOTHING),
  },
  { code: "parts", title: "配件与旧件", needs: ["parts"], has: count("part", "件") },
  { code: "materials", title: "安装辅材", needs: [], has: count("material", "项") },
  { code: "fees", title: "费用", needs: ["quote"], has: count("fee", "项") },
  {
    code: "photos", title: "照片", needs: ["photo_before", "photo_after", "photo_nameplate", "photo_receipt"],
    has: count("photo", "张"),
  },
  { code: "sheet", title: "服务单与签名", needs: ["signature", "receipt"], has: (job) => (job.signed.some((one) => one.holds) ? "已签名" : "") },
];

function hasTree(job: Job): boolean {
  return job.diagnosis_step !== null && job.service_type !== "install";
}

/** Words of a step that has nothing and needs nothing. */
export const noneOf = (job: Job, step: Step) => (typeof step.none === "function" ? step.none(job) : (step.none ?? NOTHING));

export const stepsOf = (job: Job) => STEPS.filter((step) => !step.wanted || step.wanted(job));

export const checkedIn = (job: Job) => !!job.registers["milestone.check_in"] || job.status === "checked_in";
export const departed = (job: Job) => checkedIn(job) || !!job.registers["milestone.depart"] || job.status === "departed";
export const ended = (job: Job) => job.section === "done" || ["finished", "failed"].includes(job.status);

/** What finishing still wants of this step. */
export function openIn(job: Job, step: Step): Missing[] {
  return (job.missing.finished ?? []).filter((need) => step.needs.includes(need.code) && stepFor(job, need.code) === step);
}

/** The step where a need is met: a finding may be met in two, the tree comes first when there is one. */
export function stepFor(job: Job, need: string): Step | undefined {
  return stepsOf(job).find((step) => step.needs.includes(need));
}

export function wayTo(job: Job, need: string): string {
  if (need === "signature") return to("job", job.visit_id, "sign", "sheet");
  return to("job", job.visit_id, stepFor(job, need)?.code ?? "work");
}

export function words(need: Missing): string {
  return need.items.length > 1 ? `${need.words}（还差 ${need.items.length} 项）` : need.words;
}

export interface Next {
  words: string;
  sub: string;
  href: string;
}

/** The one thing to do now; null when there is nothing left to do. */
export function nextOf(job: Job): Next | null {
  if (job.gone || ended(job) || job.offer) return null;
  const wanted = job.missing.finished ?? [];
  const first = wanted[0];
  const price = first && first.code !== "signature" ? "" : toDo(job);
  if (!departed(job)) return { words: "出发", sub: "", href: to("job", job.visit_id, "way") };
  if (price) return { words: price, sub: "签名前要先说清费用", href: to("job", job.visit_id, "fees") };
  if (first) return { words: words(first), sub: `完工前还差 ${wanted.length} 件事`, href: wayTo(job, first.code) };
  return { words: "完工", sub: "都齐了", href: to("job", job.visit_id, "end", "finished") };
}
