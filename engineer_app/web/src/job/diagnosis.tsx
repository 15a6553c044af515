/** Guided diagnosis: test → finding → … → cause with remedy and likely parts; a step back at any time, own words instead. */
import { useState } from "preact/hooks";
import type { CauseOut, OperationBodies, TreeOut } from "../api";
import { follow, type Entered } from "../rules/diagnosis";
import { onward, to } from "../route";
import type { Job } from "../store_types";
import { Button, Cell, Choice, Empty, Field, Group, Notice, Page } from "../ui";
import { done, fieldOf, store, useDraft } from "../use";

interface Recorded {
  cause?: string;
  path?: Entered[];
  deviates?: boolean;
  said?: string;
  remedy?: string;
  parts?: string[];
}

/** The diagnosis, and its words on the sheet the customer signs, unless the engineer wrote others there. */
async function keepFinding(job: Job, body: OperationBodies["diagnosis.record"], words: string): Promise<void> {
  const causes = store.content()?.trees[job.category_code]?.causes ?? {};
  const before = [causes[String(job.registers.diagnosis?.cause ?? "")]?.title, job.registers.diagnosis?.said];
  const written = fieldOf(job, "fault_found");
  await store.act("diagnosis.record", job.visit_id, body);
  if (words && words !== written && (!written || before.includes(written))) {
    await store.act("field.set", job.visit_id, { name: "fault_found", value: words });
  }
}

const parsed = (text: string): Entered[] => (text ? (JSON.parse(text) as Entered[]) : []);

export function Diagnosis({ job }: { job: Job }) {
  const tree = store.content()?.trees[job.category_code];
  const recorded = (job.registers.diagnosis ?? null) as Recorded | null;
  const [kept, keep] = useDraft(`${job.visit_id}.path`);
  const [own, setOwn] = useState(false);
  const [again, setAgain] = useState(false);
  const back = to("job", job.visit_id, "work");
  if (!tree || own) return <OwnWords job={job} tree={tree} path={parsed(kept)} onBack={() => setOwn(false)} />;
  if (recorded && !again) return <Result job={job} tree={tree} recorded={recorded} onAgain={() => { keep(""); setAgain(true); }} />;
  const path = parsed(kept);
  const at = follow(tree, path, job.diagnosis_step ?? tree.start);
  const stepBack = () => keep(path.length > 1 ? JSON.stringify(path.slice(0, -1)) : "");
  const tools = (
    <>
      {path.length > 0 && (
        <Button kind="plain" onClick={stepBack}>
          上一步
        </Button>
      )}
      <Button kind="plain" onClick={() => setOwn(true)}>
        不按引导，自己写
      </Button>
    </>
  );
  if (at && "cause" in at) {
    const cause = tree.causes[at.cause];
    return (
      <Page title="故障诊断" back={back} action={<Confirm job={job} code={at.cause} cause={cause} path={path} onBack={stepBack} />}>
        <Trail tree={tree} path={path} />
        <Cause cause={cause} />
        <div class="stack">
          <Button kind="text" onClick={() => setOwn(true)}>不是这个原因，自己写</Button>
        </div>
      </Page>
    );
  }
  const code = at?.step ?? tree.start;
  const step = tree.steps[code];
  return (
    <Page title="故障诊断" back={back} action={tools}>
      <Trail tree={tree} path={path} />
      {step && (
        <Group title={`第 ${path.length + 1} 步：${step.title}`}>
          <div class="box big">{step.do}</div>
          {step.safety && <div class="box"><b class="wrong">注意：{step.safety}</b></div>}
          <div class="box">
            <Choice
              label="看到的是"
              options={step.findings}
              chosen=""
              onChoose={(finding) => keep(JSON.stringify([...path, { node: code, finding }]))}
            />
          </div>
        </Group>
      )}
      <p class="note">{tree.source}</p>
    </Page>
  );
}

function Trail({ tree, path }: { tree: TreeOut; path: Entered[] }) {
  if (!path.length) return null;
  return (
    <Group title="已经查过">
      {path.map(({ node, finding }) => (
        <Cell key={node} label={tree.steps[node]?.title ?? node} value={tree.steps[node]?.findings.find((one) => one.code === finding)?.words ?? finding} />
      ))}
    </Group>
  );
}

function Cause({ cause }: { cause: CauseOut | undefined }) {
  if (!cause) return <Empty>内容里没有这个原因，请自己写</Empty>;
  return (
    <Group title="原因">
      <div class="box big">{cause.title}</div>
      <Cell label="处理" note={cause.remedy} />
      {cause.parts.length > 0 && <Cell label="可能要换" note={cause.parts.join("、")} />}
    </Group>
  );
}

function Confirm(props: { job: Job; code: string; cause: CauseOut | undefined; path: Entered[]; onBack: () => void }) {
  const record = async () => {
    const { code, cause, path } = props;
    const body = { cause: code, path, remedy: cause?.remedy.slice(0, 200) ?? "", parts: cause?.parts ?? [], deviates: false };
    await done(keepFinding(props.job, body, cause?.title ?? ""), "已记录诊断");
  };
  return (
    <>
      <Button kind="plain" onClick={props.onBack}>
        上一步
      </Button>
      <Button onClick={() => void record()}>就是这个原因</Button>
    </>
  );
}

function Result(props: { job: Job; tree: TreeOut; recorded: Recorded; onAgain: () => void }) {
  const { job, tree, recorded } = props;
  const cause = recorded.cause ? tree.causes[recorded.cause] : undefined;
  return (
    <Page title="故障诊断" back={to("job", job.visit_id, "work")} action={<><Button kind="plain" onClick={props.onAgain}>重新诊断</Button><Button href={to("job", job.visit_id, "parts")}>去选配件</Button></>}>
      <Notice tone="good">诊断已记录</Notice>
      <Trail tree={tree} path={recorded.path ?? []} />
      {cause && <Cause cause={cause} />}
      {recorded.said && <Group title="工程师写的"><div class="box words">{recorded.said}</div></Group>}
    </Page>
  );
}

/** Without the tree, or leaving it: what was found in own words, and the cause when the tree knows it. */
function OwnWords(props: { job: Job; tree: TreeOut | undefined; path: Entered[]; onBack: () => void }) {
  const on = onward();
  const { job, tree } = props;
  const [said, setSaid] = useDraft(`${job.visit_id}.said`);
  const [cause, setCause] = useState("");
  const record = async () => {
    const known = tree?.causes[cause];
    const body = { cause, path: props.path, remedy: known?.remedy.slice(0, 200) ?? "", parts: known?.parts ?? [], deviates: true, said: said.trim() };
    if (await done(keepFinding(job, body, known?.title ?? body.said), "已记录诊断")) on("job", job.visit_id, "work");
  };
  return (
    <Page
      title="自己写诊断"
      back={to("job", job.visit_id, "work")}
      action={
        <>
          {tree && <Button kind="plain" onClick={props.onBack}>回到引导</Button>}
          <Button disabled={!said.trim()} onClick={() => void record()}>{said.trim() ? "记录" : "先写查到了什么"}</Button>
        </>
      }
    >
      <Group title="查到了什么">
        <Field label="现象、测得的数、判断" lines={4} most={500} value={said} onInput={setSaid} />
      </Group>
      {tree && (
        <Group title="原因是下面的哪个（没有就不选）">
          <div class="box">
            <Choice label="原因" options={Object.entries(tree.causes).map(([code, one]) => ({ code, words: one.title }))} chosen={cause} onChoose={(code) => setCause(code === cause ? "" : code)} />
          </div>
        </Group>
      )}
    </Page>
  );
}
