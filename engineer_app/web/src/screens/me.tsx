/** Me: who is signed in, on which phones, what is kept here, what is not sent, and the way out. */
import { useEffect, useState } from "preact/hooks";
import type { DeviceOut, MeOut } from "../api";
import * as calls from "../calls";
import { unsentWords } from "../banner";
import { AGREED, lookWhere } from "../job/place";
import { to } from "../route";
import { Button, Cell, Dialog, Empty, Group, Notice, Page, Pill } from "../ui";
import { done, now, store, useStore } from "../use";
import { Face } from "./face";
import { momentOf } from "../words";

declare const __VERSION__: string;

const GRANTED: Record<string, string> = { granted: "已允许", denied: "不允许", prompt: "用到时再问" };
const MEGABYTE = 1_048_576;

export function Me() {
  const status = useStore().status();
  const engineer = store.engineer();
  const [more, setMore] = useState<MeOut | null>(null);
  const [kept, setKept] = useState({ used: 0, of: 0, safe: false });
  const [located, setLocated] = useState("prompt");
  const [leaving, setLeaving] = useState(false);
  const learn = (told: MeOut) => {
    store.keepDraft(AGREED, told.located ? "yes" : "");
    setMore(told);
  };
  const agree = async (yes: boolean) => {
    await done(calls.agreeToBeLocated(yes).then(learn), yes ? "已同意上报位置" : "已收回，应用报过的位置已删掉");
    if (yes) void lookWhere(() => undefined, true);
  };
  useEffect(() => {
    calls.me().then(learn, () => undefined); // without network the name that is kept has to do
    void look().then(setKept);
    navigator.permissions?.query({ name: "geolocation" }).then((found) => setLocated(found.state), () => undefined); // not every browser can say
  }, []);
  const unsent = unsentWords(status);
  return (
    <Page title="我的">
      <Group>
        {more && <Face me={more} onChanged={learn} />}
        <Cell label={<span class="big">{engineer?.name}</span>} note={engineer?.code && `工号 ${engineer.code}`} value={more?.grade ?? engineer?.grade} />
        {more?.certificates.map((one) => <Cell key={one.kind} label={one.title} value={`到 ${one.until}`} />)}
      </Group>
      <Group title="上传">
        <Cell label="没有上传的" value={unsent || "没有"} href={to("unsent")} />
        <Cell label="上次同步" value={status.lastSync ? momentOf(status.lastSync, now()) : "还没有"} />
        {!status.durable && <div class="box soft">这个浏览器不能断网保存：没有网络时请不要关闭页面。要完全断网可用，请用系统浏览器打开并“添加到主屏幕”。</div>}
      </Group>
      <Group title="手机">
        <Cell label="登录的手机" href={to("me", "devices")} />
        <Cell
          label="占用空间"
          note={kept.of ? <span class="meter"><i style={{ width: `${Math.min(100, (kept.used / kept.of) * 100)}%` }} /></span> : undefined}
          value={`${Math.max(0.1, kept.used / MEGABYTE).toFixed(1)} MB${kept.safe ? "，系统不会清理" : ""}`}
        />
        <Cell label="定位权限" note="出发和签到时记一次位置" value={GRANTED[located] ?? ""} />
        {more && (
          <button type="button" role="switch" class="cell" aria-checked={more.located} onClick={() => void agree(!more.located)}>
            <span class="cell-label">
              上班时上报位置
              <small>同意后，打开应用时把位置告诉调度，方便派近的单；只留最近一次，下班不记。不同意不影响接单，随时可收回</small>
            </span>
            <span class="cell-value"><span class="toggle" /></span>
          </button>
        )}
        <Cell label="版本" value={__VERSION__} />
      </Group>
      <div class="stack">
        <Button kind="warn" onClick={() => setLeaving(true)}>退出登录</Button>
      </div>
      {leaving && (
        <Dialog title="退出登录" onClose={() => setLeaving(false)}>
          {unsent ? (
            <Notice tone="bad">
              <b>还有{unsent}没有上传</b>退出后会留在这台手机上，您再登录时接着上传。
            </Notice>
          ) : (
            <p>任务和照片会从这台手机上删掉。</p>
          )}
          <Button kind="warn" onClick={() => void leave()}>{unsent ? "留着没上传的，退出" : "退出"}</Button>
        </Dialog>
      )}
    </Page>
  );
}

async function leave(): Promise<void> {
  await calls.signOut().catch(() => undefined); // without network the session ends by itself in time
  await done(store.signOut(false), "已退出");
}

async function look(): Promise<{ used: number; of: number; safe: boolean }> {
  const estimate = await navigator.storage?.estimate?.();
  const safe = (await navigator.storage?.persisted?.()) ?? false;
  return { used: estimate?.usage ?? 0, of: estimate?.quota ?? 0, safe };
}

export function Devices() {
  const [devices, setDevices] = useState<DeviceOut[] | null>(null);
  const [wrong, setWrong] = useState("");
  const [ending, setEnding] = useState<DeviceOut | null>(null);
  const fetched = () =>
    calls.devices().then(
      (answer) => setDevices(answer.devices),
      (error: Error) => setWrong(error.message),
    );
  useEffect(() => void fetched(), []);
  const revoke = async (device: DeviceOut) => {
    setEnding(null);
    if (await done(calls.revoke(device.id), "已退出那台手机")) await fetched();
  };
  return (
    <Page title="登录的手机" back={to("me")}>
      {wrong && <Notice tone="warn">{wrong}</Notice>}
      <Group note="丢了手机，马上在这里退出它。它上面没上传的记录不会再被接受。">
        {devices?.map((device) => (
          <Cell
            key={device.id}
            label={device.name || "手机"}
            note={`${momentOf(device.seen_at, now())} 用过 · ${device.how === "wechat" ? "微信" : "验证码"}登录`}
            value={device.this ? <Pill tone="good">这台</Pill> : "退出"}
            onClick={device.this ? undefined : () => setEnding(device)}
            leads={!device.this}
          />
        ))}
        {!devices && !wrong && <Empty>正在查…</Empty>}
      </Group>
      {ending && (
        <Dialog title={`退出“${ending.name}”`} onClose={() => setEnding(null)}>
          <p>那台手机马上不能再用，要用须重新登录。</p>
          <Button kind="warn" onClick={() => void revoke(ending)}>退出那台手机</Button>
        </Dialog>
      )}
    </Page>
  );
}

/** What is on this phone only, job by job. */
export function Unsent() {
  const status = useStore().status();
  const jobs = store.jobs().filter((job) => job.unsent.length > 0);
  return (
    <Page
      title="没有上传的"
      back={to("me")}
      action={<Button disabled={status.syncing || !status.online} onClick={() => void store.sync()}>{status.syncing ? "正在上传…" : status.online ? "现在上传" : "没有网络，连上后自动上传"}</Button>}
    >
      <Group note={status.durable ? "都在这台手机上，断电也不会丢，有网自动上传。" : "关闭页面前请等上传完。"}>
        <Cell label="记录" value={`${status.unsent} 项`} />
        <Cell label="照片和签名" value={`${status.unsentPhotos} 张`} />
      </Group>
      {jobs.length > 0 && (
        <Group title="在这些任务里">
          {jobs.map((job) => (
            <Cell key={job.visit_id} label={`${job.customer.name} · ${job.category_title}${job.service_title}`} value={`${job.unsent.length} 项`} href={to("job", job.visit_id)} />
          ))}
        </Group>
      )}
    </Page>
  );
}
