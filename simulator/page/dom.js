/** Builds elements. Text always becomes a text node: nothing here reads markup from a string. */

const SVG = "http://www.w3.org/2000/svg";

/** Drawn on a 24 × 24 grid with a round stroke. */
const DRAWINGS = {
  add: "M12 5v14M5 12h14",
  back: "M15 5l-7 7 7 7",
  battery: "M3 8h15v8H3zM21 11v2M5.5 10.5v3M8.5 10.5v3M11.5 10.5v3",
  clip: "M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7L9.8 17a1.6 1.6 0 0 1-2.3-2.3l7.5-7.5",
  close: "M6 6l12 12M18 6L6 18",
  contact: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
  document: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
  down: "M6 10l6 6 6-6",
  forward: "M13 6l6 6-6 6M19 12H9a5 5 0 0 0-5 5v1",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8",
  location: "M12 21s7-6.2 7-11a7 7 0 0 0-14 0c0 4.8 7 11 7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  menu: "M4 7h16M4 12h16M4 17h10",
  mic: "M12 15a3.5 3.5 0 0 0 3.5-3.5v-5a3.5 3.5 0 0 0-7 0v5A3.5 3.5 0 0 0 12 15zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  music: "M9 18V5l11-2v13M9 18a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM20 16a3 3 0 1 1-6 0 3 3 0 0 1 6 0z",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
  photos: "M7 3h14v12H7zM3 8v11h14M7 12l4-4 4 4 2-2 4 4",
  poll: "M5 20V10M12 20V4M19 20v-7",
  reply: "M10 6l-6 6 6 6M4 12h10a6 6 0 0 1 6 6",
  send: "M4 12l16-8-6 17-3-7z",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M16 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5h.01M15 9.5h.01",
  video: "M3 6h12v12H3zM15 11l6-4v10l-6-4",
  videonote: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM10 8.5l5.5 3.5-5.5 3.5z",
};

function set(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
  else if (name === "data") Object.assign(node.dataset, value);
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** One element; `on` holds listeners, `data` its dataset; absent values set nothing; children may be text. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** Text for screen readers alone. */
export function spoken(text) {
  return el("span", { class: "spoken" }, text);
}

/** A drawing without meaning of its own: whatever it stands for is said in text beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["class", "icon"], ["aria-hidden", "true"]]) {
    svg.setAttribute(key, value);
  }
  path.setAttribute("d", DRAWINGS[name]);
  svg.append(path);
  return svg;
}

/** A round button that shows a drawing and speaks its label. */
export function iconButton(name, label, act, attributes = {}) {
  return el(
    "button",
    { type: "button", class: "round", "aria-label": label, title: label, on: { click: act }, ...attributes },
    icon(name),
  );
}

/** The two letters and the hue (0 to 7) that stand for a name in a round picture. */
export function portrait(name, id) {
  const letters = name.split(/\s+/).slice(0, 2).map((word) => word[0] ?? "").join("").toUpperCase();
  return el("span", { class: "portrait", "data-hue": Math.abs(Number(id)) % 8, "aria-hidden": "true" }, letters);
}

/** First and last name, as the person would be listed. */
export function fullName(person) {
  return [person.first_name, person.last_name].filter(Boolean).join(" ");
}
