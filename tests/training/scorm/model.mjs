// Runs the browser's model of SCORM (web/assets/scorm-model.js) under node: a line of JSON in, a line of JSON out.
//
// In: {"table", "start", "calls": [[name, ...arguments], ...]}. Out: what each call answered, with the error code after it
// (or what it threw), and everything that was told.

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { makeApi } = await import(pathToFileURL(process.argv[2]));

for await (const line of createInterface({ input: process.stdin })) {
  const { table, start, calls } = JSON.parse(line);
  const told = [];
  const api = makeApi(table, start, (what, values) => told.push([what, values]));
  const answers = calls.map(([name, ...given]) => {
    try {
      return [api[name](...given), api.LMSGetLastError()];
    } catch (thrown) {
      return ["threw", String(thrown)];
    }
  });
  console.log(JSON.stringify({ answers, told }));
}
