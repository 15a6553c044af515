/** Asking a senior for help, or quality for an appraisal: in words, with the order attached. */
import { onward, to } from "../route";
import type { Job } from "../store_types";
import { Button, Field, Group, Page } from "../ui";
import { done, store, useDraft } from "../use";

const TO = {
  senior: { title: "求助高级工程师", hint: "卡在哪一步、测得什么、想问什么", note: "值班的高级工程师会打电话给您。急事请直接打网点电话。" },
  appraisal: { title: "申请质量鉴定", hint: "什么现象、为什么怀疑是质量问题", note: "质量人员看过照片和记录后回复，机器先别拆。" },
} as const;

export type Helper = keyof typeof TO;
export const isHelper = (code: string): code is Helper => code in TO;

export function Help({ job, helper }: { job: Job; helper: Helper }) {
  const on = onward();
  const row = TO[helper];
  const [words, setWords] = useDraft(`${job.visit_id}.help.${helper}`);
  const send = async () => {
    if (!(await done(store.act("help.ask", job.visit_id, { to: helper, words: words.trim() }), "已发出"))) return;
    store.keepDraft(`${job.visit_id}.help.${helper}`, "");
    on("job", job.visit_id);
  };
  return (
    <Page title={row.title} back={to("job", job.visit_id)} action={<Button disabled={!words.trim()} onClick={() => void send()}>{words.trim() ? "发出" : "先写情况"}</Button>}>
      <Group note={row.note}>
        <Field label="情况" lines={5} most={500} hint={row.hint} value={words} onInput={setWords} />
      </Group>
    </Page>
  );
}
