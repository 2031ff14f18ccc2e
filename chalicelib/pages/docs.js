"use strict";
// Shows the contract with Swagger UI, signs in, and gives the token to the requests that are tried.

const API = new URL("..", document.currentScript.src).href.replace(/\/$/, "");
const form = document.getElementById("sign-in");

const ui = SwaggerUIBundle({
  url: `${API}/openapi.json`,
  dom_id: "#operations",
  deepLinking: true,
  docExpansion: "list",
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});

function say(sentence, refused) {
  const output = form.querySelector("output");
  output.textContent = sentence;
  output.classList.toggle("refused", refused);
}

async function signIn() {
  const filled = [...new FormData(form)].filter(([, value]) => value !== "");
  const answer = await fetch(`${API}/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(Object.fromEntries(filled)),
  });
  const { data, error } = await answer.json();
  if (error) {
    say(`${error.title}. ${error.detail}`, true);
    return;
  }
  ui.preauthorizeApiKey("token", data.access_token);
  form.elements.password.value = "";
  const minutes = Math.floor(data.expires_in / 60);
  say(`Signed in as ${data.user.username} (${data.user.role}) for ${minutes} minutes.`, false);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  signIn().catch((fault) => say(`No answer: ${fault.message}`, true));
});
