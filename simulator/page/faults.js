/** Faults on purpose: what the Bot API shall do wrong next, and what is still to come. */

import { erase, post, read } from "./api.js";
import { coalesced } from "./coalesce.js";
import { el, fullName } from "./dom.js";
import { METHODS, methodName } from "./methods.js";
import { choice, field, form } from "./sheet.js";

const KINDS = [
  ["429", "429: terlalu banyak permintaan"],
  ["500", "500: galat server"],
  ["502html", "502: halaman HTML"],
  ["401", "401: token ditolak"],
  ["403", "403: bot diblokir"],
  ["409", "409: ada bot lain"],
  ["reset", "Sambungan diputus"],
  ["timeout_before", "Tidak dijawab, tidak terjadi"],
  ["timeout_after", "Terjadi, tidak dijawab"],
  ["commit_then_drop", "Terjadi, lalu sambungan diputus"],
  ["slow", "Lambat"],
  ["duplicate_update", "Pesan masuk dikirim dua kali"],
  ["malformed_update", "Pesan masuk rusak"],
];

const described = (fault) => KINDS.find(([kind]) => kind === fault.kind)?.[1] ?? fault.kind;

export class FaultPanel {
  constructor() {
    this.people = [];
    this.list = el("ul", { class: "faults" });
    this.target = choice("chat", [["", "Semua orang"]]);
    this.status = el("p", { class: "hint", role: "status" });
    this.root = el("section", { "aria-labelledby": "faults-title" }, el("h2", { id: "faults-title" }, "Gangguan"),
      el("p", { class: "hint" }, "Coba apa yang terjadi bila Telegram sedang bermasalah."), this.#form(), this.list, this.status);
  }

  /** Who a fault can be meant for. */
  know(people) {
    this.people = people;
    const chosen = this.target.value;
    this.target.replaceChildren(el("option", { value: "" }, "Semua orang"), ...people.map((person) => el("option", { value: person.id }, fullName(person))));
    this.target.value = chosen;
  }

  refresh = coalesced(() => this.#read());

  async #read() {
    const faults = await read("/sim/faults");
    const clear = el("button", { type: "button", class: "quiet", on: { click: () => this.#clear() } }, "Hapus semua gangguan");
    this.list.replaceChildren(...faults.map((fault) => el("li", {}, this.#line(fault))), ...(faults.length ? [el("li", {}, clear)] : []));
  }

  #line(fault) {
    const person = this.people.find(({ id }) => id === fault.chat);
    const left = fault.count === null ? "terus" : `${fault.count - fault.hits} kali lagi`;
    return `${described(fault)} · ${fault.method === "*" ? "semua metode" : methodName(fault.method)} · ${person ? fullName(person) : "semua orang"} · ${left}`;
  }

  async #clear() {
    try {
      await erase("/sim/faults");
      await this.refresh();
      this.status.textContent = "Semua gangguan dihapus.";
    } catch (refusal) {
      this.status.textContent = refusal.message;
    }
  }

  #form() {
    const number = (name, value, max) => el("input", { name, type: "number", min: "1", max, value });
    return form([
      field("Jenis", choice("kind", KINDS)),
      field("Metode", choice("method", [["*", "Semua metode"], ...METHODS.map((method) => [method, method])])),
      field("Untuk", this.target),
      el("div", { class: "pair" }, field("Berapa kali", number("count", "1", "1000")), field("Jeda (detik)", number("retry_after", "3", "3600"))),
    ], "Pasang gangguan", async (data) => {
      const chat = data.get("chat");
      await post("/sim/faults", { kind: data.get("kind"), method: data.get("method"), count: Number(data.get("count")),
        retry_after: Number(data.get("retry_after")), ...(chat && { chat: Number(chat) }) });
      await this.refresh();
      this.status.textContent = "Gangguan dipasang.";
    });
  }
}
