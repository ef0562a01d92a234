/** One message as a bubble. Parts that did not change keep their nodes: a playing voice plays on, and a
 * screen reader does not hear a whole message again because its buttons went away. */

import { el, icon, spoken } from "./dom.js";
import { rich } from "./rich.js";
import { hour, length, machine, spokenLength } from "./time.js";

const KINDS = {
  text: "Pesan",
  voice: "Pesan suara",
  audio: "Audio",
  video: "Video",
  video_note: "Pesan video bundar",
  photo: "Foto",
  document: "Dokumen",
  location: "Lokasi",
  contact: "Kontak",
  sticker: "Stiker",
  poll: "Jajak pendapat",
};

/** A few words that recall a message, for replies and menus. */
export function gist(view) {
  const words = view.text ?? view.caption;
  const kind = KINDS[view.kind] ?? "Pesan";
  if (!words) return kind;
  const short = words.length > 70 ? `${words.slice(0, 70)}…` : words;
  return view.kind === "text" ? short : `${kind}: ${short}`;
}

function size(bytes) {
  if (!bytes) return "";
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")} MB`;
}

function player(tag, view, label) {
  const controls = { controls: true, preload: "metadata", src: view.file.url, "aria-label": label };
  return el(tag, tag === "video" ? { ...controls, playsinline: true } : controls);
}

function heard(view, drawing, name) {
  const lasts = view.file.duration;
  const label = lasts ? `${name}, ${spokenLength(lasts)}` : name;
  return el("div", { class: "heard" }, el("p", { class: "kind" }, icon(drawing), label),
    player("audio", view, label));
}

function seen(view, name, shape) {
  const lasts = view.file.duration ? `, ${length(view.file.duration)}` : "";
  const label = view.caption ? `${name}: ${view.caption}` : name;
  return el("div", { class: shape }, player("video", view, label), el("p", { class: "kind" }, icon("video"), `${name}${lasts}`));
}

function photo(view, whose) {
  const alt = view.caption ? `Foto: ${view.caption}` : `Foto dari ${whose}, tanpa keterangan`;
  return el("a", { class: "photo", href: view.file.url, target: "_blank", rel: "noopener", "aria-label": `${alt}. Buka ukuran penuh` },
    el("img", { src: view.file.url, alt, loading: "lazy" }));
}

function paper(view) {
  const name = view.file.name ?? "berkas";
  return el("a", { class: "paper", href: view.file.url, download: name }, icon("document"),
    el("span", {}, el("span", { class: "paper-name" }, name), el("span", { class: "small" }, `Unduh ${size(view.file.size)}`)));
}

function place(view) {
  const { latitude, longitude } = view.details;
  const written = [latitude, longitude].map((degree) => Number(degree).toFixed(5).replace(".", ",")).join("; ");
  return el("p", { class: "card" }, icon("location"), el("span", {}, "Lokasi: ",
    el("span", { class: "number" }, `lintang dan bujur ${written}`)));
}

function contact(view) {
  const card = view.details;
  return el("p", { class: "card" }, icon("contact"), el("span", {}, `Kontak: ${[card.first_name, card.last_name].filter(Boolean).join(" ")} `,
    el("span", { class: "number" }, card.phone_number ?? "")));
}

function poll(view) {
  const options = view.details.options.map((option) => el("li", {}, option.text));
  return el("div", { class: "poll" }, el("p", { class: "kind" }, icon("poll"), "Jajak pendapat"),
    el("p", {}, view.details.question), el("ul", {}, options));
}

function sticker(view) {
  return el("p", { class: "sticker" }, icon("smile"), `Stiker ${view.details?.emoji ?? ""}`);
}

function unavailable(view) {
  return el("p", { class: "kind" }, icon("document"), `${KINDS[view.kind] ?? view.kind} (berkas tidak tersedia)`);
}

function medium(view, whose) {
  const needsFile = ["voice", "audio", "video", "video_note", "photo", "document"].includes(view.kind);
  if (needsFile && !view.file) return unavailable(view);
  switch (view.kind) {
    case "voice": return heard(view, "mic", "Pesan suara");
    case "audio": return heard(view, "music", "Audio");
    case "video": return seen(view, "Video", "seen");
    case "video_note": return seen(view, "Pesan video", "seen note");
    case "photo": return photo(view, whose);
    case "document": return paper(view);
    case "location": return place(view);
    case "contact": return contact(view);
    case "poll": return poll(view);
    case "sticker": return sticker(view);
    default: return null;
  }
}

function origin(forward) {
  const name = forward.sender_user_name ?? forward.sender_user?.first_name ?? (forward.sender_chat ?? forward.chat)?.title;
  return `Diteruskan dari ${name || "pengirim tersembunyi"}`;
}

