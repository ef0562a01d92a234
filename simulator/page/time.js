/** The virtual clock, and dates as they are read in western Indonesia (WIB). */

const ZONE = { timeZone: "Asia/Jakarta" };
const HOUR = new Intl.DateTimeFormat("id-ID", { ...ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const SECOND = new Intl.DateTimeFormat("id-ID", {
  ...ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const DAY = new Intl.DateTimeFormat("id-ID", {
  ...ZONE, weekday: "long", day: "numeric", month: "long", year: "numeric",
});

const date = (seconds) => new Date(seconds * 1000);

/** "09.15" */
export const hour = (seconds) => HOUR.format(date(seconds));

/** "09.15.30" */
export const second = (seconds) => SECOND.format(date(seconds));

/** "Selasa, 10 Februari 2026" */
export const day = (seconds) => DAY.format(date(seconds));

/** For the `datetime` attribute. */
export const machine = (seconds) => date(seconds).toISOString();

/** 75 becomes "1:15"; unknown becomes "". */
export function length(seconds) {
  if (seconds === undefined || seconds === null) return "";
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** 75 becomes "1 menit 15 detik", for ears. */
export function spokenLength(seconds) {
  const whole = Math.floor(seconds ?? 0);
  const minutes = Math.floor(whole / 60);
  return [minutes && `${minutes} menit`, (whole % 60 || !minutes) && `${whole % 60} detik`].filter(Boolean).join(" ");
}

/** The simulator's time: this computer's plus an offset in seconds that only ever grows. */
export class VirtualClock {
  #ahead = 0;

  /** Takes over the simulator's own "now" (epoch seconds), so that a wrong computer clock does not matter. */
  follow(now) {
    this.#ahead = now - Date.now() / 1000;
  }

  now() {
    return Date.now() / 1000 + this.#ahead;
  }
}
