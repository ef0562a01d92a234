/** Many wishes for the same reading become few readings. */

/** `read` as a function that never runs twice at once: calls that come meanwhile make it run once more. */
export function coalesced(read) {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        await read();
      }
    } finally {
      running = false;
    }
  };
}
