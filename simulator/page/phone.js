/** One person's phone: the chat with the bot, what can be done in it, and what the bot shows over it. */

import { post, read, upload } from "./api.js";
import { ORIGINS, openAttachments, openRecorder } from "./attach.js";
import { coalesced } from "./coalesce.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { el, fullName, icon, iconButton, portrait, spoken } from "./dom.js";
import { gist } from "./message.js";
import { choice, field, form, Sheet } from "./sheet.js";
import { hour } from "./time.js";

/** Telegram's apps split a longer text (UTF-16 units) into several messages. */
const LONGEST = 4096;
/** Milliseconds. Telegram shows a toast for about 3 s; reading slowly takes longer. */
const TOAST = 6000;
/** Telegram shows "typing" for 5 s, or until a message comes. */
const TYPING = 5000;

const LANGUAGES = [["id", "Indonesia (id)"], ["en", "Inggris (en)"], ["jv", "Jawa (jv)"], ["su", "Sunda (su)"], ["ms", "Melayu (ms)"], ["xx", "Tidak dikenal (xx)"]];

/** A text as the messages that an app makes of it: cut at a space or line end where there is one. */
function pieces(text) {
  const rest = text.trim();
  if (rest.length <= LONGEST) return [rest];
  const space = Math.max(rest.lastIndexOf(" ", LONGEST), rest.lastIndexOf("\n", LONGEST));
  const surrogate = rest.charCodeAt(LONGEST) >> 10 === 0x37; // the second half of a sign outside the basic plane
  const cut = space > 0 ? space : LONGEST - Number(surrogate);
  return [rest.slice(0, cut), ...pieces(rest.slice(cut))];
}

export class Phone {
  #sending = Promise.resolve();
  #timers = {};

  /** `clock`: the virtual clock; `onClose()`: the person's phone is put away. */
  constructor(person, { clock, onClose }) {
    this.person = person;
    this.clock = clock;
    this.name = fullName(person);
    this.conversation = new Conversation(this.name, {
      onCommand: (text) => this.say(text),
      onMenu: (view) => this.#openMessageMenu(view),
      onPress: (view, row, column, button) => this.attempt(() => this.#press(view, row, column, button)),
    });
    this.composer = new Composer(this.name, {
      onText: (text, mode) => this.say(text, mode),
      onKey: (button) => this.attempt(() => this.act("key", { text: button.text })),
      onCommands: () => this.#openCommands(),
      onAttach: () => openAttachments(this),
      onRecord: () => openRecorder(this, "voice"),
    });
    this.sheet = new Sheet(this.composer.root);
    this.root = this.#build(onClose);
    this.#offerLink();
    this.tick();
  }

  #build(onClose) {
    const id = `phone-${this.person.id}`;
    this.hour = el("span", { class: "hour" });
    this.peer = el("p", { class: "peer-state" }, "bot");
    this.toast = el("p", { class: "toast", role: "status" });
    this.begin = el("div", { class: "begin", hidden: true }, el("p", {}, "Belum ada percakapan."),
      el("button", { type: "button", class: "main", on: { click: () => this.attempt(() => this.act("start")) } }, "Mulai"));
    this.gift = el("p", { class: "gift", hidden: true });
    this.blocked = el("p", { class: "blocked", hidden: true }, el("span", {}, "Bot diblokir."),
      el("button", { type: "button", class: "main", on: { click: () => this.attempt(() => this.act("unblock")) } }, "Buka blokir"));
    const owner = el("header", { class: "owner" }, portrait(this.name, this.person.id),
      el("div", { class: "owner-words" }, el("h2", { id, tabindex: "-1" }, spoken("HP "), this.name), el("p", { class: "about" }, this.person.about ?? "")),
      iconButton("settings", `Pengaturan HP ${this.name}`, () => this.#openSettings()),
      iconButton("close", `Simpan HP ${this.name}`, onClose));
    return el("section", { class: "phone", "aria-labelledby": id, data: { person: this.person.id } }, owner, this.#device());
  }

  #device() {
    this.title = el("p", { class: "peer-name" }, "Bot");
    const jump = el("button", { type: "button", class: "jump", on: { click: () => this.composer.focus() } }, "Langsung ke kotak tulis");
    const bar = el("div", { class: "bar", "aria-hidden": "true" }, this.hour, icon("battery"));
    const peer = el("div", { class: "peer" }, el("span", { class: "portrait bot", "aria-hidden": "true" }, "S"), el("div", {}, this.title, this.peer));
    this.stage = el("div", { class: "stage" }, this.conversation.root, this.begin, this.toast);
    return el("div", { class: "device" }, el("div", { class: "screen" }, jump, bar, peer, this.gift, this.stage, this.blocked, this.composer.root, this.sheet.root));
  }

  /** The person as the simulator now knows them: language and account may have changed. */
  know(person) {
    this.person = person;
    this.#offerLink();
  }

  /** A link that somebody has given this person stands above the chat until it is opened. */
  #offerLink() {
    const { link, link_label: label = "Buka tautan" } = this.person;
    const open = el("button", { type: "button", class: "main", on: { click: () => this.attempt(() => this.act("follow")) } }, label);
    this.gift.hidden = !link;
    this.gift.replaceChildren(...(link ? [el("span", {}, "Ada tautan untuk Anda."), open] : []));
  }

