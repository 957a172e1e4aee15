/** Tokens of every demo model: what their config.json says. */
export const demoVocabularySize = 64;
