/** The simulator's event stream: what happened, as it happens, through every reconnect. */

/** Milliseconds between two attempts. */
const AGAIN = 1000;

/** Calls `onEvent(event)` for each event from now on, `onState(connected)` at each change, `onOpen()` when
 * the stream has opened, for the first time or again: what happened before that is to be read then. Each attempt is a new
 * EventSource: the browser's own would ask for what came after the last number it saw, and a simulator that
 * was emptied meanwhile begins its numbers anew. */
export function follow({ onEvent, onState, onOpen }) {
  function opened() {
    onState(true);
    onOpen();
  }

  function failed(source) {
    onState(false);
    source.close();
    setTimeout(connect, AGAIN);
  }

  function connect() {
    const source = new EventSource("/sim/events");
    source.addEventListener("open", opened);
    source.addEventListener("message", (note) => onEvent(JSON.parse(note.data)));
    source.addEventListener("error", () => failed(source));
  }

  connect();
}
