// Makes ids that sort by the time at which they were made: UUIDv7 (RFC 9562).

const HELD_BACK = 10_000; // a clock that steps back by less is waited for; by more, it was corrected

let last = 0;
let counter = 0;

/** A new UUIDv7; within one page each is greater than the one before. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = tick(bytes);
  for (let place = 0; place < 6; place += 1) bytes[place] = Math.floor(time / 2 ** (8 * (5 - place))) % 256;
  bytes[6] = 0x70 | (counter >> 8);
  bytes[7] = counter & 0xff;
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return written(bytes);
}

function tick(random) {
  const now = Date.now();
  if (now > last || last - now > HELD_BACK) {
    last = now;
    counter = ((random[6] & 0x07) << 8) | random[7]; // its highest bit is free, to count up from here
  } else if (counter < 0xfff) {
    counter += 1;
  } else {
    last += 1;
    counter = 0;
  }
  return last;
}

function written(bytes) {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]].map(([from, to]) => digits.slice(from, to)).join("-");
}
