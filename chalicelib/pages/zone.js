// Days in the time zone of a plant, of which the browser may know nothing but its name.

export const DAY_MS = 86_400_000;

// When today begins in a time zone, or the day so many days after it.
export function startOfDay(timeZone, days = 0) {
  const offset = offsetIn(timeZone);
  const day = Math.floor((Date.now() + offset(Date.now())) / DAY_MS + days) * DAY_MS;
  return new Date(day - offset(day - offset(day)));
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

// An instant as a field for a time shows it, "2026-01-05T10:00", by the clocks of a time zone; and back.
export function fieldOf(timeZone, instant) {
  return wall(timeZone, Date.parse(instant)).slice(0, 16).replace(" ", "T");
}

export function instantOfField(timeZone, text) {
  const there = Date.parse(`${text}Z`);
  return new Date(there - offset(timeZone, there - offset(timeZone, there))).toISOString();
}
