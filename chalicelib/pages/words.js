// The words of all pages in English and Turkish, and how numbers and times are written.

const WORDS = {
  acknowledged: ["Acknowledged", "İlgilenildi"],
  action: ["Action", "Yapılan"],
  add_stage: ["Add a stage", "Aşama ekle"],
  after: ["After", "Sonra"],
  again: ["Again", "Yeniden"],
  ahead: ["ahead", "önde"],
  an_hour: ["Good pieces an hour", "Saatlik sağlam adet"],
  are_answering: ["are answering", "yanıtlıyor"],
  as_of: ["As of", "Güncellik:"],
  assigned_to: ["Assigned to", "Atanan"],
  assigned_to_me: ["Assigned to me", "Bana atanan"],
  at_work: ["At work", "Çalışan"],
  back: ["Back", "Geri"],
  before: ["Before", "Önce"],
  began: ["Began", "Başladı"],
  behind: ["behind", "geride"],
  board: ["Board", "Pano"],
  cancel: ["Cancel", "Vazgeç"],
  cause: ["Cause", "Neden"],
  cause_code: ["Kind of cause", "Neden türü"],
  changed_meanwhile: ["Somebody else has changed it since you began.", "Siz başladıktan sonra başkası değiştirdi."],
  checking: ["Checking", "Denetleniyor"],
  close: ["Close", "Kapat"],
  company: ["Company", "Şirket"],
  create_order: ["Create the order", "İş emrini aç"],
  create_orders: ["Create orders", "İş emirlerini aç"],
  created: ["Created", "Açıldı"],
  customer: ["Customer", "Müşteri"],
  delay: ["Delay", "Gecikme"],
  delay_minutes: ["Delay in minutes", "Gecikme (dk)"],
  differs: ["Not the same as in the first row of this order.", "Bu iş emrinin ilk satırındakiyle aynı değil."],
  drop_here: ["Drop a CSV or Excel file here, or choose one", "CSV ya da Excel dosyasını buraya bırakın ya da seçin"],
  due: ["Promised end", "Söz verilen bitiş"],
  earlier: ["Earlier", "Daha önce"],
  edit_stages: ["Edit these stages", "Bu aşamaları düzenle"],
  ended: ["Ended", "Bitti"],
  ends: ["Ends", "Bitiş"],
  escalates: ["Next step at", "Sonraki adım:"],
  every: ["All", "Tümü"],
  explain: ["How each number is made", "Sayılar nasıl bulunur"],
  factory_line: ["Line", "Hat"],
  first_plan: ["First plan", "İlk plan"],
  forgotten_session: ["Forgotten session", "Unutulan oturum"],
  formula: ["Formula", "Formül"],
  found_issues: ["issues", "sorun"],
  from_day: ["From", "Başlangıç"],
  gantt: ["Stages by machine", "Makinelere göre aşamalar"],
  gantt_keys: ["Drag a bar to move it. With the keyboard: arrow keys move it, Enter opens it or proposes the move, Escape gives up.", "Taşımak için çubuğu sürükleyin. Klavyeyle: ok tuşları taşır, Enter açar veya taşımayı önerir, Escape vazgeçer."],
  good: ["Good", "Sağlam"],
  hour: ["Hour", "Saat"],
  how: ["How", "Nasıl"],
  idle: ["Idle machines", "Boştaki makineler"],
  is_answering: ["is answering", "yanıtlıyor"],
  issue: ["Issue", "Sorun"],
  issues: ["Open issues", "Açık sorunlar"],
  job_card: ["Job card", "İş kartı"],
  late: ["Late", "Geciken"],
  late_stage: ["late", "gecikmiş"],
  later: ["Later", "Daha sonra"],
  line: ["Line", "Satır"],
  loading: ["Loading …", "Yükleniyor …"],
  lot: ["Lot", "Lot"],
  machine: ["Machine", "Makine"],
  made: ["Made / plan / order", "Yapılan / plan / sipariş"],
  made_of: ["Good / order", "Sağlam / sipariş"],
  merge: ["Show both changes", "İki değişikliği göster"],
  merge_about: ["Choose which change holds. Then check the form, and send it again.", "Hangi değişikliğin geçerli olduğunu seçin. Sonra formu gözden geçirip yeniden gönderin."],
  metric: ["Metric", "Ölçüt"],
  min: ["min", "dk"],
  mine: ["Yours", "Sizinki"],
  more: ["more", "daha"],
  move: ["Move", "Taşı"],
  moved: ["moved", "taşındı"],
  name: ["Name", "Ad"],
  needs_action: ["Needs action", "İlgi bekleyenler"],
  newest: ["Newest first", "Önce en yeni"],
  next_stage: ["Next stage", "Sıradaki aşama"],
  no_answer: ["No answer. Check the network, then try again.", "Yanıt yok. Ağı denetleyin, sonra yeniden deneyin."],
  no_machine: ["Without a machine", "Makinesiz"],
  no_number: ["Not a number.", "Sayı değil."],
  no_plan: ["No plan to compare with", "Karşılaştırılacak plan yok"],
  no_reason: ["Without a reason", "Nedensiz"],
  no_such_hour: ["The clock of the plant never shows this time.", "Tesisin saati bu zamanı hiç göstermez."],
  no_time: ["Not a time. Write it as 28.11.2026 08:30.", "Zaman değil. 28.11.2026 08:30 gibi yazın."],
  nobody: ["Nobody", "Hiç kimse"],
  not_all_shown: ["There are more stages than are shown. Choose a shorter range or a line.", "Gösterilenden çok aşama var. Daha kısa bir aralık veya bir hat seçin."],
  not_ended: ["Not ended", "Bitmemiş"],
  not_moved: ["Not moved.", "Taşınmadı."],
  not_resolved: ["Not resolved", "Çözülmemiş"],
  note: ["Note", "Not"],
  notes: ["Notes", "Notlar"],
  nothing: ["Nothing", "Yok"],
  now: ["Now", "Şimdi"],
  number: ["Number", "Sayı"],
  old_since: ["No news since", "Haber alınamıyor, son:"],
  on_time: ["On time", "Zamanında"],
  one_day: ["A day", "Bir gün"],
  one_week: ["A week", "Bir hafta"],
  only_late: ["Only late ones", "Yalnız gecikenler"],
  order: ["Order", "İş emri"],
  order_number: ["Order number", "İş emri no"],
  orders: ["orders", "iş emri"],
  password: ["Password", "Parola"],
  paste_here: ["or paste cells here", "ya da hücreleri buraya yapıştırın"],
  people: ["People", "Kişiler"],
  photos: ["Photos and documents", "Fotoğraflar ve belgeler"],
  pieces: ["pieces", "adet"],
  plan: ["Plan", "Plan"],
  planned: ["Planned", "Plan"],
  planned_end: ["Planned end", "Planlanan bitiş"],
  planned_start: ["Planned start", "Planlanan başlangıç"],
  plant: ["Plant", "Fabrika"],
  preview: ["Preview", "Önizle"],
  print: ["Print", "Yazdır"],
  priority: ["Priority", "Öncelik"],
  priority_critical: ["Highest: critical", "En yüksek: kritik"],
  priority_high: ["Highest: high", "En yüksek: yüksek"],
  priority_low: ["Highest: low", "En yüksek: düşük"],
  priority_normal: ["Highest: normal", "En yüksek: normal"],
  product: ["Product", "Ürün"],
  progress: ["Progress", "İlerleme"],
  quantity: ["Quantity", "Miktar"],
  range: ["Range", "Aralık"],
  reason: ["Reason", "Neden"],
  refused: ["Refused", "Kabul edilmedi"],
  remove: ["Remove stage", "Aşamayı çıkar"],
  reported: ["Reported", "Bildirilme"],
  resolved: ["Resolved", "Çözülme"],
  rework: ["Rework", "Yeniden işleme"],
  right: ["Right", "Doğru"],
  same_machine: ["On the machine at that time", "Makinede o sırada"],
  same_order: ["Of the same order, now at the same time or out of order", "Aynı iş emrinden, artık aynı anda veya sırası bozuk"],
  save_csv: ["Save as CSV", "CSV olarak kaydet"],
  save_refused: ["Save what was refused as CSV", "Kabul edilmeyenleri CSV olarak kaydet"],
  scrap: ["Scrap today", "Bugünkü fire"],
  scrap_pieces: ["Scrap", "Fire"],
  scrap_reason: ["Reason of the scrap", "Fire nedeni"],
  screen_revoked: ["Ask a planner for a new link for this screen.", "Bu ekran için bir planlamacıdan yeni bir bağlantı isteyin."],
  search: ["Search", "Ara"],
  seconds_per_piece: ["Seconds a piece", "Adet başına saniye"],
  sheet: ["Sheet", "Sayfa"],
  sheet_empty: ["No rows were found below a header.", "Başlığın altında satır bulunamadı."],
  sheet_too_long: ["Too many rows. Split the file. At most", "Çok fazla satır. Dosyayı bölün. En çok"],
  sheet_unreadable: ["This file could not be read. CSV and XLSX of at most 10 MB are read.", "Bu dosya okunamadı. En çok 10 MB'lık CSV ve XLSX okunur."],
  show_more: ["Show more", "Daha fazla göster"],
  sign_in: ["Sign in", "Giriş yap"],
  sign_out: ["Sign out", "Çıkış yap"],
  signed_out: ["Signed out", "Oturum kapandı"],
  sort: ["Sort by", "Sıralama"],
  stage: ["Stage", "Aşama"],
  stage_end: ["Stage end", "Aşama bitişi"],
  stage_minutes: ["Stage minutes", "Aşama dakikası"],
  stage_start: ["Stage start", "Aşama başlangıcı"],
  stages: ["stages", "aşama"],
  stages_done: ["Stages done", "Biten aşama"],
  stages_of_order: ["Stages", "Aşamalar"],
  stages_of_route: ["Without stages here, those of the product's route or of the plant are taken.", "Burada aşama yoksa ürünün ya da tesisin rotasındakiler alınır."],
  stages_total: ["Stages in all", "Toplam aşama"],
  standard: ["Standard seconds a piece", "Parça başına standart saniye"],
  standing: ["Stopped", "Duran"],
  starts_in_past: ["It would begin in the past.", "Geçmişte başlamış olur."],
  state: ["State", "Durum"],
  state_blocked: ["blocked", "engelli"],
  state_done: ["done", "bitti"],
  state_held: ["held", "bekletilen"],
  state_paused: ["paused", "molada"],
  state_planned: ["planned", "planlı"],
  state_running: ["running", "çalışıyor"],
  stop_without_reason: ["Stop without a reason", "Nedensiz duruş"],
  stops: ["Stops today", "Bugünkü duruşlar"],
  tab_all: ["All", "Tümü"],
  tab_create: ["New order", "Yeni iş emri"],
  tab_gantt: ["Machines", "Makineler"],
  tab_import: ["Import", "İçe aktar"],
  tab_issues: ["Issues", "Sorunlar"],
  tab_late: ["Late", "Geciken"],
  tab_today: ["Today", "Bugün"],
  tab_week: ["Week", "Hafta"],
  take_over: ["Take over", "Devral"],
  theirs: ["Theirs", "Onlarınki"],
  there: ["Already there", "Zaten var"],
  today: ["Today", "Bugün"],
  touches: ["What else it touches", "Başka neyi etkiler"],
  username: ["Username", "Kullanıcı adı"],
  verdict: ["Against the plan now", "Plana göre şimdi"],
  waits_for: ["Waits for", "Beklediği"],
  worked: ["Worked on", "Çalışılan"],
  worker: ["Worker", "Çalışan kişi"],
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

// Writes an instant as the clock of a plant shows it.
export function instantOf(timeZone) {
  const form = new Intl.DateTimeFormat(language, { timeZone, dateStyle: "short", timeStyle: "short" });
  return (instant) => form.format(new Date(instant));
}

// What a value of the API is called, such as ("order_status", "done"), by the labels of GET /meta.
export function labelOf({ labels }, kind, value) {
  return labels[kind]?.[value]?.[language] ?? value;
}

// Writes the hour and minute of an instant as the clock of a plant shows it.
export function clockOf(timeZone) {
  const form = new Intl.DateTimeFormat(language, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return (instant) => form.format(new Date(instant));
}

// A reason that has no label is of the plant's own list, and said as it is written there.
export function sayReason({ reason, label }) {
  return reason === null ? say("no_reason") : (label?.[language] ?? reason.replaceAll("_", " "));
}

export function number(value, form) {
  return new Intl.NumberFormat(language, form).format(value);
}

// Writes the day of an instant, such as "Sat, Nov 28", as the calendar of a plant shows it.
export function dayNameOf(timeZone) {
  const form = new Intl.DateTimeFormat(language, { timeZone, weekday: "short", day: "numeric", month: "short" });
  return (instant) => form.format(new Date(instant));
}

// A number to be read from afar: whole.
export function whole(value, form) {
  return number(value, { maximumFractionDigits: 0, ...form });
}
