// What the comparison says beside the words of page-words.js, in both languages.

Object.assign(WORDS.zh, {
  titleCompared: "法治报告对照", skipToThemes: "跳到主题", sections: "部分",
  shareOfText: "占正文字数的比例 · 正文段落数", order: "排序", scheme: "按体系", size: "按占比", change: "按差值",
  unfound: "未见的主题,与最接近的段落", notFound: "未见", headingOnly: "仅见于小标题",
  allFound: "每边、每份报告都见到全部主题。",
  sameReports: "各边是相同的报告:所有差值为零。",
  rule: "正文指小标题以外的全部段落。占比 = 带该主题的正文段落的字数 ÷ 全部正文字数(清洗后的文字)。一段有两个主题,"
    + "两边都计,所以各占比之和可以超过 100%。见到与否,小标题也算。差值为末边减首边,单位是百分点。",
});
Object.assign(WORDS.en, {
  titleCompared: "Reports compared", skipToThemes: "Skip to the themes", sections: "Sections",
  shareOfText: "share of body text · body paragraphs", order: "order", scheme: "scheme", size: "by share", change: "by difference",
  unfound: "Themes not found, and the nearest paragraph", notFound: "not found", headingOnly: "in a heading only",
  allFound: "Every theme is found on every side and in every report.",
  sameReports: "The same reports stand on every side: all differences are zero.",
  rule: "Body is every paragraph but headings. Share = characters of the body paragraphs with the theme ÷ characters of "
    + "all body paragraphs (cleaned text). A paragraph with two themes counts in both, so shares may add up to more than "
    + "100%. A theme in a heading counts as found. A difference is the last side less the first, in percentage points.",
});

// Sentences with numbers in them.
Object.assign(SENTENCES.zh, {
  side: (reports, body, characters) => `${reports} 份报告 · 正文 ${body} 段 ${characters} 字`,
  skipped: (many) => `${many} 份未能读取,不在对照之内`,
  shared: (many) => `${many} 份报告不止在一边。`,
  both: (many, all) => `${all} 个主题中,各边都见到的有 ${many} 个。`,
  only: (letter) => `只在 ${letter} 见到:`,
  nowhere: () => "各边都未见:",
  paragraphs: (many) => `${many} 段`,
  reports: (many, all) => `${many}/${all} 份`,
  difference: (last) => `差 ${last}−A`,
  points: (figure) => `${figure} 点`,
});
Object.assign(SENTENCES.en, {
  side: (reports, body, characters) => `${reports} report${reports === 1 ? "" : "s"} · body: ${body} paragraphs, ${characters} characters`,
  skipped: (many) => `${many} could not be read and ${many === 1 ? "is" : "are"} not compared`,
  shared: (many) => `${many} report${many === 1 ? " stands" : "s stand"} on more than one side.`,
  both: (many, all) => `${many} of ${all} themes are found on every side.`,
  only: (letter) => `Found only in ${letter}:`,
  nowhere: () => "Found on no side:",
  paragraphs: (many) => `${many} ¶`,
  reports: (many, all) => `${many}/${all} reports`,
  difference: (last) => `${last}−A`,
  points: (figure) => `${figure} pp`,
});
