/** What the screens see of the phone's store, and all they may do with it. `store.ts` implements it; screens import only this
 *  and `store`. A further thing a screen wants to know is a further member of `Store`. */
import type { Job } from "./api";

/** A register's value as in decision 0050; null: the line was removed. */
export type Value = Record<string, unknown> | null;
export type Registers = Record<string, Value>;

/** Both values of a register that two devices wrote, or work that came too late. `mine` lost, `theirs` stands. */
export interface Conflict {
  id: string;
  visitId: string;
  kind: string;
  outcome: "conflict" | "refused" | "kept";
  words: string;
  mine: Value;
  theirs: Value;
}

export interface Status {
  online: boolean;
  /** Operations that the server has not answered yet, and photos that are not up yet. */
  unsent: number;
  unsentPhotos: number;
  /** ISO time of the last exchange that went well; "" before the first. */
  lastSync: string;
  syncing: boolean;
  conflicts: Conflict[];
  /** The server no longer knows this session: sign in again, nothing is lost. */
  signedOut: boolean;
  /** How far this phone's clock is from the server's, in milliseconds; null before the first exchange. */
  clockOffset: number | null;
  /** A service worker and IndexedDB are there: work without network survives closing the page. */
  durable: boolean;
}

export interface Store {
  /** Opens the database, reads what is kept; screens draw after it. */
  open(): Promise<void>;
  /** Offers, today in route order, coming days: the server's, with what was done here laid over it, sent or not. */
  jobs(): Job[];
  job(visitId: string): Job | undefined;
  /** The one way to do anything: written down here before it resolves, sent as soon as it can be. */
  act(kind: string, visitId: string, body: Record<string, unknown>): Promise<void>;
  /** Keeps the file here and sends it in pieces; resolves at once with the upload's id (for `photo.add`, `signature.add`). */
  upload(file: Blob, purpose: string): Promise<string>;
  /** A picture kept on this phone, as an object URL; null when it is only at the server (`/api/engineer/uploads/<id>`). */
  picture(uploadId: string): Promise<string | null>;
  status(): Status;
  /** Called after every change; returns how to stop. */
  subscribe(fn: () => void): () => void;
  /** Sends and fetches now; resolves when that is over, well or not. */
  sync(): Promise<void>;
  /** The conflict was read by the engineer. */
  dismiss(conflictId: string): Promise<void>;
  /** After signing in: who it is; work of the same engineer that is still here is sent now. */
  signedIn(engineer: { id: string; name: string }): Promise<void>;
  engineer(): { id: string; name: string } | null;
  /** Forgets jobs and pictures of this engineer here. Unsent work only goes when `evenUnsent`. */
  clear(evenUnsent: boolean): Promise<void>;
}
