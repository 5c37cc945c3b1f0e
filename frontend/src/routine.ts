// A routine: exercises one after the other, with how much of each.
import type { Exercise, RoutineItem } from "./protocol";
import { plainNumber, times } from "./words";

/** As the server has them. */
export const LIMITS = {
  sets: { least: 1, most: 20 },
  times: { least: 1, most: 200 },
  hold_s: { least: 0, most: 600 },
  rest_s: { least: 0, most: 600 },
} as const;
export type Amount = keyof typeof LIMITS;

const REST_S = 30;

/** An exercise with the gentlest numbers of the documents. */
export function gentlest(exercise: Exercise): RoutineItem {
  const { dosage } = exercise;
  const sets = dosage?.sets ?? 1;
  return {
    exercise: exercise.id,
    sets,
    times: dosage?.times ?? 1,
    hold_s: dosage?.hold_s ?? (exercise.kind === "repetitions" ? 0 : null),
    rest_s: dosage?.rest_s ?? REST_S,
  };
}

/** A typed number within its limits; null when it is none. */
export function readAmount(amount: Amount, text: string): number | null {
  const value = Number(text.trim().replace(",", "."));
  if (text.trim() === "" || !Number.isFinite(value)) return null;
  const { least, most } = LIMITS[amount];
  const whole = amount === "sets" || amount === "times" ? Math.round(value) : value;
  return Math.min(most, Math.max(least, whole));
}

export function moveItem<T>(items: readonly T[], from: number, by: -1 | 1): T[] {
  const to = from + by;
  const moved = [...items];
  const one = moved[from];
  const other = moved[to];
  if (one === undefined || other === undefined) return moved;
  moved[from] = other;
  moved[to] = one;
  return moved;
}

/** "2 sets of 10 times on each side, held for 5 s, 30 s of rest between." */
export function inWords(item: RoutineItem, eachSide: boolean): string {
  const often = item.times === null ? "" : item.times === 1 ? "once" : times(item.times, "time");
  const sets = item.sets !== null && item.sets > 1 ? `${item.sets} sets of ${often}` : often;
  return [
    `${sets}${eachSide ? " on each side" : ""}`,
    item.hold_s ? `held for ${plainNumber(item.hold_s)} s` : "",
    item.sets !== null && item.sets > 1 && item.rest_s ? `${plainNumber(item.rest_s)} s of rest between` : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}
