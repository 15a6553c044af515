/** Asking the customer for another time: a day, a window of two hours, why. The customer answers in the chat. */
import { useState } from "preact/hooks";
import { onward } from "../route";
import type { Job } from "../store_types";
import { Button, Cell, Choice, Field, Group, Page } from "../ui";
import { done, now, store } from "../use";
import { dayOf, isoDay, windowOf } from "../words";

const HOURS = [8, 10, 12, 14, 16, 18];
const DAYS = 7;
const NOTICE_MS = 3_600_000;
const two = (hour: number) => String(hour).padStart(2, "0");
const at = (day: string, hour: number) => `${day}T${two(hour)}:00:00+08:00`;

export function Change({ job }: { job: Job }) {
  const on = onward();
  const present = now();
  const days = Array.from({ length: DAYS }, (_, ahead) => isoDay(new Date(present.getTime() + ahead * 86_400_000)));
  const free = (day: string) => HOURS.filter((hour) => new Date(at(day, hour)).getTime() > present.getTime() + NOTICE_MS);
  const [day, setDay] = useState(days.find((one) => free(one).length > 0) ?? "");
  const [hour, setHour] = useState("");
  const [code, setCode] = useState("");
  const [why, setWhy] = useState("");
  const lacks = !hour ? "先选时间" : !code ? "先选原因" : code === "other" && !why.trim() ? "请说明原因" : "";
  const send = async () => {
    const body = { window_since: at(day, Number(hour)), window_until: at(day, Number(hour) + 2), reason_code: code, why };
    if (await done(store.act("change.ask", job.visit_id, body), "已请客户确认新时间")) on("job", job.visit_id);
  };
  return (
    <Page
      title="改约时间"
      back={`#/job/${job.visit_id}`}
      action={
        <Button disabled={!!lacks} onClick={() => void send()}>
          {lacks || "请客户确认"}
        </Button>
      }
    >
      <Group note="先打电话说好更快。客户在微信里答应后，新时间才生效；没答应前按原来的时间。">
        <Cell label="原来的时间" value={job.window ? windowOf(job.window, present) : "时间未定"} />
      </Group>
      <Group title="哪一天">
        <div class="box">
          <Choice label="哪一天" options={days.map((one) => ({ code: one, words: dayOf(at(one, 12), present) }))} chosen={day} onChoose={(one) => { setDay(one); setHour(""); }} />
        </div>
      </Group>
      <Group title="几点">
        <div class="box two">
          <Choice label="几点" options={free(day).map((one) => ({ code: String(one), words: `${two(one)}:00–${two(one + 2)}:00` }))} chosen={hour} onChoose={setHour} />
          {free(day).length === 0 && <p class="soft">这天已经没有可选的时间</p>}
        </div>
      </Group>
      <Group title="为什么">
        <div class="box two">
          <Choice label="原因" options={store.content()?.change_reasons ?? []} chosen={code} onChoose={setCode} />
        </div>
        <Field label={code === "other" ? "请说明" : "补充（可不填）"} value={why} onInput={setWhy} />
      </Group>
    </Page>
  );
}
