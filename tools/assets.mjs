// Builds the browser's files from widget/src into the package, each with its brotli and gzip forms, which the server
// sends as they are.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const built = join(root, "src/comity/static/comity/built");
const out = `${built}-new`; // a server that runs meanwhile has the old files until all the new ones are there
const source = (name) => join(root, "widget/src", name);
const common = {
  bundle: true,
  minify: true,
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  charset: "utf8",
  legalComments: "none",
  logLevel: "silent",
};

/** Styles of the widget as one text. Its sizes follow the size of type around it: a host's `rem` may be anything. */
async function widgetStyles(name) {
  const made = await build({ ...common, entryPoints: [source(name)], write: false });
  return made.outputFiles[0].text.trim().replace(/(-?(?:\d+\.)?\.?\d+)rem\b/g, "calc($1*var(--_rem))");
}

/** A module that the widget loads when it is needed, under a name that changes with what is in it: never an old one
 *  with a new one, and browsers keep it for good. Its name. */
async function widgetModule(name, styles) {
  const made = await build({
    ...common,
    entryPoints: [source(`${name}/${name}.ts`)],
    format: "esm",
    write: false,
    define: { COMITY_ACTS_STYLES: JSON.stringify(styles) },
  });
  const { contents } = made.outputFiles[0];
  const file = `${name}-${createHash("sha256").update(contents).digest("hex").slice(0, 12)}.js`;
  writeFileSync(join(out, file), contents);
  return file;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
try {
  const modules = {
    acts: await widgetModule("acts", await widgetStyles("acts/acts.css")),
    live: await widgetModule("live", ""),
  };
  await build({
    ...common,
    entryPoints: ["page.ts", "page.css", "desk.css"].map(source),
    outdir: out,
    format: "esm",
    define: { COMITY_ACTS_STYLES: '""', COMITY_MODULES: JSON.stringify({ live: modules.live }) },
  });
  await build({
    ...common,
    entryPoints: [source("comity.ts")],
    outdir: out,
    format: "iife",
    define: { COMITY_STYLES: JSON.stringify(await widgetStyles("widget.css")), COMITY_MODULES: JSON.stringify(modules) },
  });
} catch (error) {
  rmSync(out, { recursive: true, force: true });
  console.error(`error: ${error.message}`);
  process.exit(1);
}
for (const name of readdirSync(out)) {
  const bytes = readFileSync(join(out, name));
  writeFileSync(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  writeFileSync(
    join(out, `${name}.br`),
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  );
}
rmSync(built, { recursive: true, force: true });
renameSync(out, built);
