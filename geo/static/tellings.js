// Our account in the languages of the page. What is the same in every language stands but once, in the English text.
const Tellings = (() => {
  // A claim is where its words stand; a mention too, with the number of the English one that says the same, or says all.
  function passage(english, { text, mentions, claims }) {
    return {
      ...english,
      text,
      mentions: mentions.map((mention) => { if (!Array.isArray(mention)) return mention; const [start, end, n] = mention; return { ...english.mentions[n], start, end }; }),
      claims: english.claims.map((claim, n) => ({ ...claim, start: claims[n][0], end: claims[n][1] })),
    };
  }

  // The English account as it is told in another language; a reader's article is in one alone.
  const tell = (article, lang, { title, digest, passages }) => ({ ...article, lang, title, digest, passages: article.passages.map((english, n) => passage(english, passages[n])) });

  return { tell };
})();
