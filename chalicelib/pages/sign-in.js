// The form to sign in, which every page shows to strangers, and the way out for whoever is signed in.

import { html, useState } from "./preact.js";
import { person, signIn, signOut } from "./session.js";
import { say, told } from "./words.js";

export function SignIn({ done }) {
  const [refusal, setRefusal] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    const filled = [...new FormData(event.target)].filter(([, value]) => value !== "");
    try {
      await signIn(Object.fromEntries(filled));
      done();
    } catch (error) {
      setRefusal(error);
    }
  };
  return html`<form class="sign-in" onSubmit=${submit}>
    <label>${say("username")} <input name="username" autocomplete="username" required /></label>
    <label>${say("password")} <input name="password" type="password" autocomplete="current-password" required /></label>
    <label>${say("company")} <input name="tenant" placeholder="default" autocomplete="organization" /></label>
    <button>${say("sign_in")}</button>
    ${refusal && html`<output role="alert">${told(refusal)}</output>`}
  </form>`;
}

export function SignedIn() {
  const who = person();
  // Another tab may have signed out. What is written on this page stays until it is sent.
  if (!who) return null;
  const leave = () => Promise.resolve(signOut()).then(() => location.reload());
  return html`<span class="signed-in">${who.full_name ?? who.username} <button onClick=${leave}>${say("sign_out")}</button></span>`;
}
