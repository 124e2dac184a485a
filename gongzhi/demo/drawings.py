"""Pictures for reports and replies: plain drawings, the same for the same key, never a photograph of a real place or person."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw

from gongzhi.kernel import attachments

SIZE = (640, 480)
Paint = Callable[[ImageDraw.ImageDraw, Random, bool], None]


def drawn(category: str, spot: tuple[float, float], *, done: bool = False) -> tuple[str, ...]:
    """The token of a picture taken in through the door of every upload; none for a category that nobody draws. One spot, one scene."""
    file = picture(category, round(spot[0] * 1e5) ^ round(spot[1] * 1e5) << 24, done=done)
    return () if file is None else (attachments.store(upload=file, by=None, claim="demonstration").token,)


def picture(category: str, key: int, *, done: bool = False) -> io.BytesIO | None:
    """A JPEG of the matter, or of the same spot after the work; None for a category that nobody draws."""
    paint = PAINTERS.get(category)
    if paint is None:
        return None
    image = Image.new("RGB", SIZE, (206, 214, 222))
    paint(ImageDraw.Draw(image), Random(key), done)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=80)
    target.seek(0)
    return target


def _lamp(draw: ImageDraw.ImageDraw, rng: Random, done: bool) -> None:
    draw.rectangle((0, 0, *SIZE), (28, 32, 52))
    for left in range(rng.randrange(0, 60), SIZE[0], 130):
        draw.rectangle((left, 150 + rng.randrange(90), left + 100, 400), (40, 45, 68))
    draw.rectangle((0, 400, *SIZE), (52, 52, 60))
    post = rng.randrange(240, 400)
    if done:
        draw.polygon([(post + 70, 122), (post - 30, 400), (post + 170, 400)], (112, 104, 66))
    draw.rectangle((post - 5, 110, post + 5, 410), (120, 124, 132))
    draw.rectangle((post, 104, post + 74, 112), (120, 124, 132))
    draw.ellipse((post + 50, 108, post + 92, 128), (255, 236, 150) if done else (74, 76, 84))


def _bin(draw: ImageDraw.ImageDraw, rng: Random, done: bool) -> None:
    _street(draw, rng)
    left = rng.randrange(180, 340)
    draw.rectangle((left, 240, left + 110, 390), (46, 125, 80))
    draw.rectangle((left - 6, 226, left + 116, 244) if done else (left - 40, 190, left + 70, 208), (34, 96, 62))
    for _bag in range(0 if done else 14):
        x, y, r = left - 90 + rng.randrange(300), 320 + rng.randrange(70), rng.randrange(18, 38)
        draw.ellipse((x, y, x + 2 * r, y + r), rng.choice([(40, 40, 44), (228, 228, 232), (190, 60, 60), (70, 110, 190)]))


def _hole(draw: ImageDraw.ImageDraw, rng: Random, done: bool) -> None:
    draw.rectangle((0, 0, *SIZE), (128, 130, 134))
    for top in range(-40 + rng.randrange(60), SIZE[1], 130):
        draw.rectangle((80, top, 96, top + 70), (232, 232, 226))
    x, y = rng.randrange(220, 420), rng.randrange(180, 300)
    if done:
        draw.rectangle((x - 110, y - 80, x + 110, y + 80), (78, 80, 84))
        return
    for colour, size in (((96, 92, 88), 1.0), ((56, 52, 50), 0.75)):
        ring = [(-120, -10), (-60, -70), (10, -84), (90, -50), (118, 20), (60, 72), (-30, 66), (-96, 44)]
        draw.polygon([(x + a * size + rng.randrange(-8, 8), y + b * size + rng.randrange(-8, 8)) for a, b in ring], colour)


def _puddle(draw: ImageDraw.ImageDraw, rng: Random, done: bool) -> None:
    _street(draw, rng)
    x = rng.randrange(200, 380)
    if not done:
        draw.ellipse((x - 190, 340, x + 210, 460), (104, 132, 150))
        draw.ellipse((x - 120, 360, x + 110, 430), (136, 164, 182))
    draw.ellipse((x - 40, 385, x + 40, 415), (70, 72, 76))
    draw.ellipse((x - 28, 391, x + 28, 409), (92, 94, 98))


def _stairwell(draw: ImageDraw.ImageDraw, rng: Random, done: bool) -> None:
    draw.rectangle((0, 0, *SIZE), (226, 222, 210))
    draw.rectangle((0, 380, *SIZE), (150, 146, 140))
    draw.rectangle((60, 120, 200, 380), (132, 84, 56))
    draw.ellipse((176, 250, 188, 262), (220, 190, 90))
    for _box in range(0 if done else 7):
        x, side = 240 + rng.randrange(280), rng.randrange(50, 100)
        top = 380 - side - rng.choice([0, 0, 90])
        draw.rectangle((x, top, x + side, top + side), rng.choice([(190, 150, 100), (170, 130, 84), (206, 170, 122)]), (110, 80, 50))


def _street(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    for left in range(-rng.randrange(80), SIZE[0], 150):
        top = 60 + rng.randrange(90)
        draw.rectangle((left, top, left + 140, 330), rng.choice([(214, 196, 170), (196, 186, 178), (186, 198, 196)]))
        for window in range(top + 20, 300, 60):
            draw.rectangle((left + 24, window, left + 56, window + 34), (146, 170, 190))
            draw.rectangle((left + 84, window, left + 116, window + 34), (146, 170, 190))
    draw.rectangle((0, 330, *SIZE), (150, 150, 152))


PAINTERS: dict[str, Paint] = {
    "lamp-out": _lamp,
    "lamp-damaged": _lamp,
    "waste-overflow": _bin,
    "waste-exposed": _bin,
    "pothole": _hole,
    "pavement-broken": _hole,
    "manhole": _hole,
    "road-flooded": _puddle,
    "sewer-overflow": _puddle,
    "pipe-burst": _puddle,
    "corridor-clutter": _stairwell,
}
