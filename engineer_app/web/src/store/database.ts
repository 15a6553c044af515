/** What is kept in IndexedDB: one small database of the phone, and one for each engineer who ever signed in on it, so that
 *  nobody sends another's work. A further thing to keep is a key of `Meta` or a store here, with the version raised. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { ContentOut, JobOut, JobsOut } from "../api";
import type { Conflict, Engineer } from "../store_types";

export interface Session {
  engineer: Engineer;
  /** "" when the server no longer knows it. */
  token: string;
  device_id: string;
}

/** One thing done here that the server has not answered for good. */
export interface Operation {
  id: string;
  seq: number;
  visit_id: string | null;
  base_version: number;
  at: string;
  kind: string;
  body: Record<string, unknown>;
  /** How often it was on its way; one that never was may still be written over. */
  sent: number;
}

export interface Kept {
  id: string;
  visit_id: string;
  kind: "photo" | "signature";
  type: string;
  size: number;
  sha256: string;
  bytes: ArrayBuffer;
  at: string;
}

export type KeptFile = Omit<Kept, "bytes"> & Progress;

export interface Progress {
  state: "waiting" | "receiving" | "checking" | "kept" | "refused";
  offset: number;
  words: string;
}

/** A job that was ours and is not any more. */
export interface Gone {
  job: JobOut;
  words: string;
  at: string;
}

export interface Meta {
  /** Which device the numbers of operations count for, the last one given, and the time in the last id. */
  counter: { device_id: string; seq: number; latest: number };
  snapshot: JobsOut;
  content: ContentOut;
  gone: Gone[];
  /** The server's clock minus ours. */
  offset: number;
  lastSync: string;
  /** Conflicts the engineer has read and the server does not know of. */
  seen: string[];
  /** Who sends now, where the browser has no locks. */
  leader: { tab: string; until: number };
}

interface PhoneSchema extends DBSchema {
  meta: { key: string; value: Session };
}

interface WorkSchema extends DBSchema {
  meta: { key: string; value: Meta[keyof Meta] };
  operations: { key: string; value: Operation; indexes: { seq: number } };
  /** What is known of a file, and its bytes apart: a list of files must not read thirty pictures. */
  files: { key: string; value: KeptFile };
  bytes: { key: string; value: ArrayBuffer };
  conflicts: { key: string; value: Conflict };
  drafts: { key: string; value: string };
}

export type Work = IDBPDatabase<WorkSchema>;
export type Phone = IDBPDatabase<PhoneSchema>;

export function openPhone(): Promise<Phone> {
  return openDB<PhoneSchema>("weixiu-phone", 1, { upgrade: (db) => void db.createObjectStore("meta") });
}

export function openWork(engineerId: string): Promise<Work> {
  return openDB<WorkSchema>(workName(engineerId), 1, {
    upgrade(db) {
      for (const name of ["meta", "bytes", "drafts"] as const) db.createObjectStore(name);
      for (const name of ["files", "conflicts"] as const) db.createObjectStore(name, { keyPath: "id" });
      db.createObjectStore("operations", { keyPath: "id" }).createIndex("seq", "seq");
    },
    blocking: (_, __, event) => (event.target as IDBDatabase).close(),
  });
}

export function workName(engineerId: string): string {
  return `weixiu-work-${engineerId}`;
}

export async function read<K extends keyof Meta>(work: Work, key: K): Promise<Meta[K] | undefined> {
  return (await work.get("meta", key)) as Meta[K] | undefined;
}

export async function keep<K extends keyof Meta>(work: Work, key: K, value: Meta[K]): Promise<void> {
  await work.put("meta", value, key);
}

/** The phone is full; the message is for the engineer. */
export class StorageFull extends Error {
  constructor() {
    super("手机存储空间不足，没有保存。请删除一些照片或应用后重试，已保存的记录不受影响");
  }
}

/** Does it, and says in words when there is no room. */
export async function roomFor<T>(doing: () => Promise<T>): Promise<T> {
  try {
    return await doing();
  } catch (wrong) {
    if (wrong instanceof DOMException && (wrong.name === "QuotaExceededError" || wrong.name === "UnknownError")) throw new StorageFull();
    throw wrong;
  }
}
