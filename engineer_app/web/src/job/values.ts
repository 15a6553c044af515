/** What an operation wrote, in words: for conflicts and for what is not sent yet. A further kind is a row of `TITLES`. */
import type { Job, Value } from "../store_types";
import { store } from "../use";
import { milli, yuan } from "../words";

const TITLES: Record<string, string> = {
  "visit.move": "出发或签到", "visit.end": "结束上门", "prompt.confirm": "安全提示", "check.record": "环境检查", "diagnosis.record": "故障诊断",
  "field.set": "填写的内容", "part.put": "配件", "part.remove": "删除配件", "material.put": "辅材", "material.remove": "删除辅材",
  "fee.put": "费用", "fee.remove": "删除费用", "quote.ask": "请客户确认报价", "quote.confirm": "客户同意报价", "quote.reject": "客户不同意报价", "photo.add": "照片", "signature.add": "签名", correct: "更正资料", "help.ask": "求助",
  "change.ask": "改约", "offer.answer": "答复派单",
};
const READINGS: Record<string, string> = { yes: "是", no: "否" };

export const titleOf = (kind: string) => TITLES[kind] ?? "记录";

export function describe(kind: string, value: Value, job?: Job): string {
  if (!value) return "删除";
  const text = (name: string) => String(value[name] ?? "");
  switch (kind.split(".")[0]) {
    case "check": {
      const check = Object.values(store.content()?.checks ?? {}).flat().find((one) => one.code === value.code);
      const option = check?.options.find((one) => one.code === value.value)?.words;
      return `${check?.title ?? ""} ${option ?? READINGS[text("value")] ?? text("value")} ${text("unit")}`.trim();
    }
    case "part":
      return `${text("part_code")} × ${text("quantity")} ${text("new_serial")}`.trim();
    case "material": {
      const material = store.content()?.materials.find((one) => one.code === value.code);
      return `${material?.title ?? text("code")} ${milli(Number(value.quantity))} ${material?.unit ?? ""}`.trim();
    }
    case "fee":
      return `${text("title")} ¥${yuan(Number(value.fen))}`;
    case "diagnosis": {
      const cause = store.content()?.trees[job?.category_code ?? ""]?.causes[text("cause")];
      return cause?.title ?? (text("said") || text("cause"));
    }
    case "visit":
      return store.content()?.outcomes.find((one) => one.code === value.outcome)?.title ?? (value.move === "depart" ? "出发" : "签到");
    default:
      return text("value") || text("words") || text("why") || titleOf(kind);
  }
}
