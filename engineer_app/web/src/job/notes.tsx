/** What was found and what was done, in words for the customer, begun with what the diagnosis says; and a remark for ourselves. */
import { onward, to } from "../route";
import type { Job } from "../store_types";
import { Button, Field, Group, Page } from "../ui";
import { done, fieldOf, store, useDraft } from "../use";

export function Notes({ job }: { job: Job }) {
  const on = onward();
  const cause = store.content()?.trees[job.category_code]?.causes[String(job.registers.diagnosis?.cause ?? "")];
  const fields = {
    fault_found: useDraft(`${job.visit_id}.fault_found`, fieldOf(job, "fault_found") || (cause?.title ?? "")),
    done: useDraft(`${job.visit_id}.done`, fieldOf(job, "done") || (cause?.remedy ?? "")),
    remark: useDraft(`${job.visit_id}.remark`, fieldOf(job, "remark")),
  };
  const changed = (Object.keys(fields) as (keyof typeof fields)[]).filter((name) => fields[name][0].trim() !== fieldOf(job, name));
  const save = async () => {
    for (const name of changed) {
      if (!(await done(store.act("field.set", job.visit_id, { name, value: fields[name][0].trim() })))) return;
      store.keepDraft(`${job.visit_id}.${name}`, "");
    }
    on("job", job.visit_id, "work");
  };
  const [found, setFound] = fields.fault_found;
  const [made, setMade] = fields.done;
  const [remark, setRemark] = fields.remark;
  return (
    <Page
      title="检查结果与处理"
      back={to("job", job.visit_id, "work")}
      action={<Button onClick={() => void save()}>{changed.length ? "保存" : "回到步骤"}</Button>}
    >
      <Group title="写在服务单上，客户会看到">
        <Field label="检查结果" lines={3} most={500} value={found} onInput={setFound} hint="如：压缩机启动电容失效" />
        <Field label="处理情况" lines={3} most={500} value={made} onInput={setMade} hint="如：更换电容，试机 30 分钟正常" />
      </Group>
      <Group title="只给自己人看">
        <Field label="备注" lines={2} most={500} value={remark} onInput={setRemark} />
      </Group>
    </Page>
  );
}
