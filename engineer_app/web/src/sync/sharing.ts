/** Several windows of one phone: only one of them talks to the server at a time, and each learns what another changed. */
import { keep, read, type Work } from "../store/database";

const LEASE_MS = 40_000;

export interface Windows {
  /** Does it unless another window is doing it. */
  alone(work: Work, doing: () => Promise<void>): Promise<void>;
  /** Says to the others that something changed. */
  tell(): void;
  close(): void;
}

export function windows(tab: string, heard: () => void, now: () => number): Windows {
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("weixiu");
  if (channel) channel.onmessage = heard;
  const locks = globalThis.navigator?.locks;
  return {
    alone: (work, doing) =>
      locks ? locks.request(`weixiu-${work.name}`, { ifAvailable: true }, (lock) => (lock ? doing() : undefined)) : leased(work, tab, now, doing),
    tell: () => channel?.postMessage("changed"),
    close: () => channel?.close(),
  };
}

/** Without locks: a row says who sends, renewed while it does, so that a killed window holds it for half a minute only. */
export async function leased(work: Work, tab: string, now: () => number, doing: () => Promise<void>): Promise<void> {
  const taking = work.transaction("meta", "readwrite");
  const leader = (await taking.store.get("leader")) as { tab: string; until: number } | undefined;
  const free = !leader || leader.tab === tab || leader.until < now() || leader.until > now() + LEASE_MS;
  if (free) await taking.store.put({ tab, until: now() + LEASE_MS }, "leader");
  await taking.done;
  if (!free) return;
  const renewing = setInterval(() => void keep(work, "leader", { tab, until: now() + LEASE_MS }), LEASE_MS / 3);
  try {
    await doing();
  } finally {
    clearInterval(renewing);
    if ((await read(work, "leader"))?.tab === tab) await keep(work, "leader", { tab, until: 0 });
  }
}
