/** Installation materials in metres and pieces: one number a material, no number is none. */
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
  return (
    <Page title="安装辅材" back={to("job", job.visit_id, "work")} action={<Button href={to("job", job.visit_id, "fees")}>下一步：费用</Button>}>
      <Group title="用了多少填多少，没用的空着">
        {materials.map((material) => (
          <MaterialRow key={material.code} job={job} material={material} />
        ))}
      </Group>
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
