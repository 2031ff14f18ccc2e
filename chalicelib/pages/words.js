// The words of all pages in English and Turkish, and how numbers and times are written.

const WORDS = {
  company: ["Company", "Şirket"],
  customer: ["Customer", "Müşteri"],
  job_card: ["Job card", "İş kartı"],
  loading: ["Loading …", "Yükleniyor …"],
  lot: ["Lot", "Lot"],
  machine: ["Machine", "Makine"],
  no_answer: ["No answer. Check the network, then try again.", "Yanıt yok. Ağı denetleyin, sonra yeniden deneyin."],
  note: ["Note", "Not"],
  password: ["Password", "Parola"],
  people: ["People", "Kişiler"],
  planned: ["Planned", "Plan"],
  print: ["Print", "Yazdır"],
  product: ["Product", "Ürün"],
  quantity: ["Quantity", "Miktar"],
  sign_in: ["Sign in", "Giriş yap"],
  sign_out: ["Sign out", "Çıkış yap"],
  stage: ["Stage", "Aşama"],
  username: ["Username", "Kullanıcı adı"],
};

const asked = new URLSearchParams(location.search).get("lang") ?? navigator.language;
export const language = asked.toLowerCase().startsWith("tr") ? "tr" : "en";
document.documentElement.lang = language;

export function say(word) {
  return WORDS[word][language === "tr" ? 1 : 0];
}

// What a request was refused for, in one text.
export function told(refusal) {
  return refusal.status ? `${refusal.title}. ${refusal.message}` : say("no_answer");
}

// Writes the time from one instant to another as the clock of a plant shows it.
export function spanOf(timeZone) {
  const form = new Intl.DateTimeFormat(language, { timeZone, dateStyle: "short", timeStyle: "short" });
  return (from, to) => form.formatRange(new Date(from), new Date(to));
}

export function number(value) {
  return new Intl.NumberFormat(language).format(value);
}
