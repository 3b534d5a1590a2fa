// What /static/words.js gives: the words of the scripts, made from web/words/en.toml.

export const words: Record<string, string>;
