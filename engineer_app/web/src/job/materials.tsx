/** Installation materials in metres and pieces: one number a material, no number is none. Those of the job's category come first,
 *  with whatever is written down already; the others are folded away. */
import { useState } from "preact/hooks";
import { to } from "../route";
import type { MaterialOut } from "../api";
import type { Job } from "../store_types";
import { Button, Empty, Field, Group, Page } from "../ui";
import { done, linesOf, newId, store, useDraft } from "../use";
import { milli, milliOf } from "../words";

interface MaterialLine {
  code: string;
  quantity: number;
}

export function Materials({ job }: { job: Job }) {
  const materials = store.content()?.materials ?? [];
  const used = linesOf<MaterialLine>(job, "material").map(([, line]) => line.code);
  const [written] = useState(used);
  const usual = (one: MaterialOut) => !one.categories?.length || one.categories.includes(job.category_code) || written.includes(one.code);
  const rest = materials.filter((one) => !usual(one));
  return (
    <Page title="安装辅材" back={to("job", job.visit_id, "work")} action={<Button href={to("job", job.visit_id, "fees")}>下一步：费用</Button>}>
      <Group title="用了多少填多少，没用的空着">
        {materials.filter(usual).map((material) => (
          <MaterialRow key={material.code} job={job} material={material} />
        ))}
      </Group>
      {rest.length > 0 && (
        <details class="group listed">
          <summary>其他（{rest.length} 种）</summary>
          <div class="cells">
            {rest.map((material) => (
              <MaterialRow key={material.code} job={job} material={material} />
            ))}
          </div>
        </details>
      )}
      {!materials.length && <Empty>内容还没有取到，连上网后会自动下载</Empty>}
    </Page>
  );
}

function MaterialRow({ job, material }: { job: Job; material: MaterialOut }) {
  const found = linesOf<MaterialLine>(job, "material").find(([, line]) => line.code === material.code);
  const recorded = found ? milli(found[1].quantity) : "";
  const draft = `${job.visit_id}.material.${material.code}`;
  const [typed, setTyped] = useDraft(draft, recorded);
  const text = typed.trim();
  const quantity = text ? milliOf(text, material.whole) : 0;
  const same = text === recorded;
  const save = () => {
    const line = found?.[0] ?? newId();
    store.keepDraft(draft, "");
    if (!quantity) return done(store.act("material.remove", job.visit_id, { line }));
    return done(store.act("material.put", job.visit_id, { line, code: material.code, quantity }));
  };
  return (
    <Field
      label={material.title}
      mode={material.whole ? "numeric" : "decimal"}
      most={7}
      unit={material.unit}
      value={typed}
      onInput={setTyped}
      wrong={quantity === null ? (material.whole ? "请填整数" : "请填数字，如 3.5") : ""}
      side={
        <Button small kind={same ? "plain" : "main"} disabled={same || quantity === null} onClick={() => void save()}>
          {same && text ? "✓" : "记录"}
        </Button>
      }
    />
  );
}
