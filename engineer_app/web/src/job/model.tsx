/** Which model it is, where the order does not say or says wrongly: read from the nameplate, never guessed. */
import { useState } from "preact/hooks";
import type { ModelOut, ModelsOut } from "../api";
import { findModel } from "../calls";
import { Pictures } from "../pictures";
import { onward, to } from "../route";
import type { Job } from "../store_types";
import { Button, Cell, Field, Group, Notice, Page } from "../ui";
import { done, store, useDraft } from "../use";

export function ModelPage({ job }: { job: Job }) {
  const on = onward();
  const [typed, setTyped] = useDraft(`${job.visit_id}.model`, "");
  const [answer, setAnswer] = useState<ModelsOut | "away" | null>(null);
  const [busy, setBusy] = useState(false);
  const look = async () => {
    setBusy(true);
    setAnswer(await findModel(job.visit_id, typed.trim()).catch(() => "away" as const));
    setBusy(false);
  };
  const take = async (model: ModelOut) => {
    const kept = await done(store.act("correct", job.visit_id, { field: "model", value: model.id }), `型号已记为 ${model.code}`);
    if (kept) on("job", job.visit_id, "serial");
  };
  const found = answer === "away" || !answer ? [] : answer.exact ? [answer.exact] : answer.near;
  return (
    <Page
      title="型号"
      back={to("job", job.visit_id, "serial")}
      action={
        <Button disabled={!typed.trim() || busy} onClick={() => void look()}>
          {busy ? "正在查找…" : typed.trim() ? "查找" : "先输入铭牌上的型号"}
        </Button>
      }
    >
      <Group>
        <Cell label="工单上的型号" value={job.product?.model_code || job.signed_product || "还不知道"} />
      </Group>
      <Group title="现场的机器" note="型号在铭牌上，横线、空格、大小写不用管。">
        <Field
          label="铭牌上的型号"
          most={64}
          value={typed}
          onInput={(text) => {
            setTyped(text.toUpperCase());
            setAnswer(null);
          }}
        />
        <Pictures job={job} purpose="nameplate" words="拍铭牌" />
      </Group>
      {answer === "away" && <Notice tone="warn">现在查不了型号。先拍下铭牌，有网后再来这里补。</Notice>}
      {found.length > 0 && (
        <Group title={answer !== "away" && answer?.exact ? "就是这个型号吗" : "没有正好的，您要的是不是"}>
          {found.map((model) => (
            <Cell key={model.id} label={model.code} note={model.name} onClick={() => void take(model)} />
          ))}
        </Group>
      )}
      {answer && answer !== "away" && !found.length && (
        <Notice tone="warn">{job.brand_name}没有这个型号的{job.category_title}。请对照铭牌；拍下铭牌，审核时会看到。</Notice>
      )}
    </Page>
  );
}
