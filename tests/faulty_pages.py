"""A small tree of pages without a fault, to plant faults in."""

import re
from pathlib import Path

from website import lint
from website.translations import stamped

QUESTIONS = "\n".join(f"### Why {n}? {{ #q-{n} }}\n" for n in "abcdefgh")
HEAD = """---
jupyter: {kernelspec: {display_name: P, language: python, name: python3}}
---
"""
ENGLISH = f"""{HEAD}
# A page

The claim has a [[hidden-state]] and a number, {{{{ rnn-parameters-28-256 }}}}.

## Before you read {{ #before }}

See [home](../index.md#x), [above](#before), <https://example.org/a>.

## Symbols {{ #symbols }}

| a | b |
|---|---|
| 1 | d |

## The idea {{ #idea }}

A state $h_t$ of 256 units, [`RNN`][pfs.recurrent.rnn.RNN], ten times (1).

- one
- two

> A quote.

![The network](figure:rnn.unrolled)

## Equations {{ #equations }}

$$
h_t = U h_{{t-1}} \\tag{{1}}
$$

$$
y_t = C h_t \\tag{{2}}
$$

``` {{ .python title="src/a.py" }}
--8<-- "src/a.py:step"
```

## Run it {{ #run }}

```python alt="A line from 0.9"
plt.plot(x)
```

## Differs {{ #differs }}

!!! differs "It"
    - that

## A mistake {{ #mistake }}

``` {{ .python .show }}
wrong()
```

## Numbers {{ #numbers }}

None.

## Questions {{ #questions }}

{QUESTIONS}
## Exercises {{ #exercises }}

None.

## References {{ #references }}

- A book with a long English title that stays as it is.
"""
KOREAN = f"""{HEAD}
# 한 쪽

주장에는 [[hidden-state]]가 있고 숫자는 {{{{ rnn-parameters-28-256 }}}}입니다.

## 읽기 전에 {{ #before }}

[처음](../index.md#x), [위](#before), <https://example.org/a>를 보십시오.

## 기호 {{ #symbols }}

| 가 | 나 |
|---|---|
| 1 | 라 |

## 생각 {{ #idea }}

유닛이 256개인 상태 $h_t$와 [`RNN`][pfs.recurrent.rnn.RNN], 10번입니다 (1).

- 하나
- 둘

> 옮긴 말이다.

![신경망](figure:rnn.unrolled)

## 수식 {{ #equations }}

$$
h_t = U h_{{t-1}} \\tag{{1}}
$$

$$
y_t = C h_t \\tag{{2}}
$$

``` {{ .python title="src/a.py" }}
--8<-- "src/a.py:step"
```

## 실행 {{ #run }}

```python alt="0.9의 선"
```

## 차이 {{ #differs }}

!!! differs "그것"
    - 저것

## 실수 {{ #mistake }}

``` {{ .python .show }}
wrong()
```

## 숫자 {{ #numbers }}

없습니다.

## 질문 {{ #questions }}

{QUESTIONS.replace("Why", "왜")}
## 연습 {{ #exercises }}

없습니다.

## 참고 문헌 {{ #references }}

- A book with a long English title that stays as it is.
"""
CHINESE = KOREAN
for old, new in {
    "한 쪽": "一页",
    "주장에는 [[": "主张里有[[",
    "]]가 있고 숫자는 {": "]]，数是{",
    "}}입니다.": "}}。",
    "읽기 전에": "阅读之前",
    "[처음]": "[首页]",
    "), [위](#before), ": ")、[上文](#before)、",
    "를 보십시오.": "。",
    "기호": "符号",
    "| 가 | 나 |": "| 甲 | 乙 |",
    "| 1 | 라 |": "| 1 | 丁 |",
    "생각": "想法",
    "유닛이 256개인 상태 $h_t$와 [": "256个单元的状态$h_t$和[",
    "], 10번입니다 (1).": "]，十次(1)。",
    "하나": "一",
    "둘": "二",
    "옮긴 말이다.": "引文。",
    "신경망": "网络",
    "수식": "公式",
    "실행": "运行",
    "0.9의 선": "0.9的线",
    "차이": "差别",
    "그것": "此",
    "저것": "彼",
    "실수": "错误",
    "숫자": "数字",
    "없습니다.": "没有。",
    "질문": "问题",
    "연습": "练习",
    "참고 문헌": "参考文献",
}.items():
    CHINESE = CHINESE.replace(old, new)
CHINESE = re.sub(r"### 왜 (\w)\?", r"### 为什么\1？", CHINESE)


def tree(
    root: Path,
    english: str = ENGLISH,
    korean: str = KOREAN,
    chinese: str = CHINESE,
) -> Path:
    """Write the tree; return it. Pages of "" are left out."""
    page = "docs/{}notes/page.md"
    files = {
        "docs/index.md": "# Home\n\n## X { #x }\n\nText.\n",
        "src/a.py": "# --8<-- [start:step]\nx = 1\n# --8<-- [end:step]\n",
        page.format(""): english,
        page.format("ko/"): stamped(english, korean) if korean else "",
        page.format("zh/"): stamped(english, chinese) if chinese else "",
    }
    for name, text in files.items():
        if text:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return root


def found(root: Path) -> list[tuple[str, int, str]]:
    """Return the problems as (file, line, message)."""
    return [
        (p.path.relative_to(root).as_posix(), p.line, p.message)
        for p in lint.check(root)
    ]
