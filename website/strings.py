"""The words of the generated pages, in three languages."""

STRINGS = {
    "facts": {
        "en": "Before: {before} · After: {after} · "
        "about {minutes} minutes · difficulty {difficulty} of 5",
        "ko": "먼저: {before} · 다음: {after} · 약 {minutes}분 · 난이도 {difficulty}/5",
        "zh": "先读：{before} · 后读：{after} · 约{minutes}分钟 · 难度{difficulty}/5",
    },
    "path_title": {
        "en": "Reading orders",
        "ko": "읽는 순서",
        "zh": "阅读顺序",
    },
    "path_intro": {
        "en": "{count} papers, in orders that make each one easy: a paper "
        "stands after everything that it needs. Filled boxes are written, "
        "dashed ones are planned.",
        "ko": "논문 {count}편을 저마다 쉽게 읽히는 순서로 놓았습니다. 논문은 "
        "자신에게 필요한 논문보다 뒤에 옵니다. 색을 채운 상자는 쓴 것이고, "
        "점선 상자는 예정된 것입니다.",
        "zh": "{count}篇论文，排成读起来最省力的顺序：一篇论文总排在它所依赖的"
        "论文之后。实心框是已写好的，虚线框是计划中的。",
    },
    "map_alt": {
        "en": "Map of the reading orders: one row for each order, from left "
        "to right; the lists below say the same in words",
        "ko": "읽는 순서의 지도. 한 줄이 한 순서이고 왼쪽에서 오른쪽으로 "
        "읽습니다. 아래 목록이 같은 내용을 글로 보여 줍니다",
        "zh": "阅读顺序图：每行一条路线，从左到右；下面的列表用文字写出同样的内容",
    },
    "more": {
        "en": "Beside the orders",
        "ko": "순서 밖의 논문",
        "zh": "路线之外",
    },
    "plan_title": {
        "en": "A plan for a study group",
        "ko": "스터디 그룹을 위한 주간 계획",
        "zh": "学习小组的周计划",
    },
    "plan_intro": {
        "en": "One meeting a week. Everybody reads the notes and does the "
        "homework before it; the meeting is for questions.",
        "ko": "일주일에 한 번 모입니다. 노트는 미리 읽고 과제도 미리 풀어 오며, "
        "모임에서는 질문을 나눕니다.",
        "zh": "每周聚一次。笔记和作业都在聚会之前完成，聚会时只讨论问题。",
    },
    "week": {"en": "Week", "ko": "주", "zh": "周"},
    "theme": {"en": "Theme", "ko": "주제", "zh": "主题"},
    "papers": {"en": "Papers", "ko": "논문", "zh": "论文"},
    "planned": {"en": "planned", "ko": "예정", "zh": "计划中"},
    "glossary_title": {"en": "Glossary", "ko": "용어집", "zh": "术语表"},
    "glossary_intro": {
        "en": "{count} terms as this site uses them, with their Korean and "
        "Chinese forms and other forms that you may meet.",
        "ko": "이 사이트에서 쓰는 용어 {count}개를 영어와 중국어 표현, 다른 "
        "곳에서 만날 수 있는 표현과 함께 모았습니다.",
        "zh": "本站使用的{count}个术语，附英文和韩文的说法，以及别处可能见到的叫法。",
    },
    "errata_title": {"en": "Errata", "ko": "정오표", "zh": "勘误"},
    "errata_intro": {
        "en": "Where a paper contradicts itself, or where what is told of it "
        "is not what it says. Every number is in the ledger and, where it can "
        "be computed, is computed again by a test.",
        "ko": "논문이 스스로 모순되는 곳, 그리고 흔히 알려진 이야기가 논문과 "
        "다른 곳을 모았습니다. 숫자는 모두 장부에 있으며, 계산할 수 있는 것은 "
        "테스트가 다시 계산합니다.",
        "zh": "这里列出论文自相矛盾之处，以及流行说法与论文不符之处。每个数字都"
        "在账本里，凡能计算的，都由测试重新计算。",
    },
    "errata_where": {
        "en": "Ledger: {number} (`{id}`)",
        "ko": "장부: {number} (`{id}`)",
        "zh": "账本：{number}（`{id}`）",
    },
}
