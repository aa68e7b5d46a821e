// What a host may style from outside by `::part()`; docs/embedding.md lists them.

const PARTS: readonly (readonly [part: string, selector: string])[] = [
  ["head", ".comity-head"],
  ["count", ".comity-count"],
  ["sort", ".comity-sort"],
  ["composer", ".comity-composer"],
  ["form", ".comity-form"],
  ["field", ".comity-field :is(input, textarea)"],
  ["button", ".comity-button"],
  ["comments", "[data-comity-list]"],
  ["comment", ".comity-comment"],
  ["name", ".comity-name"],
  ["badge", ".comity-badge"],
  ["time", ".comity-when"],
  ["body", ".comity-body"],
  ["actions", ".comity-acts"],
  ["replies", ".comity-replies"],
  ["notice", ".comity-notice"],
  ["error", ".comity-error, .comity-problem"],
];

export function nameParts(root: ParentNode): void {
  for (const [part, selector] of PARTS) for (const each of root.querySelectorAll(selector)) each.part.add(part);
}
