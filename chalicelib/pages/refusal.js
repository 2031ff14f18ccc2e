// What a request was refused for, as the server said it: in all, and for each field.

import { html } from "./preact.js";
import { SignIn } from "./sign-in.js";
import { told } from "./words.js";

// Whoever was signed out meanwhile signs in here, so that nothing that was written on the page is lost.
export function Refusal({ refusal, again }) {
  if (!refusal) return null;
  return html`<div role="alert" class="refusal">
    <p>${told(refusal)}</p>
    ${refusal.errors?.length > 0 && html`<ul>${refusal.errors.map(({ field, message }) => html`<li><b>${field}</b>: ${message}</li>`)}</ul>`}
    ${refusal.status === 401 && again && html`<${SignIn} done=${again} />`}
  </div>`;
}
