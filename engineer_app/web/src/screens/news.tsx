/** What wants reading: two phones wrote the same thing, work was refused or came too late, photos were refused. */
import { to } from "../route";
import type { Conflict, Value } from "../store_types";
import { Button, Empty, Group, Page } from "../ui";
import { done, store, useStore } from "../use";
import { describe, titleOf } from "../job/values";

const TITLES: Record<Conflict["outcome"], string> = { conflict: "两台手机填的不一样", refused: "没有被接受", kept: "已留给调度" };

export function News() {
  const { conflicts, refusedPhotos } = useStore().status();
  return (
    <Page title="需要您看的" back="#/">
      {conflicts.map((one) => (
        <ConflictBox key={one.id} conflict={one} />
      ))}
      {refusedPhotos.map((photo) => (
        <Group key={photo.id} title="照片没有被接受">
          <div class="box">
            {photo.words}
            <Button kind="plain" href={to("job", photo.visitId, "photos")}>
              去重拍
            </Button>
          </div>
        </Group>
      ))}
      {!conflicts.length && !refusedPhotos.length && <Empty>都看过了</Empty>}
    </Page>
  );
}

function ConflictBox({ conflict }: { conflict: Conflict }) {
  const job = store.job(conflict.visitId);
  const both = conflict.outcome === "conflict";
  return (
    <Group title={`${TITLES[conflict.outcome]}${job ? ` · ${job.customer.name} ${job.category_title}` : ""}`}>
      <div class="box">
        <b>{titleOf(conflict.kind)}</b>
        <p>{conflict.words}</p>
        {conflict.missing.length > 0 && <p>请先{conflict.missing.join("、")}</p>}
        {both && (
          <div class="both">
            <Side title="这台手机填的" value={conflict.mine} stands={conflict.stood === true} conflict={conflict} />
            <Side title="另一台填的" value={conflict.theirs} stands={conflict.stood === false} conflict={conflict} />
          </div>
        )}
        {!both && conflict.mine && <p class="soft">{describe(conflict.kind, conflict.mine, job)}</p>}
        {job && (
          <Button kind="plain" href={to("job", conflict.visitId)}>
            去核对
          </Button>
        )}
        <Button onClick={() => void done(store.dismiss(conflict.id))}>知道了</Button>
      </div>
    </Group>
  );
}

function Side(props: { title: string; value: Value; stands: boolean; conflict: Conflict }) {
  return (
    <div class={props.stands ? "stands" : ""}>
      <small>
        {props.title}
        {props.stands && " · 现在有效"}
      </small>
      {describe(props.conflict.kind, props.value, store.job(props.conflict.visitId))}
    </div>
  );
}
