/** Phones for tests: a store on a database of its own, a clock that is moved by hand, and nothing that happens later by itself. */
import { IDBFactory } from "fake-indexeddb";
import { PhoneStore } from "../src/store";
import { NOW, type Server } from "./server";

export class Clock {
  at = NOW;
  tasks: { due: number; doing: () => void }[] = [];

  later = (ms: number, doing: () => void): (() => void) => {
    const task = { due: this.at + ms, doing };
    this.tasks.push(task);
    return () => {
      this.tasks = this.tasks.filter((one) => one !== task);
    };
  };

  /** Time goes by: what is due is done. */
  pass(ms: number): void {
    this.at += ms;
    const due = this.tasks.filter((one) => one.due <= this.at);
    this.tasks = this.tasks.filter((one) => one.due > this.at);
    for (const task of due) task.doing();
  }
}

/** A phone fresh from the shop. */
export function wiped(): void {
  globalThis.indexedDB = new IDBFactory();
}

export function opened(server: Server, clock = new Clock()): PhoneStore {
  return new PhoneStore({ fetch: (...asked) => server.fetch(...asked), now: () => clock.at, later: clock.later });
}

export async function signedIn(server: Server, engineer = "an", clock = new Clock()): Promise<PhoneStore> {
  const phone = opened(server, clock);
  await phone.open();
  await phone.signedIn(server.signIn(engineer));
  await phone.sync();
  return phone;
}
