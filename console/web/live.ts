/** News from the server: what changed is said on the body as events (news-queue, news-chat-<task> …), and the parts of
 *  the page that show it ask for themselves anew. Without the stream the same events come every five seconds. */
import { mayRing } from "./sound";

const POLL = 5_000;
const GATHER = 400;
const LONGEST = 60_000;

let polling: number | undefined;
let tries = 0;
const waiting = new Set<string>();

export function listenForNews(): void {
  const streams = document.body.dataset.streams;
  if (streams === undefined) return;
  mayRing();
  poll();
  if (streams) connect(streams);
}

function connect(streams: string): void {
  const stream = new EventSource(`${streams}/console/streams?chat=${open()}`, { withCredentials: true });
  stream.addEventListener("open", () => {
    tries = 0;
    clearInterval(polling);
    polling = undefined;
    everything(); // what happened while nobody listened
  });
  stream.addEventListener("message", (event: MessageEvent<string>) => tell(event.data));
  stream.addEventListener("error", () => {
    stream.close();
    poll();
    tries += 1;
    const wait = Math.min(1_000 * 2 ** (tries - 1), LONGEST);
    setTimeout(() => connect(streams), wait * (0.5 + Math.random()));
  });
  addEventListener("pagehide", () => stream.close());
}

function poll(): void {
  polling ??= window.setInterval(everything, POLL);
}

function everything(): void {
  for (const news of ["queue", "incident", "chat", "board"]) tell(news);
}

/** The task of the chat that is open here, or "". */
function open(): string {
  return document.querySelector<HTMLElement>("[data-chat]")?.dataset.chat ?? "";
}

/** Several pieces of news in one moment are one. */
function tell(news: string): void {
  if (!waiting.size) setTimeout(say, news.startsWith("chat") ? 0 : GATHER * Math.random());
  waiting.add(news);
}

function say(): void {
  for (const news of waiting) {
    const [what, task = open()] = news.split(" ");
    document.body.dispatchEvent(new Event(`news-${what}`));
    if (what === "chat" && task) document.body.dispatchEvent(new Event(`news-chat-${task}`));
  }
  waiting.clear();
}
