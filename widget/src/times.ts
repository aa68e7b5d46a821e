// Times become relative; the full date stays in the title, and comes back with the pointer or the focus.

import { digitsOf } from "./numbers";

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number, number])[] = [
  ["second", 1, 60],
  ["minute", 60, 60],
  ["hour", 3600, 24],
  ["day", 86400, 14],
];

export function showTimes(root: ParentNode, language: string): void {
  const format = new Intl.RelativeTimeFormat(digitsOf(language), { numeric: "auto" });
  for (const time of root.querySelectorAll<HTMLTimeElement>(".comity-when time, time.comity-when")) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
    const step = STEPS.find(([, size, end]) => seconds / size < end);
    time.title ||= time.textContent ?? "";
    if (step === undefined || Number.isNaN(seconds)) {
      time.textContent = time.title;
      continue;
    }
    const [unit, size] = step;
    time.textContent = format.format(-Math.max(0, Math.floor(seconds / size)), unit);
  }
}
