/** The photos of a job by what they are for; those that finishing wants say so. A further purpose is a row of `PURPOSES`. */
import { photosOf, Pictures, type Purpose } from "../pictures";
import { to } from "../route";
import type { Job } from "../store_types";
import { Button, Group, Page } from "../ui";
import { nextOf } from "./steps";

const PURPOSES: { code: Purpose; title: string; note: string; need: string }[] = [
  { code: "before", title: "服务前", note: "机器和周围的样子", need: "photo_before" },
  { code: "nameplate", title: "机身铭牌", note: "型号和编号要看得清", need: "photo_nameplate" },
  { code: "after", title: "服务后", note: "装好、修好、收拾干净的样子", need: "photo_after" },
  { code: "door", title: "门口", note: "客户不在时拍门牌", need: "" },
  { code: "receipt", title: "取走的机器", note: "取件维修时拍外观和配件", need: "photo_receipt" },
];

export function Photos({ job }: { job: Job }) {
  const wanted = new Set((job.missing.finished ?? []).map((need) => need.code));
  const next = nextOf(job);
  return (
    <Page title="照片" back={to("job", job.visit_id, "work")} action={<Button href={next?.href ?? to("job", job.visit_id, "work")}>下一步{next && `：${next.words}`}</Button>}>
      {PURPOSES.map((purpose) => (
        <Group
          key={purpose.code}
          title={`${purpose.title}${wanted.has(purpose.need) ? " · 必须拍" : photosOf(job, purpose.code).length ? " · 有了" : ""}`}
          note={purpose.note}
        >
          <Pictures job={job} purpose={purpose.code} words={purpose.title} />
        </Group>
      ))}
      <p class="note">照片先存在手机上，有网再传；给客户看的那份会去掉位置信息。</p>
    </Page>
  );
}
