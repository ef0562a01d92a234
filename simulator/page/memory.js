/** What the page remembers on this computer between two visits. */

const OPEN = "simulator.open";

/** The ids of the phones that were open, or null at the first visit. */
export function recallOpen() {
  try {
    const ids = JSON.parse(localStorage.getItem(OPEN));
    return Array.isArray(ids) ? ids.filter(Number.isFinite) : null;
  } catch {
    return null; // storage switched off, or something else wrote there: begin as at the first visit
  }
}

export function rememberOpen(ids) {
  try {
    localStorage.setItem(OPEN, JSON.stringify(ids));
  } catch {
    // Storage is switched off or full: the page works, it only forgets.
  }
}