  get path() {
    return `/sim/chats/${this.person.id}`;
  }

  focus() {
    this.root.querySelector("h2").focus();
  }

  /** Shows the virtual time in the phone's top line. */
  tick() {
    this.hour.textContent = hour(this.clock.now());
  }

  /** Lets go of timers and recordings. */
  dispose() {
    this.sheet.close();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.root.remove();
  }

  /** Reads the chat again. */
  refresh = coalesced(() => this.attempt(async () => this.#show(await read(this.path))));

  #show(chat) {
    this.conversation.show(chat.messages, chat.waiting);
    this.composer.follow({ commands: chat.commands, keyboard: chat.reply_keyboard });
    this.chat = chat;
    this.title.textContent = chat.bot.name;
    this.blocked.hidden = !chat.blocked;
    this.composer.root.hidden = Boolean(chat.blocked);
    this.begin.hidden = !this.conversation.isEmpty || Boolean(chat.blocked);
    this.#typing(Boolean(chat.typing));
  }

  /** One event of this chat from the simulator's stream. */
  receive(event) {
    if (event.type === "answer") this.#answered(event);
    this.refresh();
  }

  #typing(yes) {
    clearTimeout(this.#timers.typing);
    this.peer.textContent = yes ? "sedang mengetik…" : "bot";
    this.peer.classList.toggle("typing", yes);
    if (yes) this.#timers.typing = setTimeout(() => this.#typing(false), TYPING);
  }

  #answered({ text, alert }) {
    if (!text) return;
    if (alert) this.#alert(text);
    else this.notice(text);
  }

