/** Safety prompts, each confirmed by a touch of its own. */
import { promptsOf } from "../rules/checks";
import { to } from "../route";
import type { Job } from "../store_types";
import { Button, Empty, Group, Page } from "../ui";
import { done, store } from "../use";
import { nextOf } from "./steps";

export function Safety({ job }: { job: Job }) {
  const content = store.content();
  const prompts = content ? promptsOf(content, job) : [];
  const open = prompts.filter((prompt) => !job.registers[`prompt.${prompt.code}`]);
  const next = nextOf(job);
  return (
    <Page
      title="安全提示"
      back={to("job", job.visit_id, "work")}
      action={
        open.length ? (
          <Button disabled>还有 {open.length} 条没有确认</Button>
        ) : (
          <Button href={next?.href ?? to("job", job.visit_id, "work")}>下一步{next && `：${next.words}`}</Button>
        )
      }
    >
      <Group title="逐条看过，做到了再点" note={prompts[0] && `依据：${[...new Set(prompts.map((one) => one.source))].join("；")}`}>
        {prompts.map((prompt) => {
          const confirmed = !!job.registers[`prompt.${prompt.code}`];
          return (
            <button
              type="button"
              key={prompt.code}
              class={`prompt ${confirmed ? "done" : ""}`}
              aria-pressed={confirmed}
              onClick={() => confirmed || void done(store.act("prompt.confirm", job.visit_id, { code: prompt.code }))}
            >
              <span class="tick" aria-hidden="true">✓</span>
              <span>{prompt.words}</span>
            </button>
          );
        })}
      </Group>
      {!content && <Empty>内容还没有取到，连上网后会自动下载</Empty>}
    </Page>
  );
}
