/** What one can send besides text: each kind with its form in the sheet. */

import { el, icon } from "./dom.js";
import { Recorder, samplePhoto, sampleVoice } from "./recorder.js";
import { choice, field, form } from "./sheet.js";
import { length } from "./time.js";

/** Rough positions of places in Lampung Timur, to choose from instead of typing numbers. */
const PLACES = [
  ["-5.0530,105.5440", "Sukadana, Lampung Timur"],
  ["-5.1720,105.7190", "Way Jepara, Lampung Timur"],
  ["-5.3480,105.8170", "Labuhan Maringgai, Lampung Timur"],
  ["-8.6500,116.5300", "Selong, Lombok Timur"],
];

export const ORIGINS = [
  ["user", "Orang yang namanya terlihat"],
  ["hidden_user", "Orang yang menyembunyikan akunnya"],
  ["hidden_nameless", "Orang tersembunyi tanpa nama"],
  ["chat", "Admin grup tanpa nama"],
  ["channel", "Saluran"],
];

/** Voices of several people seldom come from one place: each file gets the next origin. */
const IN_TURN = ["in_turn", "Bergantian, setiap jenis"];

const fileInput = (accept, many = false) => el("input", { type: "file", name: "file", accept, multiple: many, required: true });
const caption = () => field("Keterangan (boleh kosong)", el("input", { name: "caption", maxlength: "1024", autocomplete: "off" }));
const seconds = () => field("Panjang dalam detik (boleh kosong)", el("input", { name: "duration", type: "number", min: "0", max: "3600" }));

/** A form for one file; `extra` are further fields by name that go along. */
function fileForm(phone, action, accept, { fields = [], sample = null } = {}) {
  const made = form([field("Berkas", fileInput(accept)), ...fields], "Kirim", async (data) => {
    await phone.upload(action, Object.fromEntries(data));
    phone.sheet.close();
  });
  return sample ? [made, sample] : [made];
}

/** A button beside a form that makes something and sends it; `make()` gives the act and its fields. */
const sampleButton = (phone, label, make) => deedButton(phone, label, async () => phone.upload(...(await make())));

/** A button that does something slow with the phone, then closes the sheet. */
function deedButton(phone, label, act) {
  const status = el("span", { role: "status" });
  const button = el("button", { type: "button", class: "quiet" }, label);
  button.addEventListener("click", async () => {
    button.disabled = true;
    status.textContent = "Sedang dibuat…";
    try {
      await act(phone);
      phone.sheet.close();
    } catch (problem) {
      status.textContent = problem.message;
      button.disabled = false;
    }
  });
  return el("p", { class: "sample" }, button, status);
}

const voiceSample = (phone) =>
  sampleButton(phone, "Kirim suara contoh (nada 3 detik)", async () => ["voice", await sampleVoice()]);

const photoSample = (phone) =>
  sampleButton(phone, "Kirim gambar contoh (jalan berlubang)", async () => ["photo", { file: await samplePhoto(), caption: "Jalan berlubang di depan sekolah" }]);

/** Records, shows the seconds, then sends or throws away. kind: "voice" or "video_note". */
export async function openRecorder(phone, kind) {
  const recorder = new Recorder();
  const name = kind === "voice" ? "pesan suara" : "pesan video";
  const meter = el("p", { class: "meter", role: "timer", "aria-live": "off" }, "0:00");
  const status = el("p", { role: "status", class: "hint" }, "Meminta izin merekam…");
  const preview = el("video", { class: "preview", muted: true, playsinline: true, hidden: true, "aria-label": "Gambar dari kamera Anda" });
  const send = el("button", { type: "button", class: "main", disabled: true }, "Berhenti dan kirim");
  const drop = el("button", { type: "button", class: "quiet", on: { click: () => phone.sheet.close() } }, "Buang");
  const ticking = setInterval(() => { meter.textContent = length(recorder.elapsed); }, 250);
  const stop = () => { clearInterval(ticking); recorder.cancel(); };
  const content = [meter, preview, status, el("p", { class: "choices" }, drop, send)];
  if (kind === "voice") content.push(voiceSample(phone), otherFile(phone, "voice"));
  else content.push(otherFile(phone, "video_note"));
  phone.sheet.open(`Rekam ${name}`, content, { onClose: stop });
  send.addEventListener("click", () => finish(phone, recorder, kind, status, send));
  await start(recorder, kind, preview, status, send, stop);
}

