/** The virtual clock: what time it is in the simulator, and moving it on. */

import { post } from "./api.js";
import { el } from "./dom.js";
import { choice, field, form } from "./sheet.js";
import { day, hour, machine } from "./time.js";

const MINUTE = 60;
const STEPS = [["+1 menit", MINUTE], ["+15 menit", 15 * MINUTE], ["+1 jam", 60 * MINUTE], ["+1 hari", 24 * 60 * MINUTE], ["+28 hari", 28 * 24 * 60 * MINUTE]];
const UNITS = [[MINUTE, "menit"], [60 * MINUTE, "jam"], [24 * 60 * MINUTE, "hari"]];

export class ClockPanel {
  constructor(clock) {
    this.clock = clock;
    this.time = el("time", { class: "now" });
    this.day = el("span", { class: "today" });
    this.status = el("p", { class: "hint", role: "status" });
    const steps = STEPS.map(([label, seconds]) =>
      el("button", { type: "button", class: "step", "aria-label": `Majukan jam ${label.slice(1)}`, on: { click: () => this.#try(seconds) } }, label));
    this.root = el("section", { class: "clock", "aria-labelledby": "clock-title" }, el("h2", { id: "clock-title" }, "Jam simulator"),
      el("p", { class: "face" }, this.time, this.day), el("div", { class: "steps" }, steps), this.#free(), this.status);
    this.tick();
  }

  tick() {
    const now = this.clock.now();
    this.time.dateTime = machine(now);
    this.time.textContent = `${hour(now)} WIB`;
    this.day.textContent = day(now);
  }

  #free() {
    const amount = el("input", { name: "amount", type: "number", min: "1", max: "10000", value: "3", required: true });
    return el("details", {}, el("summary", {}, "Waktu lain"),
      form([el("div", { class: "pair" }, field("Maju", amount), field("Satuan", choice("unit", UNITS)))], "Majukan", (data) =>
        this.#advance(Number(data.get("amount")) * Number(data.get("unit")))));
  }

  async #try(seconds) {
    try {
      await this.#advance(seconds);
    } catch (refusal) {
      this.status.textContent = refusal.message;
    }
  }

  async #advance(seconds) {
    this.clock.follow((await post("/sim/clock", { advance: seconds })).now);
    this.tick();
    this.status.textContent = `Sekarang ${this.day.textContent}, pukul ${this.time.textContent}.`;
  }
}
