// Numbers in words, as formcheck/report/words.py has them.

/** A time of the session as minutes and seconds: 75.25 is 1:15; before the beginning is 0:00. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds + 1e-9));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function times(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A number without needless digits: 5 or 2.5. */
export function plainNumber(value: number): string {
  return String(Math.round(10 * value) / 10);
}

export function unitName(unit: string): string {
  const [name = "", per] = unit.split("/");
  const word = { deg: "°", s: " s", m: " m" }[name] ?? ` ${name.replaceAll("_", " ")} lengths`;
  return per === undefined ? word : `${word}/s`;
}

/** A measure as exact as the tracker is, with its unit. */
export function amount(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "not known";
  const digits = unit.startsWith("deg") ? 0 : unit === "s" ? 1 : 2;
  return `${(Number(value.toFixed(digits)) + 0).toFixed(digits)}${unitName(unit)}`;
}

/** A spec's name of a measure without its underscores. */
export function plainName(name: string): string {
  return name.replace(/_s$/, "").replaceAll("_", " ");
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
