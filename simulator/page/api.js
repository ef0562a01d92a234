/** The simulator's control API: JSON under /sim/. Whatever goes wrong becomes one readable sentence. */

/** A request that the simulator refused, or could not be asked; `message` is fit to be shown. */
export class Refusal extends Error {}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Refusal("Simulator tidak menjawab. Periksa apakah masih berjalan.");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(body.error ?? `Simulator menolak (kode ${response.status}).`);
  return body;
}

export const read = (path) => ask(path);

export const erase = (path) => ask(path, { method: "DELETE" });

export const post = (path, body = {}) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** Sends fields and files as multipart; absent fields are left out. */
export function upload(path, fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null || value === "") continue;
    if (value instanceof Blob) form.append(name, value, value.name ?? "berkas");
    else form.append(name, String(value));
  }
  return ask(path, { method: "POST", body: form });
}