  #alert(text) {
    const done = el("button", { type: "button", class: "main", on: { click: () => this.sheet.close() } }, "Oke");
    this.sheet.open("Pesan dari bot", [el("p", { class: "alert" }, text), done], { role: "alertdialog" });
    done.focus();
  }

  /** A passing line over the chat. */
  notice(text) {
    clearTimeout(this.#timers.toast);
    this.toast.textContent = text;
    this.#timers.toast = setTimeout(() => { this.toast.textContent = ""; }, TOAST);
  }

  /** Does an action of this person; throws the simulator's sentence. */
  async act(action, body = {}) {
    const answer = await post(`${this.path}/${action}`, body);
    this.refresh();
    return answer;
  }

  async upload(action, fields) {
    const answer = await upload(`${this.path}/${action}`, fields);
    this.refresh();
    return answer;
  }

  /** Runs something that may be refused and shows the refusal; true when it went well. */
  async attempt(action) {
    try {
      await action();
      return true;
    } catch (refusal) {
      this.notice(refusal.message);
      return false;
    }
  }

  /** Sends a text, strictly after those before it; `mode` says whether it replies or edits. */
  say(text, mode = null) {
    this.#sending = this.#sending.then(() => this.attempt(async () => {
      if (mode?.kind === "edit") await this.act("edit", { message_id: mode.view.message_id, text });
      else for (const piece of pieces(text)) await this.act("text", { text: piece, ...(mode && { reply_to: mode.view.message_id }) });
    }));
    return this.#sending;
  }

  async #press(view, row, column, button) {
    if (button.copy === undefined) {
      await this.act("press", { message_id: view.message_id, row, column });
      return;
    }
    await navigator.clipboard.writeText(button.copy);
    this.notice(`Disalin: ${button.copy}`);
  }

  #entry(label, drawing, act) {
    return el("button", { type: "button", class: "entry", on: { click: act } }, icon(drawing), el("span", {}, label));
  }

  /** An entry that does something at once and closes the sheet. */
  #deed(label, drawing, act) {
    return this.#entry(label, drawing, () => {
      this.sheet.close();
      this.attempt(act);
    });
  }

  #openCommands() {
    const entries = (this.chat?.commands ?? []).map(({ command, description }) =>
      el("button", { type: "button", class: "entry", on: { click: () => {
        this.sheet.close();
        this.say(`/${command}`);
      } } }, el("span", {}, el("strong", {}, `/${command}`), ` ${description}`)));
    this.sheet.open("Daftar perintah", entries);
  }

  #openMessageMenu(view) {
    const id = view.message_id;
    const entries = [this.#entry("Balas", "reply", () => { this.sheet.close(); this.composer.reply(view); })];
    if (!view.protected) entries.push(this.#entry("Teruskan ke bot", "forward", () => this.#openForward(view)));
    if (view.from !== "bot" && view.text) {
      entries.push(this.#entry("Ubah pesan ini", "settings", () => { this.sheet.close(); this.composer.edit(view); }));
    }
    entries.push(this.#deed("Hapus pesan ini", "close", () => this.act("delete", { message_id: id })));
    this.sheet.open("Pilihan pesan", [el("p", { class: "quote" }, gist(view)), ...entries]);
  }

  #openForward(view) {
    this.sheet.open("Teruskan ke bot", [el("p", { class: "quote" }, gist(view)),
      form([field("Pengirim semula", choice("origin", ORIGINS))], "Teruskan", async (data) => {
        await this.act("forward", { of: view.message_id, origin: data.get("origin") });
        this.sheet.close();
      })]);
  }

  #openSettings() {
    const payload = el("input", { name: "payload", maxlength: "200", autocomplete: "off" });
    const start = form([field("Tautan khusus (boleh kosong)", payload, "Seluruh tautan, atau isi setelah ?start=, misalnya poster_sukadana.")], "Kirim /start", async (data) => {
      const wanted = data.get("payload").trim().replace(/^.*[?&]start=/, "");
      await this.act("start", wanted ? { payload: wanted } : {});
      this.sheet.close();
    });
    const languages = choice("language_code", LANGUAGES);
    languages.value = this.person.language_code ?? "id";
    const language = form([field("Bahasa aplikasi", languages)], "Ganti bahasa", async (data) => {
      await this.act("language", { language_code: data.get("language_code") });
      this.sheet.close();
    });
    const blocking = this.chat?.blocked
      ? this.#deed("Buka blokir bot", "back", () => this.act("unblock"))
      : this.#deed("Blokir bot", "close", () => this.act("block"));
    const leave = this.person.deactivated
      ? this.#deed("Pulihkan akun Telegram orang ini", "back", () => this.act("deactivate", { deactivated: false }))
      : this.#deed("Hapus akun Telegram orang ini", "close", () => this.act("deactivate"));
    this.sheet.open(`Pengaturan HP ${this.name}`, [start, language, blocking, leave]);
  }
}
