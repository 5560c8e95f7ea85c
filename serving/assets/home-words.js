// What the page of the service says beside the words of page-words.js and compare-words.js, in both languages.

Object.assign(WORDS.zh, {
  titleHome: "法治报告标注", drop: "把报告拖到这里,或", choose: "选择文件", write: "粘贴文字", pasted: "报告全文", tag: "标注",
  mark: "标出得到主题的字句", key: "访问密钥", reading: "阅读", comparison: "两份对照", export: "导出", annotator: "姓名",
  download: "下载 examples.jsonl", views: "视图", private: "文字只送到本服务,不保存。", docs: "接口文档",
  waiting: "等待", tagging: "正在标注…", marking: "正在标出字句…", retry: "重试", remove: "移除", notTagged: "未标注",
  confirm: "确认", undo: "撤销", correct: "更正", judged: "已核", judgedHint: "由人核对,将写入 examples.jsonl",
  correction: "更正", comparing: "正在对照…", pastedName: "粘贴的文字",
  noteHome: "确认或更正过的段落才写入 examples.jsonl;导出的表格和网页是模型的结果,不含更正。",
});
Object.assign(WORDS.en, {
  titleHome: "Tag reports", drop: "Drop reports here, or", choose: "Choose files", write: "Paste text", pasted: "Text of the report",
  tag: "Tag", mark: "Mark the words that earned each theme", key: "API key", reading: "Read", comparison: "Compare two",
  export: "Export", annotator: "your name", download: "Download examples.jsonl", views: "View",
  private: "Text is sent to this service only, and not stored.", docs: "API documentation",
  waiting: "waiting", tagging: "tagging…", marking: "marking words…", retry: "Try again", remove: "Remove", notTagged: "not tagged",
  confirm: "confirm", undo: "undo", correct: "correct", judged: "checked", judgedHint: "checked by a person; goes into examples.jsonl",
  correction: "Correction", comparing: "comparing…", pastedName: "pasted text",
  noteHome: "Only paragraphs that you confirmed or corrected go into examples.jsonl; exported tables and pages hold the "
    + "model's results, without corrections.",
});

// Sentences with numbers in them, and what went wrong by the status of the answer; 0 where none came.
Object.assign(SENTENCES.zh, {
  kinds: (endings, mega) => `${endings} · 每个文件不超过 ${mega} MB`,
  tagged: (reports, all, body) => `${reports > 1 ? `${reports} 份报告,` : ""}${all} 段(正文 ${body})`,
  leftOut: (many) => `${many} 个其他格式的文件未读`,
  votes: (many) => `已核 ${many} 段`,
  problem: {
    0: () => "连不上服务,请检查它是否在运行", 401: () => "需要访问密钥,或密钥不对", 403: () => "服务不接受此页的请求",
    413: () => "内容太多", 415: () => "不是报告的格式", 422: () => "无法读取", 429: (seconds) => `服务繁忙,${seconds} 秒后再试`,
    503: () => "服务暂时不可用,稍后再试", 504: () => "未能按时完成", stale: () => "模型已更换,请重试",
    other: (seconds, status) => `服务出错(${status})`,
  },
});
Object.assign(SENTENCES.en, {
  kinds: (endings, mega) => `${endings} · up to ${mega} MB a file`,
  tagged: (reports, all, body) => `${reports > 1 ? `${reports} reports, ` : ""}${all} paragraphs (${body} body)`,
  leftOut: (many) => `${many} file${many === 1 ? "" : "s"} of other formats not read`,
  votes: (many) => `${many} checked`,
  problem: {
    0: () => "The service cannot be reached: is it running?", 401: () => "An API key is needed, or this one is wrong",
    403: () => "The service refuses this page", 413: () => "Too much at once", 415: () => "Not a format of reports",
    422: () => "Cannot be read", 429: (seconds) => `The service is busy: try again in ${seconds} s`,
    503: () => "Not available now: try again later", 504: () => "Not done in time", stale: () => "The model was exchanged: try again",
    other: (seconds, status) => `The service failed (${status})`,
  },
});
