/** How far the jobs are from where the phone last was; asked for once the engineer has let the phone say it. */
import { tellPosition } from "../calls";
import { distance, locate, type Position } from "../position";
import { store } from "../store";
import type { Job } from "../store_types";
import { metresOf } from "../words";

const FRESH_MS = 120_000;
/** Kept beside the drafts: the engineer agreed, on this phone, that the app says where it is. */
export const AGREED = "me.located";
let last: { at: number; position: Position } | null = null;
let asking = false;

/** Looks again where we are, but never asks for permission by itself: that is for the moment of check-in. */
export async function lookWhere(changed: () => void, atOnce = false): Promise<void> {
  if (asking || (!atOnce && last && Date.now() - last.at < FRESH_MS) || !navigator.permissions) return;
  asking = true;
  try {
    const { state } = await navigator.permissions.query({ name: "geolocation" });
    if (state !== "granted") return;
    last = { at: Date.now(), position: await locate() };
    changed();
    if (store.draft(AGREED)) await tell(last.position);
  } catch {
    last = null; // no signal: the lists just say no distance
  } finally {
    asking = false;
  }
}

/** What the phone says is by WGS 84. */
async function tell({ lat, lng, radius_m }: Position): Promise<void> {
  await tellPosition({ lat, lng, radius_m }).catch(() => undefined); // the next look tells it again
}

export function distanceWords(job: Job): string {
  const far = last && distance(last.position, job.customer.place);
  return far ? `约 ${metresOf(far.metres)}` : "";
}
