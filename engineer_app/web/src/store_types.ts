/** What the screens see of the phone's store, and all they may do with it. `store/` implements it as `export const store: Store`
 *  (`engineer_app/web/src/store/index.ts`); screens import only these types and `store`. A further thing a screen wants to know is
 *  a further member of `Store`. */
import type { BrandOut, ContentOut, JobOut, OperationBodies, OperationKind, PartOut, SignInOut } from "./api";

/** A register's value as in decision 0050; null: the line was removed. */
export type Value = Record<string, unknown> | null;
export type Registers = Record<string, Value>;

export interface Signature {
  id: string;
  purpose: "sheet" | "receipt";
  hash: string;
  /** It stands under the sheet as it is now on this phone; otherwise 已失效. */
  holds: boolean;
  at: string;
  name: string;
  upload_id: string;
}

/** A need of an outcome: `words` finish the sentence 请先…; `items` name the codes it is about (open prompts, checks, part lines). */
export interface Missing {
  code: string;
  words: string;
  items: string[];
}

/** A job as the server told it, with what was done on this phone laid over, sent or not. */
export interface Job extends JobOut {
  /** The sheet by register. */
  registers: Registers;
  /** Keys of `registers` the server does not have yet. */
  unsent: string[];
  /** First to last, those of this phone included. */
  signed: Signature[];
  /** Canonical JSON of what would be signed now (rules/canonical.ts), and its SHA-256. */
  content: string;
  hash: string;
  /** What each outcome still wants (rules/outcomes.ts), by the outcome's code. */
  missing: Record<string, Missing[]>;
  /** The verdict of each recorded check (rules/checks.ts), by its code. */
  verdicts: Record<string, "fine" | "warns" | "blocks">;
  /** The visit is no longer this engineer's: handed on or cancelled. "" while it is; otherwise words to show. */
  gone: string;
}

/** Both values of a register that two devices wrote, or work that was refused or came too late. */
export interface Conflict {
  /** The operation's id. */
  id: string;
  visitId: string;
  kind: string;
  outcome: "conflict" | "refused" | "kept";
  words: string;
  /** What else an end of a visit wants, each finishing 请先…. */
  missing: string[];
  mine: Value;
  theirs: Value;
  /** Which of the two holds now: true is `mine`. */
  stood: boolean | null;
}

export interface Status {
  online: boolean;
  /** Operations the server has not answered yet. */
  unsent: number;
  /** Photos and signatures that are not up yet. */
  unsentPhotos: number;
  /** Photos the server refused, with its words. */
  refusedPhotos: { id: string; visitId: string; words: string }[];
  /** ISO time of the last exchange that went well; "" before the first. */
  lastSync: string;
  syncing: boolean;
  conflicts: Conflict[];
  /** The server no longer knows this session: sign in again, nothing is lost. */
  signedOut: boolean;
  /** The server's clock minus this phone's, in milliseconds; null before the first exchange. */
  clockOffset: number | null;
  /** Service worker and IndexedDB are there: work without network survives closing the page. */
  durable: boolean;
}

export interface Engineer {
  id: string;
  code: string;
  name: string;
  grade: string;
}

export interface Store {
  /** Opens the database and reads what is kept; screens draw after it. */
  open(): Promise<void>;
  /** In the order they are to be shown: offers, today by route, coming, done. Unchanged objects while nothing changed. */
  jobs(): Job[];
  job(visitId: string): Job | undefined;
  /** Checks, prompts, trees, reasons; null before the first fetch. */
  content(): ContentOut | null;
  /** A job's brand with its public prices; undefined before the first fetch. */
  brand(brandId: string): BrandOut | undefined;
  /** The bill of materials of a job's model; empty when there is none. */
  bill(modelId: string | null): PartOut[];
  /** The one way to do anything: written down here before it resolves, sent as soon as it can be. */
  act<K extends OperationKind>(kind: K, visitId: string, body: OperationBodies[K]): Promise<void>;
  /** Keeps the file here and sends it in pieces; resolves at once with the upload's id (for `photo.add`, `signature.add`). */
  upload(file: Blob, visitId: string, kind: "photo" | "signature"): Promise<string>;
  /** A picture kept on this phone under its upload's id, as an object URL; null when it is only at the server. */
  picture(uploadId: string): Promise<string | null>;
  status(): Status;
  /** Called after every change; returns how to stop. */
  subscribe(fn: () => void): () => void;
  /** Sends and fetches now; resolves when that is over, well or not. */
  sync(): Promise<void>;
  /** The engineer has read it (also tells the server). */
  dismiss(conflictId: string): Promise<void>;
  /** After signing in: keeps the token; what this engineer left unsent here goes out. */
  signedIn(answer: SignInOut): Promise<void>;
  engineer(): Engineer | null;
  /** For requests the screens make themselves (`calls.ts`); "" when signed out. */
  token(): string;
  /** Signs out here; jobs and pictures go. Unsent work goes only with `evenUnsent`, else it waits for this engineer's return. */
  signOut(evenUnsent: boolean): Promise<void>;
  /** Text being typed, kept within a second so that losing power loses no more: by a key of the screen's choosing. */
  draft(key: string): string;
  keepDraft(key: string, text: string): void;
}
