/** Signing on the screen: the customer reads, then draws. What is drawn is kept with every stroke: turning the phone, a call, or
 *  closing the page wipes nothing; only 重写 does. */
import { useEffect, useRef, useState } from "preact/hooks";
import type SignaturePad from "signature_pad";
import type { PointGroup } from "signature_pad";
import { canonical, hashOf } from "../rules/canonical";
import { onward, to } from "../route";
import { drawn, fitted, MEANT_LENGTH, picture, strokesOf } from "../strokes";
import type { Job } from "../store_types";
import { say } from "../toast";
import { Button, Empty, Field, Group, Notice, Page } from "../ui";
import { done, fieldOf, newId, store, useDraft } from "../use";
import { yuan } from "../words";
import { totalOf } from "./fees";
import { Pictures } from "../pictures";
import { Paper } from "./sheet";

type Purpose = "sheet" | "receipt";

export function Sign({ job, purpose }: { job: Job; purpose: Purpose }) {
  const [drawing, setDrawing] = useState(false);
  const [taken, setTaken] = useDraft(`${job.visit_id}.taken`);
  const lacks = purpose === "receipt" && !taken.trim() ? "先写带走了什么" : "";
  if (drawing) return <Drawing job={job} purpose={purpose} signed={signedOf(job, purpose, taken.trim())} onBack={() => setDrawing(false)} />;
  return (
    <Page
      title={purpose === "sheet" ? "请客户过目" : "取件单"}
      back={to("job", job.visit_id, "sheet")}
      action={<Button disabled={!!lacks} onClick={() => setDrawing(true)}>{lacks || "看过了，签名"}</Button>}
    >
      {purpose === "sheet" ? (
        <Paper job={job} />
      ) : (
        <>
          <Group title="带走的机器和配件" note="写清外观和随机配件，送回时照这个点。">
            <Field label="带走了什么、外观怎样" lines={3} most={300} value={taken} onInput={setTaken} hint="如：主机一台，外壳右下角有划痕，遥控器一个" />
          </Group>
          <Group title="取走的机器">
            <Pictures job={job} purpose="receipt" words="拍机器" />
          </Group>
          <article class="sheet">
            <h2>取件单</h2>
            <dl>
              <dt>工单</dt>
              <dd>{job.number}</dd>
              <dt>产品</dt>
              <dd>{job.product?.model_name || job.category_title} {serialOf(job)}</dd>
              <dt>带走</dt>
              <dd class="words">{taken || "—"}</dd>
            </dl>
          </article>
        </>
      )}
    </Page>
  );
}

const serialOf = (job: Job) => fieldOf(job, "serial") || job.product?.serial || "";

/** Exactly what the signature stands under, and its hash. */
function signedOf(job: Job, purpose: Purpose, taken: string): { content: string; hash: string } {
  if (purpose === "sheet") return { content: job.content, hash: job.hash };
  const receipt = {
    v: 1, kind: "receipt", order: job.signed_order, visit: job.visit_id, product: job.signed_product, serial: serialOf(job), taken,
  };
  return { content: canonical(receipt), hash: hashOf(receipt) };
}

function Drawing(props: { job: Job; purpose: Purpose; signed: { content: string; hash: string }; onBack: () => void }) {
  const on = onward();
  const { job, purpose } = props;
  const key = `${job.visit_id}.${purpose}.strokes`;
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const [ready, setReady] = useState(false);
  const [empty, setEmpty] = useState(true);
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [under] = useState(props.signed);

  useEffect(() => {
    const element = canvas.current as HTMLCanvasElement;
    let over = false;
    const fit = (kept?: PointGroup[]) => {
      const groups = kept ?? pad.current?.toData() ?? [];
      const ratio = Math.max(devicePixelRatio, 1);
      [element.width, element.height] = [element.offsetWidth * ratio, element.offsetHeight * ratio];
      element.getContext("2d")?.scale(ratio, ratio);
      pad.current?.clear();
      pad.current?.fromData(fitted(groups, element.offsetWidth, element.offsetHeight));
    };
    import("signature_pad").then(
      ({ default: Pad }) => {
        if (over) return;
        pad.current = new Pad(element, { penColor: "#111", backgroundColor: "#fff", minWidth: 1.2, maxWidth: 3.2 });
        const kept = store.draft(key);
        fit(kept ? (JSON.parse(kept) as PointGroup[]) : []);
        setEmpty(pad.current.isEmpty());
        setReady(true);
        pad.current.addEventListener("endStroke", () => {
          store.keepDraft(key, JSON.stringify(pad.current?.toData() ?? []));
          setEmpty(false);
        });
      },
      () => setFailed(true),
    );
    const watch = new ResizeObserver(() => fit());
    watch.observe(element);
    return () => {
      over = true;
      watch.disconnect();
      pad.current?.off();
    };
  }, []);

  const again = () => {
    pad.current?.clear();
    store.keepDraft(key, "");
    setEmpty(true);
  };
  const keep = async () => {
    const groups = pad.current?.toData() ?? [];
    if (drawn(groups) < MEANT_LENGTH) return say("请签完整的名字");
    setBusy(true);
    const sent = picture(groups)
      .then((file) => store.upload(file, job.visit_id, "signature"))
      .then((upload_id) =>
        store.act("signature.add", job.visit_id, {
          signature_id: newId(), upload_id, purpose, sheet_hash: under.hash, content: under.content, strokes: strokesOf(groups),
          name: job.customer.name,
        }),
      );
    if (await done(sent, "已签名")) {
      store.keepDraft(key, "");
      if (purpose === "receipt") on("job", job.visit_id, "end", "taken_in");
      else on("job", job.visit_id, "sheet");
    }
    setBusy(false);
  };
  if (failed) return <Empty>签名板没有加载成功，请连一次网再试<Button onClick={props.onBack}>返回</Button></Empty>;
  return (
    <div class="signing">
      <div class="head">
        <b>{purpose === "sheet" ? `应付 ¥${yuan(totalOf(job))}` : "取件单"}</b>
        <span class="soft">请客户本人签名，手机横过来更好签</span>
      </div>
      {purpose === "sheet" && under.hash !== job.hash && <Notice tone="bad">服务单刚才有改动，请返回再看一遍。</Notice>}
      <div class="pad">
        <canvas ref={canvas} aria-label="签名处" />
        {empty && <p>{ready ? "在这里签名" : "正在准备签名板…"}</p>}
      </div>
      <div class="foot">
        <Button kind="plain" onClick={props.onBack}>返回</Button>
        <Button kind="plain" disabled={empty} onClick={again}>重写</Button>
        <Button disabled={empty || busy || (purpose === "sheet" && under.hash !== job.hash)} onClick={() => void keep()}>{busy ? "保存中…" : "确认签名"}</Button>
      </div>
    </div>
  );
}
