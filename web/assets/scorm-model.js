// The run time of SCORM 1.2 as a lesson meets it: eight functions, answered at once from memory.
//
// `table` is the data model (training/scorm/elements.py), `start` the values as the sitting begins, and `tell` is called
// with what happened ("changed", "commit", "finish") and everything that the lesson wrote. Nothing here asks a network,
// and nothing throws: a lesson is told by the error codes of the standard, 3.3.3.

const SAID = {
  0: "No error",
  101: "General exception",
  201: "Invalid argument error",
  202: "Element cannot have children",
  203: "Element not an array - cannot have count",
  301: "Not initialized",
  401: "Not implemented error",
  402: "Invalid set value, element is a keyword",
  403: "Element is read only",
  404: "Element is write only",
  405: "Incorrect data type",
};
const KEYWORDS = new Set(["_children", "_count", "_version"]);
const INDEX = /^(?:0|[1-9][0-9]{0,3})$/;
const NOT_KEPT = "cmi.interactions.";

export function fits(kind, value) {
  if (value === "") return kind.blank;
  if (kind.words.length) return kind.words.includes(value);
  if (value.length > kind.longest || value.includes("\0") || /[\ud800-\udfff]/u.test(value)) return false;
  if (kind.pattern && !new RegExp(`^(?:${kind.pattern})$`).test(value)) return false;
  return kind.low === null || (kind.low <= Number(value) && Number(value) <= kind.high);
}

export function makeApi(table, start, tell) {
  const elements = new Map(Object.entries(table.elements));
  const children = new Map(Object.entries(table.children));
  const counted = new Map(Object.entries(table.counted));
  const values = new Map(Object.entries(start));
  const counts = new Map();
  const written = new Map();
  let state = "new";
  let error = "0";

  for (const [name, value] of values) {
    const { shape, indexes } = parsed(name);
    const element = elements.get(shape);
    if (element?.access.includes("w") && value !== "" && fits(element, value)) written.set(name, value);
    if (shape.startsWith("cmi.objectives.n.")) {
      counts.set("cmi.objectives", Math.max(counts.get("cmi.objectives") ?? 0, indexes[0].number + 1));
    }
  }

  // The name with `n` for each index, and for each index how many there are of what (by name and by shape).
  function parsed(name) {
    const parts = name.split(".");
    const indexes = [];
    const shape = parts.map((part, at) => {
      if (at < 2 || !INDEX.test(part)) return part === "n" ? "" : part;
      return "n";
    });
    shape.forEach((part, at) => {
      if (part === "n") {
        const of = parts.slice(0, at).join(".");
        indexes.push({ of, shape: shape.slice(0, at).join("."), number: Number(parts[at]) });
      }
    });
    return { shape: shape.join("."), indexes };
  }

  const known = (shape) =>
    elements.has(shape) || children.has(shape) || [...elements.keys()].some((name) => name.startsWith(`${shape}.`));

  // The error of an index that is not there; writing, the next one may begin.
  function misplaced(indexes, writing) {
    for (const { of, shape, number } of indexes) {
      const there = counts.get(of) ?? 0;
      if (number < there) continue;
      if (!writing || number > there) return "201";
      if (number >= (counted.get(shape) ?? 0)) return "101";
    }
    return "0";
  }

  function asked(name) {
    if (typeof name !== "string" || name === "") return ["201", ""];
    if (name === "cmi._version") return ["0", table.version];
    const { shape, indexes } = parsed(name);
    const cut = shape.lastIndexOf(".");
    const [base, last] = [shape.slice(0, cut), shape.slice(cut + 1)];
    if (KEYWORDS.has(last)) {
      if (!known(base)) return ["401", ""];
      const wrong = misplaced(indexes, false);
      if (wrong !== "0") return [wrong, ""];
      if (last === "_children") return children.has(base) ? ["0", children.get(base)] : ["202", ""];
      if (last === "_version") return ["401", ""];
      return counted.has(base) ? ["0", String(counts.get(name.slice(0, -"._count".length)) ?? 0)] : ["203", ""];
    }
    const element = elements.get(shape);
    if (!element) return [known(shape) ? "201" : "401", ""];
    const wrong = misplaced(indexes, false);
    if (wrong !== "0") return [wrong, ""];
    if (element.access === "w") return ["404", ""];
    return ["0", values.get(name) ?? element.default];
  }

  function set(name, given) {
    if (typeof name !== "string" || name === "" || given === undefined || given === null) return "201";
    const value = String(given);
    const { shape, indexes } = parsed(name);
    const cut = shape.lastIndexOf(".");
    if (KEYWORDS.has(shape.slice(cut + 1))) return known(shape.slice(0, cut)) ? "402" : "401";
    const element = elements.get(shape);
    if (!element) return known(shape) ? "201" : "401";
    if (element.access === "r") return "403";
    const wrong = misplaced(indexes, true);
    if (wrong !== "0") return wrong;
    if (!fits(element, value)) return "405";
    for (const { of, number } of indexes) counts.set(of, Math.max(counts.get(of) ?? 0, number + 1));
    if (!shape.startsWith(NOT_KEPT)) {
      values.set(name, value);
      written.set(name, value);
    }
    return "0";
  }

  // Runs `done` where the lesson may ask; whatever goes wrong is 101, and never an exception in the lesson.
  function answer(failed, done) {
    try {
      if (state !== "running") {
        error = "301";
        return failed;
      }
      const [code, value] = done();
      error = code;
      return code === "0" ? value : failed;
    } catch {
      error = "101";
      return failed;
    }
  }

  const nothing = (given) => given === "" || given === undefined || given === null;
  const report = (what) => tell(what, Object.fromEntries(written));

  return {
    LMSInitialize(given) {
      if (!nothing(given)) error = "201";
      else if (state !== "new") error = "101";
      else {
        state = "running";
        error = "0";
        return "true";
      }
      return "false";
    },
    LMSFinish: (given) =>
      answer("false", () => {
        if (!nothing(given)) return ["201"];
        state = "finished";
        report("finish");
        return ["0", "true"];
      }),
    LMSGetValue: (name) => answer("", () => asked(name)),
    LMSSetValue: (name, value) =>
      answer("false", () => {
        const code = set(name, value);
        if (code === "0") report("changed");
        return [code, "true"];
      }),
    LMSCommit: (given) =>
      answer("false", () => {
        if (!nothing(given)) return ["201"];
        report("commit");
        return ["0", "true"];
      }),
    LMSGetLastError: () => error,
    LMSGetErrorString: (code) => (typeof code === "symbol" ? "" : (SAID[text(code)] ?? "")),
    LMSGetDiagnostic: (code) => (nothing(code) ? SAID[error] : (SAID[text(code)] ?? "")),
  };
}

// A code as text, whatever was given for one: an object may throw when it is asked for its text.
function text(code) {
  try {
    return String(code);
  } catch {
    return "";
  }
}