function words(view, onCommand) {
  if (view.text) return el("div", { class: "words" }, rich(view.text, view.entities, onCommand));
  if (view.caption) return el("div", { class: "words" }, rich(view.caption, view.caption_entities, onCommand));
  return null;
}

function body(view, context) {
  const whose = view.from === "bot" ? "bot" : "Anda";
  return el("div", { class: "body" },
    spoken(view.from === "bot" ? "Bot berkata: " : "Anda berkata: "),
    view.forward && el("p", { class: "origin" }, icon("forward"), origin(view.forward)),
    view.reply_to && el("p", { class: "quote" }, spoken("Membalas: "), context.quote(view.reply_to)),
    medium(view, whose),
    words(view, context.onCommand),
    view.protected && el("p", { class: "kind" }, "Dilindungi: tidak dapat diteruskan atau disimpan"));
}

function foot(view, context) {
  const menu = el("button", { type: "button", class: "dots", tabindex: "-1", "aria-label": "Pilihan pesan",
    title: "Balas, teruskan, ubah", on: { click: () => context.onMenu(view) } }, icon("more"));
  return el("p", { class: "foot" }, view.edit_date ? "diubah " : null,
    el("time", { datetime: machine(view.date) }, spoken("pukul "), hour(view.date)), menu);
}

function key(button, row, column, view, context) {
  if (button.url) {
    const address = /^https?:\/\//i.test(button.url) ? button.url : null;
    return el("a", { class: "key", href: address, target: "_blank", rel: "noopener noreferrer" }, button.text, spoken(" (tautan)"));
  }
  return el("button", { type: "button", class: "key", data: { row, column, look: button.style ?? "plain" },
    on: { click: () => context.onPress(view, row, column, button) } }, button.text, spoken(""));
}

function keyboard(view, context) {
  const rows = (view.inline_keyboard ?? []).map((row, r) =>
    el("div", { class: "row" }, row.map((button, c) => key(button, r, c, view, context))));
  return el("div", { class: "keys", role: "group", "aria-label": "Tombol pesan ini", hidden: rows.length === 0 }, rows);
}

function places(view) {
  return (view.inline_keyboard ?? []).flatMap((row, r) => row.map((button, c) => [r, c, button]));
}

/** What each part shows, as a string: the part is rebuilt only when this changes. (The server's own rendering as
 * HTML is left aside: the nodes are built here, from text and entities.) */
function signatures(view, context) {
  const { inline_keyboard: keys, edit_date: edited, date, html, caption_html: captionHtml, ...rest } = view;
  const quoted = view.reply_to ? context.quote(view.reply_to) : "";
  return { body: JSON.stringify([rest, quoted]), keyboard: JSON.stringify(keys ?? []), foot: JSON.stringify([edited, date]) };
}

const BUILDERS = { body, keyboard, foot };

/** A bubble that follows its message. */
export class Bubble {
  #signatures = {};
  #parts = {};

  constructor(view, context) {
    this.context = context;
    const side = view.from === "bot" ? "bot" : "person";
    this.balloon = el("div", { class: "balloon" });
    this.root = el("article", { class: `message ${side}`, tabindex: "-1", data: { message: view.message_id, kind: view.kind } }, this.balloon);
    this.update(view);
  }

  /** Rebuilds the parts that differ; a focus that would be lost goes to the message itself. */
  update(view) {
    const fresh = signatures(view, this.context);
    const held = this.root.contains(document.activeElement) ? document.activeElement : null;
    for (const name of ["body", "foot", "keyboard"]) {
      if (fresh[name] !== this.#signatures[name]) this.#replace(name, BUILDERS[name](view, this.context));
    }
    this.#signatures = fresh;
    for (const [row, column, { data }] of places(view)) this.#showPending(row, column, this.context.isPending(view.message_id, data));
    if (held && !held.isConnected) this.#refocus(held);
  }

  #replace(name, node) {
    if (this.#parts[name]) this.#parts[name].replaceWith(node);
    else (name === "keyboard" ? this.root : this.balloon).append(node);
    this.#parts[name] = node;
  }

  /** The button stays the same node, so that it keeps the focus while it waits. */
  #showPending(row, column, pending) {
    const button = this.#button(row, column);
    if (button.matches("a")) return;
    button.setAttribute("aria-busy", String(pending));
    button.lastElementChild.textContent = pending ? ", menunggu jawaban bot" : "";
  }

  #button(row, column) {
    return this.#parts.keyboard.children[row].children[column];
  }

  #refocus(lost) {
    const { row, column } = lost.dataset;
    const same = row === undefined ? null : this.#parts.keyboard.children[row]?.children[column];
    (same ?? this.root).focus({ preventScroll: true });
  }
}
