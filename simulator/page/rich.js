/** Text with Telegram's entities, as DOM nodes. Offsets count UTF-16 units, as JavaScript strings do. */

import { el } from "./dom.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

/** Other schemes (javascript:, data: …) stay text: a message may come from anybody. */
const SAFE = /^(https?:\/\/|mailto:|tel:)/i;

function link(address, children) {
  if (!SAFE.test(address)) return el("span", {}, children);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, children);
}

function spoiler(children) {
  const reveal = (event) => event.currentTarget.classList.add("open");
  return el("button", { type: "button", class: "spoiler", "aria-label": "Tampilkan teks tersembunyi", on: {
    click: (event) => {
      event.currentTarget.removeAttribute("aria-label");
      reveal(event);
    },
  } }, children);
}

function command(text, onCommand) {
  return el("button", { type: "button", class: "command", on: { click: () => onCommand(text) } }, text);
}

function wrap(entity, text, children, onCommand) {
  const tag = TAGS[entity.type];
  if (tag) return el(tag, {}, children);
  switch (entity.type) {
    case "text_link": return link(entity.url ?? "", children);
    case "url": return link(/^[a-z]+:/i.test(text) ? text : `https://${text}`, children);
    case "email": return link(`mailto:${text}`, children);
    case "phone_number": return link(`tel:${text.replace(/[^+\d]/g, "")}`, children);
    case "bot_command": return onCommand ? command(text, onCommand) : el("span", {}, children);
    case "spoiler": return spoiler(children);
    default: return el("span", { class: "marked" }, children);
  }
}

/** Entities sorted outermost first; those that reach past their parent are cut to it. */
function build(text, start, end, entities, onCommand) {
  const nodes = [];
  let at = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    const inner = [];
    index += 1;
    while (index < entities.length && entities[index].offset < to) inner.push(entities[index++]);
    if (from >= to) continue;
    if (from > at) nodes.push(text.slice(at, from));
    nodes.push(wrap(entity, text.slice(from, to), build(text, from, to, inner, onCommand), onCommand));
    at = to;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

/** The nodes of one text; `onCommand(text)` is called when somebody presses a /command in it. */
export function rich(text, entities = [], onCommand = null) {
  const outermostFirst = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return build(text, 0, text.length, outermostFirst, onCommand);
}
