/** The column of people: who can be played, whose phone is open, who has unread messages, who is new. */

import { post } from "./api.js";
import { el, fullName, portrait, spoken } from "./dom.js";
import { field, form } from "./sheet.js";

function state(person, isOpen) {
  if (person.deactivated) return "akun dihapus";
  return isOpen ? "terbuka" : "buka";
}

function row(person, { isOpen, unread, onToggle }) {
  const name = fullName(person);
  const gift = person.link ? el("span", { class: "unread" }, "ada tautan") : null;
  const news = unread ? el("span", { class: "unread" }, String(unread), spoken(" pesan baru")) : null;
  return el("li", {}, el("button", { type: "button", class: "who", "aria-pressed": String(isOpen), data: { person: person.id }, on: { click: () => onToggle(person) } },
    portrait(name, person.id),
    el("span", { class: "who-name" }, name),
    el("span", {}, gift, news, el("span", { class: "state" }, state(person, isOpen))),
    el("span", { class: "about" }, person.about ?? "")));
}

export class People {
  #unread = new Map();

  /** `onToggle(person)`: open or put away that phone; `onNew(person)`: somebody was added. */
  constructor({ onToggle, onNew }) {
    this.onToggle = onToggle;
    this.onNew = onNew;
    this.list = el("ul", { class: "people" });
    this.adding = el("details", { class: "adding" }, el("summary", {}, "Tambah orang"), this.#form());
    this.root = el("section", { "aria-labelledby": "people-title" }, el("h2", { id: "people-title" }, "Orang"), this.list, this.adding);
  }

  /** Draws the list anew; the focus stays on the person it was on. */
  show(people, openIds) {
    const held = document.activeElement?.closest?.(".who")?.dataset.person;
    for (const id of openIds) this.#unread.delete(id);
    this.list.replaceChildren(...people.map((person) =>
      row(person, { isOpen: openIds.includes(person.id), unread: this.#unread.get(person.id), onToggle: this.onToggle })));
    if (held) this.list.querySelector(`[data-person="${held}"]`)?.focus();
  }

  /** The bot wrote to somebody whose phone is put away. */
  count(id) {
    this.#unread.set(id, (this.#unread.get(id) ?? 0) + 1);
  }

  #form() {
    const made = form([
      field("Nama", el("input", { name: "first_name", required: true, maxlength: "64", autocomplete: "off" })),
      field("Tentang orang ini (boleh kosong)", el("input", { name: "about", maxlength: "120", autocomplete: "off" })),
    ], "Tambah", async (data) => {
      const person = await post("/sim/people", { first_name: data.get("first_name"), about: data.get("about"), language_code: "id" });
      made.reset();
      this.adding.open = false;
      this.onNew(person);
    });
    return made;
  }
}
