// Ink and paper are the host's: read from the page as it stands, so that any theme works.

type Theme = "auto" | "light" | "dark";

const channels = (colour: string): number[] => (colour.match(/-?[\d.]+%?/g) ?? []).map((each) => parseFloat(each));

/** How light a computed colour is, from 0 to 1; null for one that is written in a way not known here. */
function lightness(colour: string): number | null {
  const [first = 0, second = 0, third = 0] = channels(colour.replace(/^color\([\w-]+/, ""));
  if (/^rgb/.test(colour)) return (0.2126 * first + 0.7152 * second + 0.0722 * third) / 255;
  if (/^(oklab|oklch)/.test(colour)) return first > 1 ? first / 100 : first;
  if (/^(lab|lch)/.test(colour)) return first / 100;
  if (/^color\(/.test(colour)) return 0.2126 * first + 0.7152 * second + 0.0722 * third;
  return null;
}

function isSolid(colour: string): boolean {
  if (colour === "transparent") return false;
  const alpha = /[,/]\s*([\d.]+%?)\s*\)$/.exec(colour);
  const count = channels(colour.replace(/^color\([\w-]+/, "")).length;
  return count < 4 || alpha === null || parseFloat(alpha[1] ?? "1") > 0;
}

function paperBehind(element: Element): string {
  let at: Element | null = element;
  while (at) {
    const colour = getComputedStyle(at).backgroundColor;
    if (isSolid(colour)) return colour;
    const root: Node = at.getRootNode();
    at = at.assignedSlot ?? at.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  }
  return "Canvas";
}

/** Take the host's ink, paper and size of type over into the frame, and say whether it is dark. */
export function takeColours(host: HTMLElement, frame: HTMLElement, theme: Theme): void {
  const style = getComputedStyle(host);
  frame.style.setProperty("--_rem", style.fontSize);
  let dark = theme === "dark";
  frame.classList.toggle("comity-themed", theme !== "auto");
  if (theme === "auto") {
    dark = (lightness(style.color) ?? 0) > 0.5;
    frame.style.setProperty("--_host-ink", style.color);
    frame.style.setProperty("--_host-paper", paperBehind(host));
  } else {
    frame.style.removeProperty("--_host-ink");
    frame.style.removeProperty("--_host-paper");
  }
  frame.classList.toggle("comity-dark", dark);
}

/** Call back when the page's theme may have changed, until told to stop. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  const filter = { attributes: true, attributeFilter: ["class", "style", "data-theme", "data-mode", "data-bs-theme"] };
  observer.observe(document.documentElement, filter);
  if (document.body) observer.observe(document.body, filter);
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", changed);
  };
}
