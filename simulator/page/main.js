/** Puts the page together: people on the left, phones in the middle, tools on the right. */

import { read } from "./api.js";
import { ClockPanel } from "./clockpanel.js";
import { coalesced } from "./coalesce.js";
import { el } from "./dom.js";
import { follow } from "./events.js";
import { FaultPanel } from "./faults.js";
import { JournalPanel } from "./journal.js";
import { recallOpen, rememberOpen } from "./memory.js";
import { People } from "./people.js";
import { Phone } from "./phone.js";
import { VirtualClock } from "./time.js";

/** Phones open at the first visit, and milliseconds between two looks at the clock and the journal. */
const FIRST = 2;
const TICK = 1000;

/** A button that shows and hides: `act(shown)` runs at each press. */
function expand(selector, act) {
  const button = document.querySelector(selector);
  button.addEventListener("click", () => {
    const shown = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(shown));
    act(shown);
  });
}

class Page {
  #phones = new Map();
  #everybody = [];

  constructor() {
    this.clock = new VirtualClock();
    this.desk = document.querySelector("#desk");
    this.empty = document.querySelector("#empty");
    this.state = document.querySelector("#connection");
    this.tools = document.querySelector("#tools");
    this.people = new People({ onToggle: (person) => this.#toggle(person), onNew: (person) => this.#welcome(person) });
    this.clockPanel = new ClockPanel(this.clock);
    this.faults = new FaultPanel();
    this.journal = new JournalPanel();
    document.querySelector("#side").append(this.clockPanel.root, this.people.root);
    document.querySelector("#tool-panels").append(this.faults.root, this.journal.root);
  }

  async begin() {
    this.#wireTools();
    await this.#readAll();
    const open = recallOpen() ?? this.#everybody.slice(0, FIRST).map(({ id }) => id);
    for (const person of open.map((id) => this.#find(id)).filter(Boolean)) this.#open(person);
    this.#showPeople();
    follow({ onEvent: (event) => this.#receive(event), onState: (yes) => this.#connected(yes), onOpen: () => this.#return() });
    setInterval(() => this.#tick(), TICK);
  }

  async #readAll() {
    this.clock.follow((await read("/sim/clock")).now);
    this.#everybody = await read("/sim/people");
    this.faults.know(this.#everybody);
    this.journal.know(this.#everybody);
    for (const person of this.#everybody) this.#phones.get(person.id)?.know(person);
    this.#tick();
  }

  #find(id) {
    return this.#everybody.find((person) => person.id === id);
  }

  #showPeople() {
    const open = [...this.#phones.keys()];
    this.people.show(this.#everybody, open);
    this.empty.hidden = open.length > 0;
    rememberOpen(open);
  }

  #open(person) {
    const phone = new Phone(person, { clock: this.clock, onClose: () => this.#close(person) });
    this.#phones.set(person.id, phone);
    this.desk.append(phone.root);
    phone.refresh();
    return phone;
  }

  #putAway(id) {
    this.#phones.get(id).dispose();
    this.#phones.delete(id);
  }

  #close(person) {
    this.#putAway(person.id);
    this.#showPeople();
    document.querySelector(`.who[data-person="${person.id}"]`)?.focus();
  }

  #toggle(person) {
    if (this.#phones.has(person.id)) {
      this.#close(person);
      return;
    }
    const phone = this.#open(person);
    this.#showPeople();
    phone.root.scrollIntoView({ block: "nearest" });
    phone.focus();
  }

  async #welcome(person) {
    await this.#readAll();
    this.#toggle(this.#find(person.id));
  }

  #receive(event) {
    if (["clock", "person", "reset", "commands"].includes(event.type)) this.#return();
    const phone = this.#phones.get(event.chat);
    if (phone) phone.receive(event);
    else if (event.type === "message" && event.outgoing) this.#unread(event.chat);
    this.#refreshTools();
  }

  #unread(chat) {
    this.people.count(chat);
    this.#showPeople();
  }

  /** After a gap, or when time or people changed: everything is read again. */
  #return = coalesced(async () => {
    try {
      await this.#readAll();
    } catch (refusal) {
      this.state.textContent = refusal.message; // the stream tells of the next attempt
      return;
    }
    for (const [id, phone] of this.#phones) {
      if (this.#find(id)) phone.refresh();
      else this.#putAway(id);
    }
    this.#showPeople();
    this.#refreshTools();
  });

  #connected(yes) {
    this.state.textContent = yes ? "Tersambung" : "Terputus. Mencoba lagi…";
    this.state.classList.toggle("lost", !yes);
  }

  #tick() {
    this.clockPanel.tick();
    for (const phone of this.#phones.values()) phone.tick();
  }

  #wireTools() {
    expand("#tools-button", (yes) => {
      this.tools.hidden = !yes;
      document.body.classList.toggle("with-tools", yes);
      this.#refreshTools();
    });
    expand("#side-button", (yes) => document.querySelector("#side").classList.toggle("shown", yes));
  }

  #refreshTools() {
    if (this.tools.hidden) return;
    for (const panel of [this.faults, this.journal]) panel.refresh().catch((refusal) => { this.state.textContent = refusal.message; });
  }
}

new Page().begin().catch((refusal) => {
  document.querySelector("#desk").replaceChildren(el("p", { role: "alert", class: "problem" }, refusal.message));
});
