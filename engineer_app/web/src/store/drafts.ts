/** Text that is being typed and nobody has asked for yet: kept within half a second, so that losing power loses no more. */
import type { Work } from "./database";

const GATHER_MS = 400;

export class Drafts {
  private work: Work | null = null;
  private texts = new Map<string, string>();
  private dirty = new Set<string>();
  private pending = false;

  constructor(private readonly later: (ms: number, doing: () => void) => () => void) {}

  async use(work: Work | null): Promise<void> {
    this.work = work;
    this.texts.clear();
    this.dirty.clear();
    if (!work) return;
    const [keys, values] = await Promise.all([work.getAllKeys("drafts"), work.getAll("drafts")]);
    keys.forEach((key, place) => this.texts.set(key, values[place]!));
  }

  read(key: string): string {
    return this.texts.get(key) ?? "";
  }

  write(key: string, text: string): void {
    this.texts.set(key, text);
    this.dirty.add(key);
    if (this.pending) return;
    this.pending = true;
    this.later(GATHER_MS, () => void this.flush());
  }

  async flush(): Promise<void> {
    this.pending = false;
    const keys = [...this.dirty];
    this.dirty.clear();
    if (!this.work || !keys.length) return;
    const writing = this.work.transaction("drafts", "readwrite");
    for (const key of keys) {
      const text = this.read(key);
      void (text ? writing.store.put(text, key) : writing.store.delete(key));
    }
    await writing.done;
  }
}
