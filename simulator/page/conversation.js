/** The list of messages of one phone: a live log that only ever gains, changes or loses single bubbles. */

import { el } from "./dom.js";
import { Bubble, gist } from "./message.js";
import { day, machine } from "./time.js";

/** Closer to the end than this (pixels) counts as reading the newest message. */
const NEAR = 80;

export class Conversation {
  #bubbles = new Map();
  #views = new Map();
  #waiting = new Set();
  #filled = false;
  #stuck = true;

  /** `acts`: onCommand(text), onMenu(view), onPress(view, row, column, button). */
  constructor(name, acts) {
    this.log = el("div", { class: "log", role: "log", "aria-live": "off", tabindex: "0", "aria-label": `Obrolan ${name} dengan bot` });
    this.newest = el("button", { type: "button", class: "newest", hidden: true, on: { click: () => this.toEnd() } }, "Ke pesan terbaru");
    this.root = el("div", { class: "conversation" }, this.log, this.newest);
    this.context = {
      ...acts,
      quote: (reply) => gist(this.#views.get(reply.message_id ?? reply) ?? (typeof reply === "object" ? reply : { kind: "text", text: "pesan sebelumnya" })),
      isPending: (id, data) => data !== undefined && this.#waiting.has(`${id}:${data}`),
    };
    this.log.addEventListener("scroll", () => this.#scrolled());
    this.log.addEventListener("load", () => this.#settle(), { capture: true });
    new ResizeObserver(() => this.#settle()).observe(this.log);
    this.log.addEventListener("keydown", (event) => this.#walk(event));
  }

  /** The messages as they now are; what is already shown stays in place. `waiting`: the presses ({message_id,
   * data}) that the bot has not answered; a ring turns on those buttons. */
  show(messages, waiting) {
    this.#waiting = new Set(waiting.map((press) => `${press.message_id}:${press.data}`));
    const known = this.#bubbles.size;
    const views = messages.filter((view) => !view.deleted);
    this.#views = new Map(views.map((view) => [view.message_id, view]));
    this.#drop();
    for (const view of views) this.#place(view);
    this.#separateDays(views);
    this.#oneTabStop();
    const mine = views.length > 0 && views.at(-1).from !== "bot" && this.#bubbles.size > known;
    if (mine) this.toEnd();
    else this.#settle();
    this.#listen();
  }

  get isEmpty() {
    return this.#views.size === 0;
  }

  toEnd() {
    this.#stuck = true;
    this.#settle();
  }

  /** History is not read out: the log speaks only of what comes after the first filling. */
  #listen() {
    if (this.#filled) return;
    this.#filled = true;
    requestAnimationFrame(() => this.log.setAttribute("aria-live", "polite"));
  }

  #drop() {
    for (const [id, bubble] of this.#bubbles) {
      if (this.#views.has(id)) continue;
      if (bubble.root.contains(document.activeElement)) this.log.focus({ preventScroll: true });
      bubble.root.remove();
      this.#bubbles.delete(id);
    }
  }

  #place(view) {
    const bubble = this.#bubbles.get(view.message_id);
    if (bubble) {
      bubble.update(view);
      return;
    }
    const fresh = new Bubble(view, this.context);
    const after = [...this.#bubbles].filter(([id]) => id > view.message_id).sort(([a], [b]) => a - b)[0];
    this.log.insertBefore(fresh.root, after ? after[1].root : null);
    this.#bubbles.set(view.message_id, fresh);
  }

  #separateDays(views) {
    let previous = null;
    const wanted = new Map();
    for (const view of views) {
      const today = day(view.date);
      if (today !== previous) wanted.set(this.#bubbles.get(view.message_id).root, [today, view.date]);
      previous = today;
    }
    for (const line of this.log.querySelectorAll(".day")) {
      if (wanted.get(line.nextElementSibling)?.[0] === line.textContent) wanted.delete(line.nextElementSibling);
      else line.remove();
    }
    for (const [root, [text, seconds]] of wanted) {
      root.before(el("p", { class: "day" }, el("time", { datetime: machine(seconds).slice(0, 10) }, text)));
    }
  }

  #atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  /** Whoever has scrolled up to read stays there; everybody else follows the newest message. */
  #scrolled() {
    this.#stuck = this.#atEnd();
    this.newest.hidden = this.#stuck;
  }

  /** Messages, pictures or the room for them changed: the end stays in view. */
  #settle() {
    if (this.#stuck) this.log.scrollTop = this.log.scrollHeight;
    this.newest.hidden = this.#atEnd();
  }

  #dots() {
    return [...this.log.querySelectorAll(".dots")];
  }

  /** The many "…" buttons are one stop for Tab (the newest); arrows walk between them. */
  #oneTabStop() {
    const dots = this.#dots();
    const current = dots.includes(document.activeElement) ? document.activeElement : dots.at(-1);
    for (const button of dots) button.tabIndex = button === current ? 0 : -1;
  }

  #walk(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const dots = this.#dots();
    const at = dots.indexOf(document.activeElement);
    if (!step || at < 0 || !dots[at + step]) return;
    event.preventDefault();
    dots[at + step].focus();
    this.#oneTabStop();
  }
}
