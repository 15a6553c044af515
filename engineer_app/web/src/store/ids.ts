/** Ids made on the phone: 26 characters, the first ten tell the time, the rest is chance. */

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

export function newId(now: number): string {
  let time = "";
  for (let left = now, place = 0; place < 10; place++, left = Math.floor(left / 32)) time = LETTERS[left % 32]! + time;
  return time + [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => LETTERS[byte % 32]).join("");
}
