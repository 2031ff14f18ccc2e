// The signs of states: a state is told by its shape as well as by its colour.

import { html } from "./preact.js";

// Each is drawn in a square of 10.
export const SHAPES = {
  planned: "M1 1h8v8h-8zM2 2v6h6v-6z",
  running: "M2 1l7 4l-7 4z",
  paused: "M2 1h2v8h-2zM6 1h2v8h-2z",
  blocked: "M2 1l3 3l3-3l1 1l-3 3l3 3l-1 1l-3-3l-3 3l-1-1l3-3l-3-3z",
  held: "M1 1h8v8h-8zM3 3v4h4v-4z",
  done: "M1 5l1-1l2 2l4-4l1 1l-5 5z",
  late: "M4 1h2v5h-2zM4 7h2v2h-2z",
};

export function Sign({ of }) {
  return html`<svg class="sign" viewBox="0 0 10 10" aria-hidden="true"><path d=${SHAPES[of]} fill-rule="evenodd" /></svg>`;
}
