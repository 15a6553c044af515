/** Photos and signatures that wait to be sent, or are kept to be shown: what is known of them, and their bytes apart. */
import { sha256Of } from "../rules/sha256";
import { type KeptFile, type Progress, read, roomFor, type Work } from "./database";

/** What was sent stays to be looked at as long as its job is here, and this long at least. */
const KEPT_MS = 2 * 24 * 3600_000;
/** How the ids of visits begin: screens name drafts of a job by its visit, then a dot. */
const VISIT = "vi_";

/** Keeps the file. When there is no room, pictures the server has go first. */
export async function keepFile(work: Work, id: string, file: Blob, visitId: string, kind: KeptFile["kind"], now: number): Promise<void> {
  const bytes = await file.arrayBuffer();
  const sha256 = await sha256Of(bytes);
  const at = new Date(now).toISOString();
  const made: KeptFile = {
    id, visit_id: visitId, kind, type: file.type, size: bytes.byteLength, sha256, at, state: "waiting", offset: 0, words: "",
  };
  try {
    await put(work, made, bytes);
  } catch (wrong) {
    if (!(await forget(work, (one) => one.state === "kept"))) throw wrong;
    await put(work, made, bytes);
  }
}

function put(work: Work, file: KeptFile, bytes: ArrayBuffer): Promise<void> {
  return roomFor(async () => {
    const doing = work.transaction(["files", "bytes"], "readwrite");
    await Promise.all([doing.objectStore("files").put(file), doing.objectStore("bytes").put(bytes, file.id), doing.done]);
  });
}

/** What came of sending it, as far as it got. */
export async function note(work: Work, id: string, progress: Partial<Progress>): Promise<void> {
  const doing = work.transaction("files", "readwrite");
  const file = await doing.store.get(id);
  if (file) await doing.store.put({ ...file, ...progress });
  await doing.done;
}

/** Throws away the files that `which` names. Returns how many there were. */
export async function forget(work: Work, which: (file: KeptFile) => boolean): Promise<number> {
  const doing = work.transaction(["files", "bytes"], "readwrite");
  const found = (await doing.objectStore("files").getAll()).filter(which);
  for (const file of found) {
    await doing.objectStore("files").delete(file.id);
    await doing.objectStore("bytes").delete(file.id);
  }
  await doing.done;
  return found.length;
}

/** After a fetch: pictures the server has, and words half typed, of jobs that are not here any more. */
export async function forgetOld(work: Work, visits: readonly string[], now: number): Promise<void> {
  const known = [...visits, ...((await read(work, "gone")) ?? []).map((one) => one.job.visit_id)];
  await forget(work, (one) => one.state === "kept" && !known.includes(one.visit_id) && now - Date.parse(one.at) > KEPT_MS);
  const drafts = work.transaction("drafts", "readwrite");
  for (const key of await drafts.store.getAllKeys()) {
    const visit = key.split(".")[0]!;
    if (visit.startsWith(VISIT) && !known.includes(visit)) await drafts.store.delete(key);
  }
  await drafts.done;
}
