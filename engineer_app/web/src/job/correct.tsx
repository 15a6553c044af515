/** Correcting the customer's name, phone or address: what was and what it becomes; the server keeps both. */
import { useState } from "preact/hooks";
import { onward } from "../route";
import type { Job } from "../store_types";
import { Button, Cell, Field, Group, Page } from "../ui";
import { done, store } from "../use";

const PHONE = /^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})$/;
const FIELDS = {
  name: { title: "更正姓名", label: "正确的姓名", most: 20, wrong: (text: string) => (text.length < 1 ? "请填姓名" : "") },
  phone: {
    title: "更正电话", label: "正确的电话", most: 13,
    wrong: (text: string) => (PHONE.test(text) ? "" : "手机号为 11 位，座机请带区号，如 0757-22223333"),
  },
  address: {
    title: "更正地址", label: "正确的街道、小区、门牌", most: 100,
    wrong: (text: string) => (text.length < 4 ? "请写到门牌" : ""),
  },
} as const;

export type Correctable = keyof typeof FIELDS;
export const isCorrectable = (field: string): field is Correctable => field in FIELDS;

export function Correct({ job, field }: { job: Job; field: Correctable }) {
  const on = onward();
  const row = FIELDS[field];
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const wrong = row.wrong(text.trim());
  const send = async () => {
    setTried(true);
    if (wrong) return;
    if (await done(store.act("correct", job.visit_id, { field, value: text.trim() }), "已更正")) on("job", job.visit_id, "about");
  };
  return (
    <Page title={row.title} back={`#/job/${job.visit_id}/about`} action={<Button onClick={() => void send()}>保存</Button>}>
      <Group note="原来的也会留底，改了什么、谁改的都查得到。">
        <Cell label="现在" value={job.customer[field]} />
        <Field label={row.label} mode={field === "phone" ? "tel" : "text"} most={row.most} value={text} onInput={setText} wrong={tried ? wrong : ""} />
      </Group>
    </Page>
  );
}
