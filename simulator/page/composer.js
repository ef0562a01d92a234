/** Where one writes: text box, reply keyboard, and the line that says what a text will do (reply, change). */

import { el, icon, iconButton, spoken } from "./dom.js";
import { gist } from "./message.js";

/** The text box grows with its text up to this height (pixels). */
const TALLEST = 140;

function keyOf(button) {
  return typeof button === "string" ? { text: button } : button;
}

export class Composer {
  #mode = null;
  #keyboard = null;
  #shown = true;

  /** `acts`: onText(text, mode), onKey(button), onCommands(), onAttach(), onRecord(). */
  constructor(name, acts) {
    this.acts = acts;
    this.box = el("textarea", { rows: "1", placeholder: "Tulis pesan…", "aria-label": `Tulis pesan sebagai ${name}`, enterkeyhint: "send", on: {
      keydown: (event) => this.#keydown(event),
      input: () => this.#fit(),
    } });
    this.commands = iconButton("menu", "Daftar perintah", acts.onCommands, { hidden: true });
    this.toggle = iconButton("keyboard", "Papan tombol", () => this.#flip(), { hidden: true, "aria-expanded": "true" });
    this.record = iconButton("mic", "Rekam pesan suara", acts.onRecord, { class: "round strong" });
    this.send = el("button", { type: "submit", class: "round strong", "aria-label": "Kirim", title: "Kirim (Enter)", hidden: true }, icon("send"));
    this.note = el("p", { class: "mode", hidden: true });
    this.keys = el("div", { class: "reply-keys", role: "group", "aria-label": "Papan tombol dari bot", hidden: true });
    const well = el("div", { class: "well" }, this.box, this.toggle, iconButton("clip", "Lampirkan", acts.onAttach));
    this.form = el("form", { class: "composer", on: { submit: (event) => this.#submit(event) } },
      this.note, el("div", { class: "line" }, this.commands, well, this.record, this.send));
    this.root = el("div", { class: "compose" }, this.form, this.keys);
  }

  focus() {
    this.box.focus();
  }

  /** The next text answers this message. */
  reply(view) {
    this.#enter({ kind: "reply", view }, "reply", "Membalas");
  }

  /** The next text replaces this own message. */
  edit(view) {
    this.#enter({ kind: "edit", view }, "settings", "Mengubah");
    this.box.value = view.text ?? "";
    this.#fit();
  }

  /** Follows the chat: which commands exist, which reply keyboard the bot shows (null: none). */
  follow({ commands, keyboard }) {
    this.commands.hidden = !commands?.length;
    const written = JSON.stringify(keyboard ?? null);
    if (written === JSON.stringify(this.#keyboard)) return;
    this.#keyboard = keyboard ?? null;
    this.#shown = true;
    this.box.placeholder = keyboard?.input_field_placeholder || "Tulis pesan…";
    const rows = (keyboard?.keyboard ?? []).map((row) => el("div", { class: "row" }, row.map((button) => this.#key(keyOf(button)))));
    this.keys.replaceChildren(...rows);
    this.#showKeys();
  }

  #key(button) {
    const asks = button.request_contact ? " (mengirim kontak Anda)" : button.request_location ? " (mengirim lokasi Anda)" : "";
    return el("button", { type: "button", class: "key", on: { click: () => this.#press(button) } }, button.text, asks && spoken(asks));
  }

  #press(button) {
    if (this.#keyboard?.one_time_keyboard) {
      this.#shown = false;
      this.#showKeys();
      this.focus();
    }
    this.acts.onKey(button);
  }

  #flip() {
    this.#shown = !this.#shown;
    this.#showKeys();
  }

  #showKeys() {
    const exists = this.keys.childElementCount > 0;
    this.toggle.hidden = !exists;
    this.toggle.setAttribute("aria-expanded", String(this.#shown));
    this.keys.hidden = !exists || !this.#shown;
  }

  #enter(mode, drawing, word) {
    this.#mode = mode;
    const cancel = iconButton("close", `Batal ${word.toLowerCase()}`, () => this.#leave());
    this.note.replaceChildren(icon(drawing), el("span", {}, `${word}: ${gist(mode.view)}`), cancel);
    this.note.hidden = false;
    this.focus();
  }

  #leave() {
    if (this.#mode?.kind === "edit") this.box.value = "";
    this.#mode = null;
    this.note.hidden = true;
    this.#fit();
    this.focus();
  }

  #keydown(event) {
    if (event.key === "Escape" && this.#mode) this.#leave();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  /** The text leaves the box at once; when it could not be sent it comes back. */
  async #submit(event) {
    event.preventDefault();
    const text = this.box.value;
    if (!text.trim()) return;
    const mode = this.#mode;
    this.box.value = "";
    if (mode) this.#leave();
    this.#fit();
    const sent = await this.acts.onText(text, mode);
    if (!sent && !this.box.value) this.box.value = text;
    this.#fit();
  }

  #fit() {
    const empty = !this.box.value.trim();
    this.record.hidden = !empty;
    this.send.hidden = empty;
    this.box.style.height = "auto";
    if (this.box.value) this.box.style.height = `${Math.min(this.box.scrollHeight, TALLEST)}px`;
  }
}
