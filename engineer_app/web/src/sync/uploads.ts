/** Sends photos and signatures in pieces, two at a time, going on where the last attempt stopped. */
import type { UploadIn, UploadOut } from "../api";
import type { KeptFile, Work } from "../store/database";
import { note } from "../store/files";
import { type Client, Refused } from "./client";

export const PIECE = 256 * 1024;
const AT_ONCE = 2;
/** Attempts to agree on an offset before this round is given up. */
const ROUNDS = 5;
/** Too much under way, or the offset or hash disagrees: another time, or from where the server says. */
const LATER = ["too_much", "too_many_requests"];
const AGAIN = ["wrong_offset", "bad_hash"];

/** Sends what waits; signatures first. What the network stops stays for the next time, and is thrown on. */
export async function sendFiles(work: Work, client: Client, changed: () => Promise<void>): Promise<void> {
  const files = (await work.getAll("files")).filter((one) => one.state === "waiting" || one.state === "receiving");
  files.sort((a, b) => Number(b.kind === "signature") - Number(a.kind === "signature") || a.at.localeCompare(b.at));
  const one = async (): Promise<void> => {
    for (let file = files.shift(); file; file = files.shift()) {
      await send(work, client, file);
      await changed();
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, one));
  const wrong = ended.find((way) => way.status === "rejected");
  if (wrong) throw wrong.reason;
}

async function send(work: Work, client: Client, file: KeptFile): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    try {
      const { id, visit_id, kind, size, sha256 } = file;
      const announced: UploadIn = { id, visit_id, kind, size, sha256 };
      let at = await client.post<UploadOut>("/uploads", announced);
      await noteAnswer(work, at);
      const bytes = at.state === "receiving" && at.offset < size ? await work.get("bytes", id) : undefined;
      while (bytes && at.state === "receiving" && at.offset < size) {
        at = await client.piece<UploadOut>(`/uploads/${id}`, at.offset, bytes.slice(at.offset, at.offset + PIECE));
        await noteAnswer(work, at);
      }
      return;
    } catch (wrong) {
      if (!(wrong instanceof Refused)) throw wrong;
      if (LATER.includes(wrong.code)) return;
      if (AGAIN.includes(wrong.code)) continue;
      await note(work, file.id, { state: "refused", words: wrong.message });
      return;
    }
  }
}

async function noteAnswer(work: Work, at: UploadOut): Promise<void> {
  await note(work, at.id, { state: at.state, offset: at.offset, words: at.words });
}

/** After a snapshot: a file the server was checking is kept unless the snapshot says otherwise. */
export async function learn(work: Work, states: readonly { id: string; state: string; words: string }[]): Promise<void> {
  const said = new Map(states.map((one) => [one.id, one]));
  for (const file of await work.getAll("files")) {
    const at = said.get(file.id);
    if (at?.state === "refused" && file.state !== "refused") await note(work, file.id, { state: "refused", words: at.words });
    else if (!at && file.state === "checking") await note(work, file.id, { state: "kept" });
  }
}
