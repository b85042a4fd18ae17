// Loaded before a Node generator: its clock stands at SOURCE_DATE_EPOCH, and its chance is the same in every run.
const crypto = require("crypto");
const RealDate = Date;
const now = Number(process.env.SOURCE_DATE_EPOCH) * 1000;
let seed = 1;
const next = () => (seed = (seed * 48271) % 2147483647);

globalThis.Date = class Date extends RealDate {
  constructor(...parts) {
    super(...(parts.length ? parts : [now]));
  }
  static now() {
    return now;
  }
};
Math.random = () => next() / 2147483647;
crypto.randomFillSync = (buffer) => {
  for (let at = 0; at < buffer.length; at += 1) buffer[at] = next() >> 8;
  return buffer;
};
