// Builds dist/: the page, and its script, its style and the tracker's worker under names that hold their
// hash; the server compresses them. MediaPipe's WebAssembly is served from its package.
// `--tests` builds the unit tests to build/tests/ instead, for `node --test`.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";

const here = import.meta.dirname;
const path = (...parts) => join(here, ...parts);

const common = {
  bundle: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
  legalComments: "none",
};

// MediaPipe's JavaScript reads x, y, z and visibility of a landmark, but not its presence, which is the
// next field of the same message, which its Python gives, and which our engine judges by.
const presence = {
  name: "presence",
  setup(esbuild) {
    esbuild.onLoad({ filter: /tasks-vision.vision_bundle\.mjs$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const reader = /visibility:(\w+)\((\w+),4\)\?\?0/g;
      const contents = source.replace(reader, "$&,presence:$1($2,5)??0");
      if (contents === source) throw new Error("MediaPipe's landmarks are read in another way now");
      return { contents, loader: "js" };
    });
  },
};

const hash = (data) => createHash("sha256").update(data).digest("hex").slice(0, 10);

async function asset(entry, define = {}) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [path("src", entry)],
    minify: true,
    write: false,
    define,
    plugins: [presence],
  });
  const data = outputFiles[0].contents;
  const extension = extname(entry) === ".ts" ? ".js" : extname(entry);
  const name = `${basename(entry, extname(entry))}-${hash(data)}${extension}`;
  await writeFile(path("dist", "assets", name), data);
  return name;
}

async function page() {
  await rm(path("dist"), { recursive: true, force: true });
  await mkdir(path("dist", "assets"), { recursive: true });
  const worker = await asset("tracker_worker.ts");
  const names = {
    "{{script}}": await asset("main.ts", { WORKER: JSON.stringify(worker) }),
    "{{style}}": await asset("live.css"),
  };
  let html = await readFile(path("src", "live.html"), "utf8");
  for (const [mark, name] of Object.entries(names)) html = html.replaceAll(mark, `live/assets/${name}`);
  await writeFile(path("dist", "live.html"), html);
}

async function tests() {
  await rm(path("build"), { recursive: true, force: true });
  const names = (await readdir(path("tests"))).filter((name) => name.endsWith(".test.ts"));
  await build({
    ...common,
    entryPoints: names.map((name) => path("tests", name)),
    outdir: path("build", "tests"),
    outExtension: { ".js": ".mjs" },
    platform: "node",
    sourcemap: "inline",
  });
}

await (process.argv.includes("--tests") ? tests() : page());
