// Which column of a sheet holds which field of an order: guessed by its name, in Turkish or English, and remembered.

const KEPT = "takip.columns";
const MOST_KEPT = 20;
const HEADER_WITHIN = 10;
// The fields in the order in which they are offered, with the names of columns by which each is known, folded.
export const NAMES = {
  number: "number orderno ordernumber order workorder workorderno wo emirno isemri isemrino isemrinumarasi siparis siparisno no",
  product_code: "product productcode item itemcode material partno part sku urun urunkodu stokkodu malzeme malzemekodu parca parcano",
  lot_no: "lot lotno lotnumber batch batchno parti partino lotnumarasi",
  quantity: "quantity qty pieces amount miktar adet siparismiktari uretimmiktari planlananmiktar",
  customer: "customer customername client musteri musteriadi cari cariadi firma",
  planned_start: "start starts startdate plannedstart begin baslangic baslama baslangictarihi baslamatarihi planbaslangic planlananbaslangic",
  planned_end: "end ends enddate due duedate plannedend delivery deliverydate finish bitis bitistarihi planbitis planlananbitis termin termintarihi teslim teslimtarihi",
  priority: "priority oncelik",
  note: "note notes remark comment description not notlar aciklama",
  stage_name: "stage stagename operation operationname process step asama asamaadi operasyon operasyonadi islem proses",
  stage_start: "stagestart operationstart asamabaslangic asamabaslangici operasyonbaslangic",
  stage_end: "stageend operationend asamabitis asamabitisi operasyonbitis",
  duration_minutes: "minutes duration durationminutes stageminutes dakika sure suredk suredakika asamasuresi",
  machine_id: "machine machineid workcenter workcentre makine makineno makinekodu tezgah istasyon ismerkezi",
  standard_seconds_per_unit: "secondsperunit secondsperpiece cycletime standardseconds saniyeadet adetsaniye cevrimsuresi standartsure birimsure",
};
const FIELD_OF = new Map(Object.entries(NAMES).flatMap(([field, names]) => names.split(" ").map((name) => [name, field])));

// A name without its unit, case, accents, spaces and signs: "İş Emri No" is "isemrino", "Miktar (adet)" is "miktar".
export function folded(name) {
  const plain = name.replace(/\(.*?\)/g, "").toLowerCase().replaceAll("ı", "i").normalize("NFD");
  return plain.replace(/[^a-z0-9]/g, "");
}

// The header of a sheet and the rows below it, all of one width. The header is the first row in which two names are known, else the first.
export function headed(rows) {
  const known = ({ cells }) => cells.filter((cell) => FIELD_OF.has(folded(cell))).length;
  const found = rows.slice(0, HEADER_WITHIN).findIndex((row) => known(row) > 1);
  const at = Math.max(found, 0);
  const width = rows.slice(at).reduce((widest, { cells }) => Math.max(widest, cells.length), 0);
  const [head, ...below] = rows.slice(at).map(({ line, cells }) => ({ line, cells: Array.from({ length: width }, (_, index) => cells[index] ?? "") }));
  return { header: head?.cells ?? [], rows: below };
}

// The field of each column, "" for none: as it was chosen for this header before, else guessed. Each field is given once.
export function fieldsOf(header) {
  const before = kept()[keyOf(header)];
  if (before) return before;
  const guessed = header.map((name) => FIELD_OF.get(folded(name)) ?? "");
  return guessed.map((field, index) => (guessed.indexOf(field) === index ? field : ""));
}

export function rememberFields(header, fields) {
  const { [keyOf(header)]: _, ...others } = kept();
  const newest = Object.entries(others).slice(1 - MOST_KEPT);
  localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries([...newest, [keyOf(header), fields]])));
}

function keyOf(header) {
  return header.map(folded).join("|");
}

function kept() {
  return JSON.parse(localStorage.getItem(KEPT)) ?? {};
}