async function start(recorder, kind, preview, status, send, stop) {
  try {
    const stream = await recorder.begin(kind);
    if (!status.isConnected) return stop();
    status.textContent = "Sedang merekam. Bicaralah, lalu tekan Berhenti dan kirim.";
    if (kind !== "voice") show(preview, stream);
    send.disabled = false;
    send.focus();
  } catch (problem) {
    stop();
    status.textContent = problem.message;
  }
}

function show(preview, stream) {
  preview.muted = true;
  preview.srcObject = stream;
  preview.hidden = false;
  preview.play();
}

async function finish(phone, recorder, kind, status, send) {
  send.disabled = true;
  status.textContent = "Sedang dikirim…";
  try {
    await phone.upload(kind, await recorder.finish());
    phone.sheet.close();
  } catch (problem) {
    status.textContent = problem.message;
  }
}

function otherFile(phone, kind) {
  const title = kind === "voice" ? "Kirim suara dari berkas" : "Kirim pesan video dari berkas";
  return el("p", { class: "sample" }, el("button", { type: "button", class: "quiet", on: { click: () => phone.sheet.open(title, FORMS[`${kind}_file`](phone)) } }, title));
}

async function sendAlbum(phone, data) {
  const files = data.getAll("file");
  const group = `${Date.now()}`;
  for (const [index, file] of files.entries()) {
    await phone.upload("photo", { file, group, caption: index === 0 ? data.get("caption") : "" });
  }
  phone.sheet.close();
}

const albumForm = (phone) => [
  form([field("Beberapa foto", fileInput("image/*", true), "Pilih 2 sampai 10 foto."), caption()], "Kirim album", (data) => sendAlbum(phone, data)),
];

function locationForm(phone) {
  const spot = choice("place", PLACES);
  const numbers = ["latitude", "longitude"].map((name) => el("input", { name, type: "number", step: "any", min: name === "latitude" ? "-90" : "-180", max: name === "latitude" ? "90" : "180", required: true }));
  const fill = () => spot.value.split(",").forEach((degree, index) => { numbers[index].value = degree; });
  spot.addEventListener("change", fill);
  fill();
  return [
    form([field("Tempat", spot), field("Lintang", numbers[0]), field("Bujur", numbers[1])], "Kirim lokasi", async (data) => {
      await phone.act("location", { latitude: Number(data.get("latitude")), longitude: Number(data.get("longitude")) });
      phone.sheet.close();
    }),
  ];
}

function contactForm(phone, own) {
  const number = field("Nomor telepon", el("input", { name: "phone_number", type: "tel", required: true, value: own ? "+62 812 0000 0000" : "+62 813 1111 1111" }));
  const name = field("Nama", el("input", { name: "first_name", required: true, value: own ? phone.person.first_name : "Pak Slamet" }));
  return [
    form([number, name], "Kirim kontak", async (data) => {
      const user = own ? { user_id: phone.person.id } : {};
      await phone.act("contact", { ...Object.fromEntries(data), ...user });
      phone.sheet.close();
    }),
  ];
}

/** Everybody has the same one sticker: what matters is that it is none of the expected answers. */
function sendSticker(phone) {
  phone.sheet.close();
  phone.attempt(() => phone.act("sticker"));
}

const pollForm = (phone) => [
  form([
    field("Pertanyaan", el("input", { name: "question", required: true, value: "Mana yang lebih dulu?" })),
    field("Pilihan", el("textarea", { name: "options", rows: "3", required: true }, "Jalan\nJembatan"), "Satu pilihan di setiap baris."),
  ], "Kirim jajak pendapat", async (data) => {
    const options = data.get("options").split("\n").map((line) => line.trim()).filter(Boolean);
    await phone.act("poll", { question: data.get("question"), options });
    phone.sheet.close();
  }),
];

function originOf(chosen, index) {
  return chosen === IN_TURN[0] ? ORIGINS[index % ORIGINS.length][0] : chosen;
}

