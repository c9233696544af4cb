// Our account in the languages of the page. What is the same in every language stands but once, in the English text.
const Tellings = (() => {
  // A claim is where its words stand; a mention stands as in English: start, end, and which of the things said it says.
  const passage = (english, { text, mentions, claims }) => ({ ...english, text, mentions, claims: english.claims.map((claim, n) => ({ ...claim, start: claims[n][0], end: claims[n][1] })) });

  // The English account as it is told in another language; a reader's article is in one alone.
  const tell = (article, lang, { title, digest, passages }) => ({ ...article, lang, title, digest, passages: article.passages.map((english, n) => passage(english, passages[n])) });

  return { tell };
})();
