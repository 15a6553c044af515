/** Where the engineer is: looked at again while the page is, and in WeChat's own map. */
import { insideWeChat, openLocation } from "./wechat.ts";

const AGAIN_MS = 45_000;

/** The part of the page that shows it is fetched anew; once it is gone, somebody has arrived and the whole page is. */
export function wireWay(box: HTMLElement): void {
  wireButton(box);
  later(box);
}

function later(box: HTMLElement): void {
  const look = (): void => void again(box);
  window.setTimeout(() => {
    if (document.hidden) document.addEventListener("visibilitychange", look, { once: true });
    else look();
  }, AGAIN_MS);
}

async function again(box: HTMLElement): Promise<void> {
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => undefined);
  if (!answer?.ok) return later(box); // no network: what is shown says how old it is
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.getElementById(box.id);
  if (!next) return location.reload();
  box.replaceWith(next);
  wireWay(next);
}

function wireButton(box: HTMLElement): void {
  const button = box.querySelector<HTMLButtonElement>("[data-open-location]");
  if (!button || !insideWeChat()) return;
  const { lat, lng, name, address } = button.dataset;
  button.hidden = false;
  button.addEventListener("click", () => {
    openLocation({ latitude: Number(lat), longitude: Number(lng), name: name ?? "", address: address ?? "", scale: 14 }).catch(
      () => (button.hidden = true), // WeChat cannot: the map on the page has to do
    );
  });
}