/** What a file is forwarded as: pictures and films as themselves, everything else as a voice note. */
function kindOf(file) {
  if (file.type.startsWith("image/")) return "photo";
  return file.type.startsWith("video/") ? "video" : "voice";
}

/** Forwards one after the other, as an app does with several messages that were marked together. */
async function forwardAll(phone, data) {
  const named = { name: data.get("name") };
  const files = data.getAll("file").filter((file) => file.size);
  for (const [index, file] of files.entries()) {
    await phone.upload("forward", { origin: originOf(data.get("origin"), index), kind: kindOf(file), file, ...named });
  }
  if (data.get("text") || !files.length) {
    await phone.act("forward", { origin: originOf(data.get("origin"), files.length), text: data.get("text"), ...named });
  }
  phone.sheet.close();
}

/** Three voices of three people, for a computer without recordings. */
async function forwardSamples(phone) {
  for (const [index, [origin]] of ORIGINS.slice(0, 3).entries()) {
    await phone.upload("forward", { origin, kind: "voice", ...(await sampleVoice(index + 2)) });
  }
}

const relayForm = (phone) => [
  form([
    field("Pengirim semula", choice("origin", [...ORIGINS, IN_TURN])),
    field("Nama pengirim (boleh kosong)", el("input", { name: "name", maxlength: "64", autocomplete: "off" })),
    field("Isi teks", el("textarea", { name: "text", rows: "2" }), "Atau pilih berkas, juga beberapa sekaligus."),
    field("Berkas suara, foto atau video", el("input", { type: "file", name: "file", accept: "audio/*,.oga,.ogg,image/*,video/*", multiple: true })),
  ], "Teruskan", (data) => forwardAll(phone, data)),
  deedButton(phone, "Teruskan 3 suara contoh", forwardSamples),
];

const FORMS = {
  voice_file: (phone) => fileForm(phone, "voice", "audio/*,.oga,.ogg", { fields: [seconds(), caption()], sample: voiceSample(phone) }),
  video_note_file: (phone) => fileForm(phone, "video_note", "video/*", { fields: [seconds()] }),
  photo: (phone) => fileForm(phone, "photo", "image/*", { fields: [caption()], sample: photoSample(phone) }),
  album: albumForm,
  video: (phone) => fileForm(phone, "video", "video/*", { fields: [seconds(), caption()] }),
  audio: (phone) => fileForm(phone, "audio", "audio/*", { fields: [seconds(), caption()] }),
  document: (phone) => fileForm(phone, "document", "", { fields: [caption()] }),
  location: locationForm,
  contact: (phone) => contactForm(phone, true),
  other_contact: (phone) => contactForm(phone, false),
  poll: pollForm,
  relay: relayForm,
};

const MENU = [
  ["voice", "mic", "Rekam suara"],
  ["voice_file", "music", "Suara dari berkas"],
  ["video_note", "videonote", "Rekam pesan video"],
  ["video_note_file", "videonote", "Pesan video dari berkas"],
  ["photo", "photo", "Foto"],
  ["album", "photos", "Album foto"],
  ["video", "video", "Video"],
  ["audio", "music", "Audio"],
  ["document", "document", "Dokumen"],
  ["location", "location", "Lokasi"],
  ["contact", "contact", "Kontak saya"],
  ["other_contact", "contact", "Kontak orang lain"],
  ["sticker", "smile", "Stiker"],
  ["poll", "poll", "Jajak pendapat"],
  ["relay", "forward", "Terusan orang lain"],
];

/** The menu behind the paper clip. */
export function openAttachments(phone) {
  const tiles = MENU.map(([kind, drawing, label]) =>
    el("button", { type: "button", class: "tile", on: { click: () => openKind(phone, kind, label) } }, icon(drawing), label));
  phone.sheet.open("Lampirkan", [el("div", { class: "tiles" }, tiles)]);
}

function openKind(phone, kind, label) {
  if (FORMS[kind]) phone.sheet.open(label, FORMS[kind](phone));
  else if (kind === "sticker") sendSticker(phone);
  else openRecorder(phone, kind);
}
