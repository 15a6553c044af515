/** Short words over the screen that go away by themselves: `say("已保存")`. */
import { useEffect, useState } from "preact/hooks";

const LASTS = 3200;
let show: (words: string) => void = () => undefined;

export function say(words: string): void {
  show(words);
}

export function Toast() {
  const [words, setWords] = useState("");
  useEffect(() => {
    show = setWords;
  }, []);
  useEffect(() => {
    if (!words) return;
    const timer = setTimeout(() => setWords(""), LASTS);
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <div class={`toast ${words ? "shown" : ""}`} role="status" aria-live="polite">
      {words}
    </div>
  );
}
