// Draws a text as a QR code.

import { generate } from "./lean-qr.js";
import { html } from "./preact.js";

// Scanners need this much white around the code, in squares of the code.
const MARGIN = 4;

export function QrCode({ text, title }) {
  const code = generate(text);
  const places = [...Array(code.size).keys()];
  const black = places.flatMap((y) => places.filter((x) => code.get(x, y)).map((x) => `M${x} ${y}h1v1h-1z`));
  const size = code.size + 2 * MARGIN;
  return html`<svg class="qr" role="img" aria-label=${title} viewBox="${-MARGIN} ${-MARGIN} ${size} ${size}">
    <path d=${black.join("")} shape-rendering="crispEdges" />
  </svg>`;
}
