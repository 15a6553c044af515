/** A short sound when somebody new waits or something is dangerous, for whoever wants it: kept by this browser. */

const KEY = "weixiu-sound";

export function mayRing(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-sound]");
  const show = (): void => {
    if (button) button.textContent = `提示音：${wanted() ? "开" : "关"}`;
  };
  button?.addEventListener("click", () => {
    localStorage.setItem(KEY, wanted() ? "off" : "on");
    show();
    if (wanted()) ring(660);
  });
  show();
  let before = numbers();
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (!(event.target as Element).matches("#pulse")) return;
    const now = numbers();
    if (wanted() && now.incidents > before.incidents) ring(880, 3);
    else if (wanted() && now.chats > before.chats) ring(660);
    before = now;
  });
}

function wanted(): boolean {
  return localStorage.getItem(KEY) === "on";
}

function numbers(): { chats: number; incidents: number } {
  const shown = document.getElementById("numbers")?.dataset;
  return { chats: Number(shown?.chats ?? 0), incidents: Number(shown?.incidents ?? 0) };
}

function ring(pitch: number, times = 1): void {
  const audio = new AudioContext();
  for (let n = 0; n < times; n += 1) {
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    const at = audio.currentTime + n * 0.35;
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.2, at);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.3);
    if (n === times - 1) tone.addEventListener("ended", () => void audio.close());
  }
}
