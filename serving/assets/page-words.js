// What the page says, in both languages; names of themes and sections come from the scheme.
"use strict";

const WORDS = {
  zh: {
    title: "法治报告标注结果", skip: "跳到段落", report: "报告", all: "全部报告", search: "搜索",
    searching: "搜索原文、净文、标题   /", language: "English", outline: "目录", themes: "主题", section: "部分",
    band: "把握", none: "无主题", sure: "可信", check: "待核", clear: "清除筛选", both: "对照:原文 | 净文",
    share: "段数与占正文段落的比例(不含小标题;一段有两个主题时各计一次)",
    scores: "分数", original: "原文", clean: "净文", same: "与净文相同", damaged: "原文有损", threshold: "阈值",
    empty: "没有符合条件的段落。", model: "模型", place: "字符", untitled: "无标题",
    checkHint: "有分数接近阈值,或部分不够确定,请人核对", earned: "去掉这几个字,分数降得最多",
    explained: "下划线:去掉后该主题分数降得最多的字;指向主题标签,显示所在的句子",
    missing: "未见的主题", noneMissed: "全部主题都见到。", nearest: "最接近", noneMay: "无可判断的段落",
    careful: "“未见”指没有一段达到该主题的阈值。模型可能漏判,请看最接近的段落再下结论;不等于报告没有写。",
  },
  en: {
    title: "Tagged reports", skip: "Skip to the paragraphs", report: "Report", all: "All reports", search: "Search",
    searching: "Search text and headings   /", language: "中文", outline: "Outline", themes: "Themes",
    section: "Section", band: "Band", none: "No theme", sure: "sure", check: "check", clear: "Clear filters",
    both: "Compare: original | cleaned",
    share: "paragraphs and share of body paragraphs (headings excluded; two themes count twice)",
    scores: "scores", original: "original", clean: "cleaned", same: "same as cleaned", damaged: "damaged",
    threshold: "threshold", empty: "No paragraph fits these filters.", model: "model", place: "characters",
    untitled: "untitled", checkHint: "a score is near its threshold or the section is in doubt: please check",
    earned: "without these words the score falls most",
    explained: "underlined: the words without which a theme's score falls most; point at a theme to see their sentence",
    missing: "Themes not found", noneMissed: "Every theme is found.", nearest: "nearest",
    noneMay: "no paragraph that may carry themes",
    careful: "“Not found” means that no paragraph reached the theme's threshold. The model may have missed it: read the "
      + "nearest paragraph before you conclude. It does not mean that the report lacks the theme.",
  },
};

// Sentences with numbers in them.
const SENTENCES = {
  zh: {
    count: (shown, all, body) => `显示 ${shown} 段(正文 ${body}),共 ${all} 段`,
    all: (reports) => `全部报告(${reports} 份)`,
    place: (index) => `第 ${index} 段`,
    partly: (many, all) => `${all} 份报告中 ${many} 份未见`,
  },
  en: {
    count: (shown, all, body) => `${shown} of ${all} paragraphs shown (${body} body)`,
    all: (reports) => `All reports (${reports})`,
    place: (index) => `paragraph ${index}`,
    partly: (many, all) => `not found in ${many} of ${all} reports`,
  },
};
