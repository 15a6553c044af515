/** How screens see the store: `useStore()` draws them anew after every change; `done` says in words what went wrong. */
import { useEffect, useReducer, useState } from "preact/hooks";
import { say } from "./toast";
import { store } from "./store";
import type { Job, Store } from "./store_types";

export { store };

export function useStore(): Store {
  const [, again] = useReducer((count: number, _: null) => count + 1, 0);
  useEffect(() => store.subscribe(() => again(null)), []);
  return store;
}

/** The present by the server's clock, told anew every `every` milliseconds. */
export function useNow(every: number): Date {
  const [, again] = useReducer((count: number, _: null) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => again(null), every);
    return () => clearInterval(timer);
  }, [every]);
  return now();
}

export function now(): Date {
  return new Date(Date.now() + (store.status().clockOffset ?? 0));
}

/** Text that survives a dead battery: kept by the store within a second, under `key`. */
export function useDraft(key: string, start = ""): [string, (text: string) => void] {
  const [text, setText] = useState(() => store.draft(key) || start);
  return [
    text,
    (next) => {
      setText(next);
      store.keepDraft(key, next);
    },
  ];
}

/** Runs what somebody asked for; a failure is told. True when it went well. */
export async function done(what: Promise<unknown>, words = ""): Promise<boolean> {
  try {
    await what;
    if (words) say(words);
    return true;
  } catch (error) {
    say(error instanceof Error && error.message ? error.message : "没有成功，请再试一次");
    return false;
  }
}

/** An id for what is made here: 26 characters, in order of time. */
export function newId(): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  const time = Date.now().toString(32).padStart(10, "0");
  return time + Array.from(random, (byte) => (byte % 32).toString(32)).join("");
}

/** The lines of a kind on a job's sheet, by their ids; removed ones left out. */
export function linesOf<Line>(job: Job, kind: string): [string, Line][] {
  const found: [string, Line][] = [];
  for (const key of Object.keys(job.registers).sort()) {
    const value = job.registers[key];
    if (value && key.startsWith(`${kind}.`)) found.push([key.slice(kind.length + 1), value as Line]);
  }
  return found;
}

/** What a free field of the sheet says. */
export function fieldOf(job: Job, name: string): string {
  return String(job.registers[`field.${name}`]?.value ?? "");
}
