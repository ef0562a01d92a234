/** The last calls of the bot and the last updates to it, as a table. */

import { read } from "./api.js";
import { coalesced } from "./coalesce.js";
import { el, fullName, spoken } from "./dom.js";
import { methodName } from "./methods.js";
import { second } from "./time.js";

/** Rows shown; older ones stay in the simulator's own journal. */
const ROWS = 40;

const COLUMNS = ["Waktu", "Apa", "Siapa", "Hasil"];

function outcome(entry) {
  if (entry.fault) return `gangguan: ${entry.fault}`;
  if (entry.kind === "call") return entry.code === 200 ? "berhasil" : `${entry.code} ${entry.description ?? ""}`;
  if (entry.dropped) return `dibuang: ${entry.dropped}`;
  if (entry.confirmed_at) return "dikonfirmasi";
  return entry.delivered_at ? "diambil" : "menunggu";
}

/** What was said in a call, for whoever opens the row. */
function what(entry) {
  if (entry.kind !== "call") return el("span", {}, el("span", { "aria-hidden": "true" }, "→ "), spoken("kepada bot: "), entry.type);
  return el("details", {}, el("summary", {}, spoken("dari bot: "), methodName(entry.method)), el("pre", {}, JSON.stringify(entry.params ?? {}, null, 2)));
}

export class JournalPanel {
  #entries = new Map();
  #last = 0;

  constructor() {
    this.people = [];
    this.rows = el("tbody", {});
    const head = el("thead", {}, el("tr", {}, COLUMNS.map((name) => el("th", { scope: "col" }, name))));
    const table = el("table", {}, el("caption", {}, `${ROWS} kejadian terakhir, terbaru lebih dulu`), head, this.rows);
    this.root = el("section", { "aria-labelledby": "journal-title" }, el("h2", { id: "journal-title" }, "Catatan"),
      el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Tabel catatan" }, table));
  }

  know(people) {
    this.people = people;
  }

  /** Reads what is new, and again what has not come to its end. */
  refresh = coalesced(() => this.#read());

  async #read() {
    if (!this.#last) await this.#skipOld();
    const open = [...this.#entries.values()].find((entry) => entry.kind === "update" && !entry.confirmed_at && !entry.dropped);
    const after = open ? open.seq - 1 : this.#last;
    const { entries } = await read(`/sim/journal?after=${after}`);
    for (const entry of entries.slice(-ROWS)) this.#take(entry);
  }

  /** A long journal is not read from its beginning. */
  async #skipOld() {
    const { last } = await read(`/sim/journal?after=${Number.MAX_SAFE_INTEGER}`);
    this.#last = Math.max(0, last - ROWS);
  }

  #take(entry) {
    const row = this.#row(entry);
    const old = this.#entries.get(entry.seq);
    if (old) old.row.replaceWith(row);
    else this.rows.prepend(row);
    this.#entries.set(entry.seq, { ...entry, row });
    this.#last = Math.max(this.#last, entry.seq);
    this.#forget();
  }

  #forget() {
    for (const [seq, { row }] of [...this.#entries].slice(0, Math.max(0, this.#entries.size - ROWS))) {
      row.remove();
      this.#entries.delete(seq);
    }
  }

  #row(entry) {
    const person = this.people.find(({ id }) => String(id) === String(entry.chat));
    const cells = [el("time", {}, second(entry.at)), what(entry),
      person ? fullName(person) : String(entry.chat ?? ""), outcome(entry)];
    return el("tr", {}, cells.map((cell) => el("td", {}, cell)));
  }
}
