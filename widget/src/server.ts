// Where the server is, and how its words become nodes: only this module turns text into markup.

interface Policy {
  createHTML(text: string): unknown;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): Policy;
}

/** The page's content policy lets no policy named `comity` be made. */
export class Refused extends Error {}

function scriptAddress(): string {
  const running = document.currentScript;
  if (running instanceof HTMLScriptElement && running.src) return running.src;
  const written = document.querySelector<HTMLScriptElement>('script[src*="/embed/comity.js"]');
  return written?.src ?? location.href;
}

/** What stands before every address of the server: the script's own address without `embed/comity.js`. */
export const BASE = new URL("..", scriptAddress()).href;

declare const COMITY_MODULES: Record<string, string>;

let failures = 0;

/** A module that was built with this script: its name says what is in it, so that browsers keep it for good. Browsers
 *  remember that an address failed; another try has another one. */
export async function loadModule<Module>(name: string): Promise<Module> {
  const address = new URL(`embed/${COMITY_MODULES[name] ?? name}`, BASE);
  if (failures > 0) address.search = String(failures);
  try {
    return (await import(address.href)) as Module;
  } catch (error) {
    failures += 1;
    throw error;
  }
}

let policy: Policy | undefined;

/** What the server said, as a document that runs nothing; its addresses are made whole. */
export function parse(text: string): Document {
  const factory = (globalThis as unknown as { trustedTypes?: PolicyFactory }).trustedTypes;
  let trusted: unknown = text;
  try {
    policy ??= factory?.createPolicy("comity", { createHTML: (words) => words });
    trusted = policy ? policy.createHTML(text) : text;
  } catch {
    throw new Refused();
  }
  const page = new DOMParser().parseFromString(trusted as string, "text/html");
  makeWhole(page);
  return page;
}

function makeWhole(part: ParentNode): void {
  for (const name of ["href", "action", "formaction", "data-mine", "data-live", "data-changes"]) {
    for (const element of part.querySelectorAll(`[${name}]`)) {
      const address = element.getAttribute(name) ?? "";
      if (address && !address.startsWith("#")) element.setAttribute(name, new URL(address, BASE).href);
    }
  }
}

/** An address below the server's, with those of the parameters that say something. */
export function serverAddress(path: string, parameters: Iterable<readonly [string, string | null | undefined]>): string {
  const address = new URL(path, BASE);
  for (const [name, value] of parameters) if (value) address.searchParams.append(name, value);
  return address.href;
}
