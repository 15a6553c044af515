/** SHA-256 without waiting: the browser's own is only there on secure pages, and only with a promise. */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const ROUNDS = fractions((prime) => Math.cbrt(prime), 64);
const START = fractions((prime) => Math.sqrt(prime), 8);

/** The first 32 bits of the fractions of roots of the first primes. */
function fractions(root: (prime: number) => number, count: number): Uint32Array {
  const found: number[] = [];
  for (let number = 2; found.length < count; number++) {
    let prime = true;
    for (let by = 2; by * by <= number; by++) if (number % by === 0) prime = false;
    if (prime) found.push((root(number) % 1) * 2 ** 32);
  }
  return Uint32Array.from(found);
}

export function sha256Hex(bytes: Uint8Array): string {
  const state = Uint32Array.from(START);
  const whole = padded(bytes);
  for (let at = 0; at < whole.byteLength; at += 64) block(state, new DataView(whole.buffer, at, 64));
  return [...state].map((word) => [24, 16, 8, 0].map((by) => HEX[(word >>> by) & 255]).join("")).join("");
}

function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  new DataView(whole.buffer).setBigUint64(whole.length - 8, BigInt(bytes.length) * 8n);
  return whole;
}

const words = new Uint32Array(64);

function block(state: Uint32Array, data: DataView): void {
  for (let i = 0; i < 16; i++) words[i] = data.getUint32(i * 4);
  for (let i = 16; i < 64; i++) {
    const [a, b] = [words[i - 15]!, words[i - 2]!];
    words[i] = words[i - 16]! + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + words[i - 7]! + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i]! + words[i]!) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = state[i]! + word));
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** Of a file: the browser's own where it is there. */
export async function sha256Of(bytes: ArrayBuffer): Promise<string> {
  if (!globalThis.crypto?.subtle) return sha256Hex(new Uint8Array(bytes));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => HEX[byte]).join("");
}
