"""How long 60 certificates take as one PDF, and the memory of their writer.

`python -m bench.certificates` runs the writer as the portal does, in a process of its own.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHEETS = 60
NAMES = ("𠮷川·明", "古丽巴哈尔·买买提艾力", "苏晓岚", "欧阳春华", "周敏华", "高建平", "沈燕萍")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    figures = {f"{SHEETS} certificates": measure()}
    if wanted.json:
        return print(json.dumps(figures))
    for what, values in figures.items():
        print(what, *(f"{name} {value}" for name, value in values.items()), sep="  ")


def measure() -> dict[str, float]:
    """Seconds by the clock and of the processor, MiB, and kB of the file."""
    asked = {
        "fonts": str(ROOT / "node_modules" / "@embedpdf"),
        "papers": [paper(number) for number in range(SHEETS)],
    }
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "trainees.certificates.sheets"],
        input=json.dumps(asked).encode(),
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    seconds = time.perf_counter() - begin
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": round(seconds, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "MiB": round(used.ru_maxrss / 1024),
        "kB": round(len(done.stdout) / 1000),
    }


def paper(number: int) -> dict[str, str]:
    """One certificate with a name and an address of its own."""
    return {
        "academy": "宝山区社区治理学院",
        "title": "结业证书",
        "number": f"JY-2027-{number:06d}",
        "name": NAMES[number % len(NAMES)],
        "text": "于2027年3月2日至2027年3月4日参加“楼组长训练班”学习，计12.5学时，准予结业。",
        "closing": "特发此证。",
        "seal": "发证单位（盖章）：",
        "issuer": "宝山区社区治理学院（城市运行分院）",
        "issued_on": "2027年3月5日",
        "code": "7F3K-9Q2M-ABCD-0123",
        "address": f"https://portal.example/check/7F3K9Q2MABCD{number:04d}/",
        "comrade": "同志",
        "number_label": "证书编号",
        "hint": "扫码核验，或在门户“证书核验”页输入编号和核验码",
    }


if __name__ == "__main__":
    main()
