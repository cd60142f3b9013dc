"""The figures of the note on MoCo v2."""

from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "encoder": {"ko": "인코더", "zh": "编码器"},
    "linear": {"ko": "선형", "zh": "线性"},
    "kept": {"ko": "남김", "zh": "保留"},
    "thrown away": {"ko": "버림", "zh": "丢弃"},
    "loss": {"ko": "손실", "zh": "损失"},
    "a batch of 8": {"ko": "8장짜리 배치", "zh": "8张的批次"},
    "a batch of 2": {"ko": "2장짜리 배치", "zh": "2张的批次"},
    "queue": {"ko": "큐", "zh": "队列"},
    "fresh, with gradient": {
        "ko": "새것, 그래디언트 있음",
        "zh": "新的，有梯度",
    },
    "stored, without": {"ko": "저장한 것, 없음", "zh": "存下的，没有"},
}
"""Every word in the drawings: English to Korean and Chinese."""

QUERY, KEY, HEAD = 1, 2, 3


def heads(t: Translate) -> str:
    """One linear map, and two with a bend; the rest of both is the same."""
    d = Drawing(360, 218, "heads")
    for y, name, steps in (
        (56, "MoCo", ("linear",)),
        (160, "MoCo v2", ("linear", "ReLU", "linear")),
    ):
        d.text(8, y - 38, name, anchor="start", bold=True)
        d.text(14, y, math("x"), raw=True)
        d.arrow([(24, y), (38, y)], muted=True)
        d.box(76, y, 74, 40, n=QUERY, fill=0.12)
        d.text(76, y, t("encoder"), size=12)
        d.arrow([(114, y), (136, y)], muted=True)
        d.text(124, y - 14, math("h"), raw=True)
        widths = (150,) if len(steps) == 1 else (48, 42, 48)
        x = 138
        for width, step in zip(widths, steps, strict=True):
            d.box(x + width / 2, y, width, 40, n=HEAD, fill=0.12)
            word = step if step == "ReLU" else t(step)
            d.text(x + width / 2, y, word, size=11)
            x += width + 6
        d.arrow([(292, y), (316, y)], muted=True)
        d.text(338, y, t("loss"), size=12)
        d.text(304, y - 14, math("q"), raw=True)
    d.path("M130 14 L130 200", muted=True, dashed=True)
    d.text(76, 206, t("kept"), n=QUERY, size=12)
    d.text(214, 206, t("thrown away"), n=HEAD, size=12)
    return d.svg()


def batches(t: Translate) -> str:
    """Seven negatives: from a batch of eight, or from a queue."""
    d = Drawing(360, 168, "batches")
    for left, name in ((24, "SimCLR"), (208, "MoCo v2")):
        d.text(left, 14, name, anchor="start", bold=True)
    for k in range(8):
        x, y = 34 + 36 * (k % 4), 62 + 36 * (k // 4)
        n = QUERY if k == 0 else KEY
        d.box(x, y, 26, 26, n=n, fill=0.3)
    d.text(88, 134, t("a batch of 8"), size=12)
    d.text(88, 154, t("fresh, with gradient"), size=11, n=KEY)
    d.box(88, 80, 156, 80, n=0, dashed=True)
    for k in range(2):
        d.box(222, 62 + 36 * k, 26, 26, n=QUERY if k == 0 else KEY, fill=0.3)
    d.box(222, 80, 42, 80, n=0, dashed=True)
    d.text(222, 134, t("a batch of 2"), size=12)
    for k in range(6):
        x, y = 276 + 24 * (k % 3), 68 + 24 * (k // 3)
        d.box(x, y, 16, 16, n=KEY, fill=0.1, round=3)
    d.arrow([(244, 80), (262, 80)], n=KEY)
    d.text(300, 112, t("queue"), size=12, n=KEY)
    d.text(300, 154, t("stored, without"), size=11, n=KEY)
    return d.svg()


FIGURES = (heads, batches)
