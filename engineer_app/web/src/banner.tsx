/** The line above every screen: no network, what is not sent, what wants reading. Nothing to say: nothing there. */
import { to } from "./route";
import type { Status } from "./store_types";
import { useStore } from "./use";
import { momentOf } from "./words";
import { now } from "./use";

const CLOCK_OFF_MS = 120_000;

export function unsentWords(status: Status): string {
  const parts = [];
  if (status.unsent) parts.push(`${status.unsent} 项记录`);
  if (status.unsentPhotos) parts.push(`${status.unsentPhotos} 张照片`);
  return parts.join("、");
}

export function Banner() {
  const status = useStore().status();
  const unsent = unsentWords(status);
  const news = status.conflicts.length + status.refusedPhotos.length;
  const kept = status.durable ? "都保存在这台手机上" : "关闭页面前请等上传完";
  return (
    <div aria-live="polite">
      {!status.online && (
        <a class="banner" href={to("unsent")}>
          <span>
            <b>没有网络</b> · {unsent ? `${unsent}未上传，${kept}` : status.durable ? "可以照常干活，有网再上传" : "请不要关闭页面"}
          </span>
        </a>
      )}
      {status.online && unsent && (
        <a class="banner calm" href={to("unsent")}>
          {status.syncing ? `正在上传 ${unsent}…` : `${unsent}等待上传`}
        </a>
      )}
      {news > 0 && (
        <a class="banner bad" href={to("news")}>
          <b>{news} 件事需要您看</b>
        </a>
      )}
      {status.clockOffset !== null && Math.abs(status.clockOffset) > CLOCK_OFF_MS && (
        <div class="banner">手机时间不准，已按服务器时间 {momentOf(now().toISOString(), now())} 记录</div>
      )}
    </div>
  );
}
