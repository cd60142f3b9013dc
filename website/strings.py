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
        "ko": "논문 {count}편을 저마다 쉽게 읽히는 순서로 놓았습니다. 어느 논문이든 "
        "먼저 알아야 할 논문보다 뒤에 옵니다. 색을 채운 상자는 노트가 있는 것이고, "
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
    "homework_title": {
        "en": "Homework: {title}",
        "ko": "과제: {title}",
        "zh": "作业：{title}",
    },
    "homework_intro": {
        "en": "Write each function or class in place of `...` and run the cell "
        "below it. `TODO` means not started, `FAIL` says what is right so far "
        "and what is not, `PASS` means done. Nothing is sent anywhere. In a "
        "terminal the same exercises are `pfs hw`; the [guide](index.md) "
        "explains both.",
        "ko": "`...` 자리에 함수나 클래스를 쓰고 그 아래 셀을 실행하십시오. "
        "`미시작`은 아직 시작하지 않았다는 뜻이고, `실패`는 어디까지 맞고 "
        "무엇이 틀렸는지 알려 주며, `통과`는 끝났다는 뜻입니다. 어디로도 "
        "전송하지 않습니다. 터미널에서는 같은 과제를 `pfs hw`로 풉니다. 두 "
        "가지 모두 [안내](index.md)에서 설명합니다.",
        "zh": "把`...`换成自己写的函数或类，再运行下面的单元格。`未开始`表示还没有写，"
        "`未通过`会说明哪些部分已经正确、哪里有误，`通过`表示完成。任何内容都不会"
        "上传。在终端里用`pfs hw`做同样的题；两种方式见[指南](index.md)。",
    },
    "homework_note": {
        "en": "The [note](../notes/{id}.md) has everything that you need.",
        "ko": "필요한 것은 모두 [노트](../notes/{id}.md)에 있습니다.",
        "zh": "所需的知识都在[笔记](../notes/{id}.md)里。",
    },
    "homework_facts": {
        "en": "`{id}` · difficulty {difficulty} of 5 · about {minutes} minutes "
        "· source: {source}",
        "ko": "`{id}` · 난이도 {difficulty}/5 · 약 {minutes}분 · 출처: {source}",
        "zh": "`{id}` · 难度{difficulty}/5 · 约{minutes}分钟 · 出处：{source}",
    },
    "homework_hint": {
        "en": "Hint {level} of 3",
        "ko": "힌트 {level}/3",
        "zh": "提示{level}/3",
    },
    "homework_done": {
        "en": "How far you are",
        "ko": "어디까지 왔는지",
        "zh": "完成情况",
    },
    "homework_path": {
        "en": "Homework",
        "ko": "과제",
        "zh": "作业",
    },
    "homework_path_intro": {
        "en": "{count} exercises in {units} units; each checks itself. Choose "
        "your file `progress.json` (`pfs hw doctor` says where it is) to see "
        "here what you have passed. It stays in this browser.",
        "ko": "{units}개 단원에 과제 {count}개가 있으며, 모두 스스로 채점합니다. "
        "`progress.json` 파일을 고르면 통과한 과제가 여기에 표시됩니다. 파일이 "
        "어디 있는지는 `pfs hw doctor`가 알려 줍니다. 파일은 이 브라우저를 "
        "벗어나지 않습니다.",
        "zh": "{units}个单元，共{count}道题，都能自动检查。选择`progress.json`"
        "文件（`pfs hw doctor`会说明它在哪里），这里就会标出已通过的题。文件只留在"
        "这个浏览器里。",
    },
    "homework_choose": {
        "en": "Choose progress.json",
        "ko": "progress.json 고르기",
        "zh": "选择progress.json",
    },
    "homework_forget": {
        "en": "Forget it",
        "ko": "지우기",
        "zh": "清除",
    },
    "homework_passed": {
        "en": "passed",
        "ko": "통과",
        "zh": "已通过",
    },
    "homework_counted": {
        "en": "{done} of {count} exercises passed",
        "ko": "과제 {count}개 중 {done}개 통과",
        "zh": "{count}道题中已通过{done}道",
    },
    "homework_unreadable": {
        "en": "This is not a progress.json of pfs hw.",
        "ko": "pfs hw의 progress.json 파일이 아닙니다.",
        "zh": "这不是pfs hw的progress.json。",
    },
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
    "errors_title": {"en": "Errors", "ko": "오류", "zh": "错误"},
    "errors_intro": {
        "en": "Every error of this package has a code. Its message says where it "
        "happened, what was expected, what came and what to do; `pfs explain "
        "CODE` says in the terminal what this page says.",
        "ko": "이 패키지의 모든 오류에는 코드가 있습니다. 메시지는 어디에서 무엇을 "
        "기대했고 무엇이 왔으며 어떻게 하면 되는지를 알려 줍니다. 터미널에서는 "
        "`pfs explain CODE`로 이 페이지의 내용을 볼 수 있습니다.",
        "zh": "本软件包的每个错误都有代码。报错信息里写着出错的位置、期望的值、实际的值"
        "和解决办法；在终端里，`pfs explain CODE`给出与本页相同的说明。",
    },
    "errors_fix": {"en": "What to do.", "ko": "할 일.", "zh": "怎么办。"},
    "errors_example": {
        "en": "This raises it:",
        "ko": "다음 코드에서 이 오류가 납니다.",
        "zh": "下面的代码会引发它：",
    },
    "data_title": {"en": "Data sets", "ko": "데이터 세트", "zh": "数据集"},
    "data_intro": {
        "en": "{count} data sets have a name. `pfs.data.load(name)` finds the "
        "files in the folder that `PFS_DATA` names, or in the cache, or fetches "
        "them; a checksum decides whether they are the right ones. What is "
        "bundled or generated needs no download.",
        "ko": "이름이 있는 데이터 세트는 {count}개입니다. `pfs.data.load(name)`은 "
        "`PFS_DATA`가 가리키는 폴더나 캐시에서 파일을 찾고, 없으면 내려받습니다. "
        "맞는 파일인지는 체크섬으로 확인합니다. 패키지에 들어 있거나 만들어 쓰는 "
        "것은 내려받을 필요가 없습니다.",
        "zh": "有名字的数据集共{count}个。`pfs.data.load(name)`先在`PFS_DATA`所指的"
        "文件夹和缓存里找文件，没有就下载；文件是否正确，由校验和判定。随包附带的和现场"
        "生成的无需下载。",
    },
    "data_size": {"en": "Size", "ko": "크기", "zh": "大小"},
    "data_holds": {"en": "Holds", "ko": "내용", "zh": "内容"},
    "data_licence": {"en": "Licence", "ko": "라이선스", "zh": "许可证"},
    "data_citation": {"en": "Citation", "ko": "인용", "zh": "引用"},
    "kind_text": {"en": "Texts", "ko": "글", "zh": "文本"},
    "kind_images": {"en": "Images", "ko": "이미지", "zh": "图像"},
    "kind_pairs": {"en": "Sentence pairs", "ko": "문장 쌍", "zh": "句对"},
    "kind_questions": {
        "en": "Questions and answers",
        "ko": "질문과 답",
        "zh": "问答",
    },
    "kind_similarity": {
        "en": "Word similarity",
        "ko": "단어 유사도",
        "zh": "词相似度",
    },
    "kind_analogies": {"en": "Analogies", "ko": "유추", "zh": "类比"},
    "kind_vocabulary": {"en": "Vocabularies", "ko": "어휘", "zh": "词表"},
    "kind_dialogue": {"en": "Dialogue", "ko": "대화", "zh": "对话"},
    "kind_bundled": {
        "en": "Bundled with the package",
        "ko": "패키지에 들어 있는 것",
        "zh": "随包附带",
    },
    "kind_generated": {
        "en": "Generated, with exact truth",
        "ko": "정답을 정확히 아는 생성 데이터",
        "zh": "现场生成，答案精确",
    },
    "results_title": {"en": "Results", "ko": "결과", "zh": "结果"},
    "results_intro": {
        "en": "What our recipes measured on real data, beside what was published "
        "and beside what much simpler methods reach on the same data. Every "
        "number comes from a file in `results/`, which a run has written; the "
        "mean and the standard deviation are over the seeds.",
        "ko": "레시피를 실제 데이터로 돌려 잰 값을, 논문이나 책에 실린 값, 그리고 "
        "훨씬 단순한 방법이 같은 데이터에서 얻는 값과 나란히 놓았습니다. 모든 "
        "수치는 학습할 때 `results/`에 남긴 파일에서 나옵니다. 평균과 표준편차는 "
        "여러 시드에서 구합니다.",
        "zh": "我们的配方在真实数据上测得的结果，旁边是已发表的数字，以及简单得多的"
        "方法在同样数据上的结果。每个数字都来自训练写入`results/`的文件；平均值和"
        "标准差是对各个种子取的。",
    },
    "results_what": {"en": "What", "ko": "무엇", "zh": "内容"},
    "results_perplexity": {
        "en": "Held-out perplexity",
        "ko": "평가용 글의 퍼플렉서티",
        "zh": "留出文本的困惑度",
    },
    "results_accuracy": {
        "en": "Test accuracy",
        "ko": "시험 정확도",
        "zh": "测试准确率",
    },
    "results_ours": {
        "en": "**{model}**, this recipe, {n} seeds",
        "ko": "**{model}**, 이 레시피, 시드 {n}개",
        "zh": "**{model}**，本配方，{n}个种子",
    },
    "results_once": {
        "en": "**{model}**, this recipe, one run",
        "ko": "**{model}**, 이 레시피, 한 번",
        "zh": "**{model}**，本配方，一次",
    },
    "results_layers": {
        "en": "{n}-layer {cell}",
        "ko": "{n}층 {cell}",
        "zh": "{n}层{cell}",
    },
    "results_ngram": {
        "en": "{n}-gram, the best one, same text",
        "ko": "가장 좋은 {n}-gram, 같은 글",
        "zh": "最好的{n}元语法，同一文本",
    },
    "results_unigram": {
        "en": "unigram, same text",
        "ko": "유니그램, 같은 글",
        "zh": "一元语法，同一文本",
    },
    "results_uniform": {
        "en": "all symbols equally likely",
        "ko": "모든 기호의 확률이 같을 때",
        "zh": "所有符号等可能",
    },
    "results_published": {
        "en": "published: {where}",
        "ko": "발표된 값: {where}",
        "zh": "已发表：{where}",
    },
    "score_exact": {
        "en": "right to the last character",
        "ko": "마지막 글자까지 맞은 비율",
        "zh": "一字不差的比例",
    },
    "score_bleu": {"en": "BLEU", "ko": "BLEU", "zh": "BLEU"},
    "score_exact_match": {
        "en": "exact match (EM)",
        "ko": "완전 일치(EM)",
        "zh": "完全匹配（EM）",
    },
    "score_f1": {"en": "F1", "ko": "F1", "zh": "F1"},
    "score_further": {
        "en": "never seen: {part}",
        "ko": "학습에 없던 것: {part}",
        "zh": "训练中没有的：{part}",
    },
    "score_digits": {
        "en": "numbers of {n} digits",
        "ko": "{n}자리 수",
        "zh": "{n}位数",
    },
    "score_years": {
        "en": "the years {first} to {last}",
        "ko": "{first}년부터 {last}년까지",
        "zh": "{first}年至{last}年",
    },
    "score_directions": {"en": "{part}", "ko": "{part}", "zh": "{part}"},
    "score_languages": {"en": "{part}", "ko": "{part}", "zh": "{part}"},
    "model_seq2seq": {
        "en": "seq2seq",
        "ko": "시퀀스 투 시퀀스",
        "zh": "序列到序列",
    },
    "model_additive-attention": {
        "en": "additive attention",
        "ko": "가산 어텐션",
        "zh": "加性注意力",
    },
    "model_transformer": {
        "en": "Transformer",
        "ko": "트랜스포머",
        "zh": "Transformer",
    },
    "example_given": {"en": "given", "ko": "입력", "zh": "输入"},
    "example_wanted": {"en": "wanted", "ko": "정답", "zh": "正确答案"},
    "example_written": {
        "en": "written by the last model",
        "ko": "마지막 모델의 출력",
        "zh": "最后一个模型的输出",
    },
    "results_left": {
        "en": "a model of the same size that knows the left side only",
        "ko": "왼쪽만 아는 같은 크기의 모델",
        "zh": "大小相同、只知道左边的模型",
    },
    "results_between": {
        "en": "counting what stands between its neighbours, same text",
        "ko": "양쪽 이웃 사이에 무엇이 오는지 센 것, 같은 글",
        "zh": "统计左右邻居之间出现什么，同一文本",
    },
    "results_gaps_below": {
        "en": "**Below** counting with both sides: {models}.",
        "ko": "퍼플렉서티가 양쪽을 보고 세는 방법보다 **낮은** 모델: {models}.",
        "zh": "困惑度**低于**看两边的计数：{models}。",
    },
    "results_gaps_not_below": {
        "en": "**Not below** counting with both sides: {models}.",
        "ko": "퍼플렉서티가 양쪽을 보고 세는 방법보다 **낮지 않은** 모델: "
        "{models}.",
        "zh": "困惑度**不低于**看两边的计数：{models}。",
    },
    "results_none": {
        "en": "No number on this text has been published.",
        "ko": "이 글로 발표된 수치는 없습니다.",
        "zh": "这篇文本上没有发表过的数字。",
    },
    "results_below": {
        "en": "**Below** the best n-gram: {models}.",
        "ko": "퍼플렉서티가 가장 좋은 n-gram보다 **낮은** 모델: {models}.",
        "zh": "困惑度**低于**最好的n元语法模型：{models}。",
    },
    "results_not_below": {
        "en": "**Not below** the best n-gram: {models}. Counting does better "
        "there.",
        "ko": "퍼플렉서티가 가장 좋은 n-gram보다 **낮지 않은** 모델: {models}. "
        "이들보다는 세는 방법이 더 낫습니다.",
        "zh": "困惑度**没有低于**最好的n元语法模型：{models}。靠计数反而比它们好。",
    },
    "results_alt": {
        "en": "Held-out perplexity of {name} against the characters read in "
        "training, one colour for each model and one line for each seed; the "
        "dashed line is the best n-gram",
        "ko": "{name}: 학습하며 읽은 글자 수에 따른 평가용 글의 퍼플렉서티. 모델마다 "
        "색 하나, 시드마다 선 하나이고, 점선은 가장 좋은 n-gram",
        "zh": "{name}：留出文本的困惑度随训练中读过的字符数的变化，每个模型一种颜色，"
        "每个种子一条线；虚线是最好的n元语法模型",
    },
    "results_read": {
        "en": "characters read in training",
        "ko": "학습하며 읽은 글자 수",
        "zh": "训练中读过的字符数",
    },
    "results_size": {
        "en": "{parameters} parameters, {steps} steps, ",
        "ko": "파라미터 {parameters}개, {steps}스텝, ",
        "zh": "{parameters}个参数，{steps}步，",
    },
    "contrast_knn": {
        "en": "kNN",
        "ko": "kNN",
        "zh": "kNN",
    },
    "contrast_best": {
        "en": "kNN, best number",
        "ko": "가장 좋은 수의 kNN",
        "zh": "最佳邻居数的kNN",
    },
    "contrast_changed": {
        "en": "kNN, changed pictures",
        "ko": "바꾼 이미지의 kNN",
        "zh": "改动过的图像的kNN",
    },
    "contrast_linear": {
        "en": "linear probe",
        "ko": "선형 평가",
        "zh": "线性探测",
    },
    "contrast_vectors": {
        "en": "kNN on the unit vectors",
        "ko": "단위 벡터의 kNN",
        "zh": "单位向量上的kNN",
    },
    "contrast_alignment": {
        "en": "alignment",
        "ko": "정렬",
        "zh": "对齐度",
    },
    "contrast_uniformity": {
        "en": "uniformity",
        "ko": "균일성",
        "zh": "均匀度",
    },
    "contrast_random": {
        "en": "the same encoder with random weights",
        "ko": "가중치를 학습하지 않은 같은 인코더",
        "zh": "同一编码器，权重随机",
    },
    "contrast_pixels": {
        "en": "raw pixels",
        "ko": "픽셀 그대로",
        "zh": "原始像素",
    },
    "contrast_note": {
        "en": "All methods have the same encoder, views, steps, batches, "
        "temperature, optimizer and schedule, and no labels. Then their "
        "features are judged on the test images. kNN is the weighted vote of "
        "20 neighbours; beside it stand the vote of 1, 20 or 200, whichever is "
        "best, and that of 20 on test images changed as the views are. The linear probe is one layer trained on the features. The "
        "unit vectors are what the loss compares; their alignment and "
        "uniformity are better the lower they are.",
        "ko": "모든 방법이 같은 인코더, 뷰, 스텝 수, 배치, 온도, 옵티마이저, "
        "학습률 일정을 쓰고 레이블은 쓰지 않습니다. 그런 다음 시험 이미지에서 "
        "특징을 평가합니다. kNN은 이웃 20개의 가중 투표입니다. 그 옆은 이웃 1개, "
        "20개, 200개의 투표 가운데 가장 좋은 값과, 뷰처럼 바꾼 시험 이미지에서 이웃 "
        "20개의 투표입니다. 선형 평가는 특징 위에 "
        "학습한 계층 하나입니다. 단위 벡터는 손실이 서로 비교하는 벡터이며, "
        "정렬과 균일성은 낮을수록 좋습니다.",
        "zh": "所有方法使用相同的编码器、视图、步数、批次、温度、优化器和学习率"
        "计划，都不用标签。之后在测试图像上评判特征。kNN是20个邻居的加权投票；旁边"
        "两列，一是1、20、200个邻居的投票中最好的一个，一是把测试图像像视图那样"
        "改动之后20个邻居的投票。线性探测是在特征上训练的一层。"
        "单位向量是损失所比较的向量；对齐度和均匀度都是越低越好。",
    },
    "contrast_above": {
        "en": "The best kNN is **above** the best on raw pixels ({floor}) for "
        "{models}.",
        "ko": "가장 좋은 kNN이 픽셀 그대로의 가장 좋은 kNN({floor})보다 **높은** "
        "방법: {models}.",
        "zh": "最好的kNN**高于**原始像素上最好的kNN（{floor}）：{models}。",
    },
    "contrast_not_above": {
        "en": "The best kNN is **not above** the best on raw pixels ({floor}) "
        "for {models}.",
        "ko": "가장 좋은 kNN이 픽셀 그대로의 가장 좋은 kNN({floor})보다 **높지 "
        "않은** 방법: {models}.",
        "zh": "最好的kNN**没有高于**原始像素上最好的kNN（{floor}）：{models}。",
    },
    "contrast_epochs": {
        "en": "These runs are short: each picture was seen {n} times. The "
        "papers train for {low} to {high} epochs, with larger encoders.",
        "ko": "학습이 짧습니다. 이미지마다 {n}번 보았을 뿐입니다. 논문들은 더 큰 "
        "인코더를 에폭 {low}~{high}번 학습합니다.",
        "zh": "这些训练很短：每张图像只看了{n}次。论文用更大的编码器训练{low}到"
        "{high}轮。",
    },
    "contrast_why": {
        "en": "Raw pixels get this far because all pictures are cut and lit "
        "alike. When the test pictures are changed as the views are, their "
        "neighbours fall from {clean} to {pixels}; those of the methods "
        "reach {low} to {high}.",
        "ko": "픽셀 그대로가 이만큼 나오는 것은 이미지가 모두 똑같이 잘리고 똑같이 "
        "밝기 때문입니다. 시험 이미지를 뷰처럼 바꾸면 픽셀의 이웃은 {clean}에서 "
        "{pixels}로 떨어지고, 다섯 방법의 이웃은 {low}에서 {high} 사이입니다.",
        "zh": "原始像素能到这个程度，是因为所有图像的裁剪和亮度都一样。把测试图像像视图那样"
        "改动之后，像素的邻居从{clean}降到{pixels}，各方法的邻居是{low}到{high}。",
    },
    "pixels_raw": {
        "en": "pixels as they are",
        "ko": "픽셀 그대로",
        "zh": "原始像素",
    },
    "pixels_centred": {
        "en": "pixels less their mean",
        "ko": "평균을 뺀 픽셀",
        "zh": "减去均值的像素",
    },
    "results_made": {
        "en": "{seconds} s a run on {device} ({cores} cores, threads: {threads}), torch {torch}, Python {python}, "
        "{date}, commit `{commit}`; {licence}",
        "ko": "한 번에 {seconds}초({device}, 코어 "
        "{cores}개에서 스레드 {threads}개), torch {torch}, 파이썬 {python}, {date}, "
        "커밋 `{commit}`, {licence}",
        "zh": "每次{seconds}秒（{device}，{cores}核中的"
        "{threads}个线程），torch {torch}，Python {python}，{date}，提交`{commit}`；"
        "{licence}",
    },
    "results_settings": {
        "en": "Settings that differ from the default",
        "ko": "기본값과 다른 설정",
        "zh": "与默认值不同的设置",
    },
}
