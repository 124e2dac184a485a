"""Build the icon sprite from @tabler/icons: only the icons named in icons.txt, one small file instead of a web font.

Standard library only, so that setup can run it before anything is installed::

    python gongzhi/web/sprite.py node_modules/@tabler/icons/icons build/vendor/icons.svg
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

NAMES_FILE = Path(__file__).with_name("icons.txt")
FILLED = "-filled"


def icon_names(text: str) -> list[str]:
    """Names in *text*, one or more to a line; ``#`` starts a comment. Sorted, each once."""
    words = (word for line in text.splitlines() for word in line.partition("#")[0].split())
    return sorted(set(words))


def symbol(name: str, svg: str) -> str:
    """The drawing of one icon as a ``<symbol>``; its paint comes from CSS, filled icons bring their own."""
    body = re.sub(r"^.*?<svg.*?>|</svg>\s*$", "", svg, flags=re.DOTALL)
    body = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", body)
    body = re.sub(r">\s+<", "><", body.strip()).replace(" />", "/>")
    paint = ' fill="currentColor" stroke="none"' if name.endswith(FILLED) else ""
    return f'<symbol id="{name}" viewBox="0 0 24 24"{paint}>{body}</symbol>'


def drawing(icons: Path, name: str) -> Path:
    """The file of an icon: ``star`` is outline/star.svg, ``star-filled`` is filled/star.svg."""
    if name.endswith(FILLED):
        return icons / "filled" / f"{name.removesuffix(FILLED)}.svg"
    return icons / "outline" / f"{name}.svg"


def build(icons: Path, names: Iterable[str]) -> str:
    """The whole sprite. Raises ``FileNotFoundError`` for a name Tabler does not draw."""
    symbols = "".join(symbol(name, drawing(icons, name).read_text(encoding="utf-8")) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


def main(icons: str, out: str) -> None:
    """Write the sprite of icons.txt to *out*."""
    target = Path(out)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(build(Path(icons), icon_names(NAMES_FILE.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
