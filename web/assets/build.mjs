// Builds web/static/built from web/assets and the two packages the browser needs.
//
// app.scss becomes one compressed app.css; every *.js beside this file and GOV.UK Frontend's own module are copied;
// the icon is drawn in the sizes that telephones ask for; the fonts are copied in the subsets and weights that Vietnamese and English need. GOV.UK Frontend's assets folder
// (crown, crests, GDS Transport) is left behind. The licences of what is copied go along.

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";
import { icon } from "./icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const packages = join(root, "node_modules");
const target = join(root, "web", "static", "built");
const fresh = `${target}.new`;

rmSync(fresh, { recursive: true, force: true });
for (const folder of ["fonts", "licences"]) mkdirSync(join(fresh, folder), { recursive: true });

const compiled = sass.compile(join(here, "app.scss"), {
  style: "compressed",
  charset: true,
  quietDeps: true, // what GOV.UK Frontend will have to change is not ours to read at every build
  importers: [new sass.NodePackageImporter(root)],
  loadPaths: [here, packages],
});
// The footer's crest belongs to another government: its rules go, and nothing of the kind may come in again.
const css = compiled.css.replace(/[^{}]*\.govuk-footer__(?:copyright-logo|crown)[^{}]*\{[^{}]*\}/g, "");
const unwanted = [
  [/GDS Transport/, "the font GDS Transport"],
  [/crown|crest/i, "a crown or a crest"],
  [/url\(["']?(?:data:|\/\/|https?:)/, "something that the content security policy forbids"],
];
for (const [sign, what] of unwanted) if (sign.test(css)) throw new Error(`app.css names ${what}`);
writeFileSync(join(fresh, "app.css"), css);

for (const name of readdirSync(here).filter((file) => file.endsWith(".js"))) cpSync(join(here, name), join(fresh, name));
const module = readFileSync(join(packages, "govuk-frontend/dist/govuk/govuk-frontend.min.js"), "utf8");
writeFileSync(join(fresh, "govuk-frontend.min.js"), module.replace(/^\/\/# sourceMappingURL=.*$/m, ""));

for (const pixels of [180, 192, 512]) writeFileSync(join(fresh, `icon-${pixels}.png`), icon(pixels));
writeFileSync(join(fresh, "icon-full-512.png"), icon(512, { full: true }));

const font = join(packages, "@fontsource/be-vietnam-pro");
for (const subset of ["latin", "vietnamese"]) {
  for (const weight of [400, 700]) {
    const name = `be-vietnam-pro-${subset}-${weight}-normal.woff2`;
    cpSync(join(font, "files", name), join(fresh, "fonts", name));
  }
}
cpSync(join(font, "LICENSE"), join(fresh, "licences", "be-vietnam-pro.txt"));
const govuk = JSON.parse(readFileSync(join(packages, "govuk-frontend/package.json"), "utf8"));
writeFileSync(
  join(fresh, "licences", "govuk-frontend.txt"),
  `govuk-frontend ${govuk.version}, ${govuk.license} licence, Crown Copyright (Government Digital Service)\n`,
);

for (const [, url] of css.matchAll(/url\(["']?([^"')]+)/g)) {
  if (!existsSync(join(fresh, url))) throw new Error(`app.css asks for ${url}, which is not built`);
}
rmSync(target, { recursive: true, force: true });
renameSync(fresh, target);
