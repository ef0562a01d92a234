/** A panel that rises over the lower part of one phone: menus, forms and the bot's alerts. One at a time. */

import { el, iconButton } from "./dom.js";

let serial = 0;

export class Sheet {
  #opener = null;
  #onClose = null;

  /** `below`: what the sheet covers; it can be neither reached nor pressed meanwhile. */
  constructor(below) {
    this.below = below;
    this.root = el("div", { class: "sheet", hidden: true });
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
  }

  get isOpen() {
    return !this.root.hidden;
  }

  /** Shows `content` under `title` and moves the focus in; `onClose` runs once, however it is closed. */
  open(title, content, { role = "dialog", onClose = null } = {}) {
    const opener = this.isOpen ? this.#opener : document.activeElement;
    this.#finish();
    const id = `sheet-${(serial += 1)}`;
    const heading = el("h3", { id, tabindex: "-1" }, title);
    const close = iconButton("close", `Tutup: ${title}`, () => this.close());
    this.root.replaceChildren(el("div", { class: "sheet-head" }, heading, close), el("div", { class: "sheet-body" }, content));
    this.root.setAttribute("role", role);
    this.root.setAttribute("aria-labelledby", id);
    this.root.hidden = false;
    this.below.inert = true;
    this.#opener = opener;
    this.#onClose = onClose;
    this.#focusFirst(heading);
  }

  /** Hides the sheet; the focus returns to where it was, when that is still there. */
  close() {
    if (!this.isOpen) return;
    const inside = this.root.contains(document.activeElement);
    this.root.hidden = true;
    this.below.inert = false;
    this.#finish();
    this.root.replaceChildren();
    if (inside && this.#opener?.isConnected) this.#opener.focus();
  }

  #finish() {
    const act = this.#onClose;
    this.#onClose = null;
    act?.();
  }

  #focusFirst(heading) {
    const first = this.root.querySelector(".sheet-body :is(input, textarea, select, button, a):not([disabled])");
    (first ?? heading).focus();
  }
}

/** A labelled field: `control` gets an id of its own. */
export function field(label, control, hint = null) {
  control.id ||= `field-${(serial += 1)}`;
  const note = hint && el("span", { class: "hint", id: `${control.id}-hint` }, hint);
  if (note) control.setAttribute("aria-describedby", note.id);
  return el("p", { class: "field" }, el("label", { for: control.id }, label), control, note);
}

/** A <select> of [value, label] pairs. */
export function choice(name, pairs) {
  return el("select", { name }, pairs.map(([value, label]) => el("option", { value }, label)));
}

/** A form whose refusal is written into it; `act(data)` may throw, its sentence is then shown. */
export function form(children, submitLabel, act) {
  const problem = el("p", { class: "problem", role: "alert" });
  const submit = el("button", { type: "submit", class: "main" }, submitLabel);
  const root = el("form", {}, children, problem, submit);
  root.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    submit.disabled = true;
    try {
      await act(new FormData(root));
    } catch (refusal) {
      problem.textContent = refusal.message;
    } finally {
      submit.disabled = false;
    }
  });
  return root;
}
