"""The words around the pages, in three languages."""

SEARCH = {"en": "Search", "ko": "검색", "zh": "搜索"}
FALLBACK = {
    "ko": "이 페이지는 아직 한국어판이 없어 영어 원문을 보여 줍니다.",
    "zh": "本页还没有中文版，以下是英文原文。",
}
BUTTONS = {
    "en": ("Download notebook", "Open in Colab"),
    "ko": ("노트북 내려받기", "Colab에서 열기"),
    "zh": ("下载笔记本", "在Colab中打开"),
}
NAV = {
    "en": {},
    "ko": {
        "Home": "홈",
        "Notes": "노트",
        "Homework": "과제",
        "Reference": "찾아보기",
        "API": "API 문서",
    },
    "zh": {
        "Home": "首页",
        "Notes": "笔记",
        "Homework": "作业",
        "Reference": "参考",
        "API": "API文档",
    },
}
ADMONITIONS = {
    "Source": {"en": "Source", "ko": "출처", "zh": "出处"},
    "Differs": {"en": "Differs", "ko": "차이점", "zh": "差异"},
    "Differs:": {"en": "Differs", "ko": "차이점", "zh": "差异"},
    "Note": {"en": "Note", "ko": "참고", "zh": "注意"},
    "Tip": {"en": "Tip", "ko": "도움말", "zh": "提示"},
    "Warning": {"en": "Warning", "ko": "주의", "zh": "警告"},
    "Example": {"en": "Example", "ko": "예시", "zh": "示例"},
}
