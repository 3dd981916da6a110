"""Make every picture of the site anew, after the bundled model has changed: `python docs/figures/all.py`.

The pictures of docs/data.md show no model, and need a data set: `python docs/figures/data.py DATA ILLUSTRATION`.
"""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = ("readme", "stages", "steering", "segmentation", "failures", "page")


def main() -> None:
    """Run one script after another; that of the page only where there is Chromium."""
    for name in SCRIPTS:
        if name == "page" and not shutil.which("chromium"):
            print("page.png stays as it is: there is no chromium")
            continue
        print(f"{name} ...", flush=True)
        subprocess.run([sys.executable, HERE / f"{name}.py"], check=True)
    for path in sorted(HERE.glob("*.png")):
        print(f"{path.name:<36} {path.stat().st_size:>9,} bytes")


if __name__ == "__main__":
    main()
