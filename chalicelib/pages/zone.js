// Days and hours in the time zone of a plant, of which the browser may know nothing but its name.

export const DAY_MS = 86_400_000;
const HOUR_MS = DAY_MS / 24;

// When today begins in a time zone, or the day so many days after it.
export function startOfDay(timeZone, days = 0) {
  return new Date(momentOf(plusDays(dayOf(Date.now(), timeZone), days), 0, timeZone));
}

// By how much the clocks of a time zone are ahead of UTC at an instant, in milliseconds.
export function offsetIn(timeZone) {
  // What clocks and calendars show there: "2026-01-05 10:00:00". Sweden writes times like this.
  const wall = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  return (instant) => {
    const whole = Math.floor(instant / 1000) * 1000;
    return Date.parse(`${wall.format(whole).replace(" ", "T")}Z`) - whole;
  };
}

export function dayOf(instant, timeZone) {
  return new Date(instant + offsetIn(timeZone)(instant)).toISOString().slice(0, 10);
}

export function plusDays(day, count) {
  return new Date(Date.parse(day) + count * DAY_MS).toISOString().slice(0, 10);
}

// The first instant at which the clock shows this hour of a day; where it never does, null. A day begins at the first
// instant that is in it, also where its clock goes from 23:59 to 1:00.
export function momentOf(day, hour, timeZone) {
  const offset = offsetIn(timeZone);
  const there = Date.parse(day) + hour * HOUR_MS;
  const tried = [there - DAY_MS, there + DAY_MS].map((near) => there - offset(near));
  const fits = hour === 0 ? (each) => dayOf(each, timeZone) === day : (each) => each + offset(each) === there;
  return tried.sort((one, other) => one - other).find(fits) ?? null;
}

// An instant as a field for a time shows it, "2026-01-05T10:00", by the clocks of a time zone; and back.
export function fieldOf(timeZone, instant) {
  const at = Date.parse(instant);
  return new Date(at + offsetIn(timeZone)(at)).toISOString().slice(0, 16);
}

export function instantOfField(timeZone, text) {
  const offset = offsetIn(timeZone);
  const there = Date.parse(`${text}Z`);
  return new Date(there - offset(there - offset(there))).toISOString();
}
