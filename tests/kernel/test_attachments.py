"""Pictures: what comes in, what is kept, and who may open it."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

from gongzhi.kernel import attachments, clock
from gongzhi.kernel.attachments import access, images
from gongzhi.kernel.errors import Conflict, DomainError
from gongzhi.kernel.models import Attachment, Notice

pytestmark = pytest.mark.django_db

OWNER = "kernel.notice"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def owner() -> Notice:
    """Any row of the kernel will do as the object that has pictures; it need not be stored."""
    return Notice(pk=7)


def scene(width: int = 640, height: int = 480, seed: int = 1) -> Image.Image:
    picture = Image.new("RGB", (width, height), "white")
    draw, chance = ImageDraw.Draw(picture), random.Random(seed)
    for _ in range(12):
        x, y = chance.randrange(width), chance.randrange(height)
        colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
        draw.ellipse((x - width // 6, y - height // 6, x + width // 6, y + height // 6), fill=colour)
    return picture


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def photo_with_position(width: int = 640, height: int = 480) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # lay on its side: turn a quarter to the right
    exif[0x010F] = "PhoneMaker"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (IFDRational(25), IFDRational(2), IFDRational(24))
    gps[3], gps[4] = "E", (IFDRational(102), IFDRational(42), IFDRational(36))
    return encoded(scene(width, height), exif=exif, comment=b"secret comment")


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")


def refusal(content: bytes) -> str:
    with pytest.raises(DomainError) as refused:
        attachments.store(upload=io.BytesIO(content), by=None)
    assert refused.value.field == "photos"
    assert refused.value.message.endswith("。")
    assert not Attachment.objects.exists()
    return refused.value.message


def outcome(act: Callable[[], object]) -> str:
    """The sentence of a refusal, or a full stop when nothing was refused; any other exception fails the test."""
    try:
        act()
    except DomainError as refused:
        return refused.message
    return "。"


def stored(by: Any = None, claim: str = "", seed: int = 1) -> Attachment:
    return attachments.store(upload=io.BytesIO(encoded(scene(seed=seed))), by=by, claim=claim)


def test_a_photo_is_turned_upright_and_loses_its_position() -> None:
    original = photo_with_position()
    assert Image.open(io.BytesIO(original)).getexif().get_ifd(0x8825)
    row = attachments.store(upload=io.BytesIO(original), by=5)
    assert (row.width, row.height) == (480, 640)
    for variant in attachments.VARIANTS:
        content = attachments.path_of(row, variant).read_bytes()
        with Image.open(io.BytesIO(content)) as kept:
            assert not kept.getexif()
            assert not {"exif", "comment", "icc_profile", "photoshop", "xmp"} & set(kept.info)
        assert b"PhoneMaker" not in content
        assert b"secret" not in content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_format_is_kept_as_jpeg_in_two_sizes(kind: str) -> None:
    row = attachments.store(upload=io.BytesIO(encoded(scene(3000, 1500), kind)), by=None)
    with Image.open(attachments.path_of(row, attachments.FULL)) as full:
        assert (full.format, full.size) == ("JPEG", (2048, 1024))
    with Image.open(attachments.path_of(row, attachments.THUMB)) as thumb:
        assert (thumb.format, thumb.size) == ("JPEG", (480, 240))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_colour_mode(mode: str) -> None:
    picture = Image.new(mode, (50, 40)) if mode == "I;16" else scene(50, 40).convert(mode)
    attachments.store(upload=io.BytesIO(encoded(picture, "JPEG" if mode == "CMYK" else "PNG")), by=None)


def test_transparency_becomes_white_paper() -> None:
    row = attachments.store(upload=io.BytesIO(encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG")), by=None)
    with Image.open(attachments.path_of(row, attachments.FULL)) as full:
        assert full.getpixel((25, 25)) == (255, 255, 255)


def test_what_hangs_behind_a_picture_is_cut_off() -> None:
    """A file that is a JPEG to one program and an archive or a page to another."""
    tail = b"PK\x03\x04<script>alert(1)</script>"
    row = attachments.store(upload=io.BytesIO(encoded(scene(), comment=b"<?php x ?>") + tail), by=None)
    content = attachments.path_of(row, attachments.FULL).read_bytes()
    assert b"script" not in content
    assert b"<?php" not in content
    assert content.endswith(b"\xff\xd9")


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<html><script>alert(1)</script>",
        b"GIF89a/*" + b"\x00" * 50 + b"*/=1;alert(1)",
        b"%PDF-1.7",
        b"BM" + b"\x00" * 100,
        b"hello",
    ],
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    assert "只能上传照片" in refusal(content)


def test_heic_is_explained() -> None:
    assert "HEIC" in refusal(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 100)


def test_an_empty_file() -> None:
    assert "空的" in refusal(b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_cut_short(kind: str) -> None:
    content = encoded(scene(), kind)
    assert "没有传完整" in refusal(content[: len(content) // 2])


@pytest.mark.parametrize("size", [(8000, 5001), (30_000, 30_000), (1_000_000, 1_000_000)])
def test_too_many_pixels_are_refused_before_decoding(size: tuple[int, int]) -> None:
    assert "尺寸太大" in refusal(png_header(*size))


def test_forty_megapixels_are_taken() -> None:
    row = attachments.store(upload=io.BytesIO(encoded(Image.new("RGB", (8000, 5000), "grey"))), by=None)
    assert (row.width, row.height) == (2048, 1280)


def test_too_many_bytes() -> None:
    assert "10 MB" in refusal(encoded(scene()) + b"\x00" * attachments.MAX_BYTES)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.integers(0, 10_000), st.binary(min_size=1, max_size=6))
def test_no_damaged_byte_breaks_the_decoder(kind: str, position: int, noise: bytes) -> None:
    content = bytearray(encoded(scene(64, 48), kind))
    at = position % len(content)
    content[at : at + len(noise)] = noise
    assert outcome(lambda: images.clean(io.BytesIO(bytes(content)))).endswith("。")


def test_fingerprint_knows_the_same_scene_again() -> None:
    one = images.clean(io.BytesIO(encoded(scene(1200, 900), quality=95))).phash
    again = images.clean(io.BytesIO(encoded(scene(1200, 900).resize((800, 600)), "PNG"))).phash
    other = images.clean(io.BytesIO(encoded(scene(1200, 900, seed=99)))).phash
    assert images.distance(one, again) <= 6
    assert images.distance(one, other) > 12


def test_no_file_is_left_when_the_row_cannot_be_written(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any, **_options: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Attachment, "save", fail)
    with pytest.raises(RuntimeError):
        stored()
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_attach_binds_the_uploaders_drafts(owner: Notice) -> None:
    mine, guest = stored(by=5), stored(claim="c", seed=2)
    rows = attachments.attach([guest.token, mine.token, mine.token], owner, by_id=5)
    assert [row.token for row in rows] == [guest.token, mine.token]
    # Nothing on the row leads back to a person.
    assert list(Attachment.objects.values_list("owner_type", "owner_id", "uploaded_by_id", "claim_digest")) == [(OWNER, 7, None, "")] * 2
    assert len(attachments.attach([mine.token], owner, by_id=5)) == 1  # again: nothing changes


@pytest.mark.parametrize("by_id", [None, 6])
def test_attach_refuses_what_another_person_uploaded(owner: Notice, by_id: int | None) -> None:
    theirs = stored(by=5)
    with pytest.raises(Conflict) as refused:
        attachments.attach([theirs.token], owner, by_id=by_id)
    assert refused.value.field == "photos"
    theirs.refresh_from_db()
    assert theirs.owner_id is None


def test_attach_with_a_claim_takes_that_sessions_drafts_only(owner: Notice) -> None:
    draft = stored(claim="one")
    with pytest.raises(Conflict):
        attachments.attach([draft.token], owner, claim="two")
    assert attachments.attach([draft.token], owner, claim="one")


def test_attach_takes_no_picture_away_from_its_object(owner: Notice) -> None:
    row = stored(by=5)
    attachments.attach([row.token], owner, by_id=5)
    with pytest.raises(Conflict):
        attachments.attach([row.token], Notice(pk=8), by_id=5)


def test_attach_is_all_or_nothing(owner: Notice) -> None:
    row = stored(by=5)
    with pytest.raises(Conflict):
        attachments.attach([row.token, "0" * 32], owner, by_id=5)
    assert Attachment.objects.drafts().count() == 1
    with pytest.raises(DomainError):
        attachments.attach([str(number) for number in range(21)], owner, by_id=5)


def test_drafts_are_limited() -> None:
    for seed in range(access_limit := 3):
        stored(claim="c", seed=seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gongzhi.kernel.attachments.storing.MAX_DRAFTS_OF_GUEST", access_limit)
        with pytest.raises(DomainError):
            stored(claim="c", seed=9)
        assert stored(claim="another", seed=10)


def test_orphans_go_after_two_days(owner: Notice, media: Path) -> None:
    with clock.at(clock.now() - timedelta(days=3)):
        old, kept = stored(by=5), stored(by=5, seed=2)
    fresh = stored(by=5, seed=3)
    attachments.attach([kept.token], owner, by_id=5)
    assert attachments.purge_orphans() == 1
    assert set(Attachment.objects.values_list("token", flat=True)) == {kept.token, fresh.token}
    assert not attachments.path_of(old, "full").exists()
    assert attachments.path_of(kept, "full").exists()


def test_files_that_no_row_knows_are_swept(media: Path) -> None:
    lost, kept = stored(), stored(seed=2)
    Attachment.objects.filter(pk=lost.pk).delete()
    with clock.at(clock.now() + timedelta(days=3)):
        count = sum(attachments.sweep_stray_files(f"{shard:02x}") for shard in range(256))
    assert count == 2
    assert attachments.path_of(kept, "full").exists()


# Who may see


@pytest.fixture
def see(client: Client, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setattr(access, "_owners", {})
    return lambda row, variant="full", **headers: client.get(f"/files/{row.token}/{variant}", headers=headers)


def test_an_owner_that_nobody_registered_shows_nothing(see: Callable[..., Any], owner: Notice) -> None:
    row = stored(by=5)
    attachments.attach([row.token], owner, by_id=5)
    assert see(row).status_code == 404


@pytest.mark.parametrize(("answer", "status"), [(True, 200), (False, 404), (None, 404), ("yes", 404)])
def test_the_owner_room_decides(see: Callable[..., Any], owner: Notice, answer: Any, status: int) -> None:
    row = stored(by=5)
    attachments.attach([row.token], owner, by_id=5)
    asked = []
    attachments.register_owner(OWNER, lambda request, pk: asked.append((request.path, pk)) or answer)
    assert see(row).status_code == status
    assert asked == [(f"/files/{row.token}/full", 7)]


def test_a_picture_never_runs(see: Callable[..., Any], owner: Notice) -> None:
    attachments.register_owner(OWNER, lambda _request, _pk: True)
    row = stored(by=5)
    attachments.attach([row.token], owner, by_id=5)
    response = see(row, "thumb")
    assert response.content == attachments.path_of(row, "thumb").read_bytes()
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Disposition"].startswith("inline")
    assert "private" in response["Cache-Control"]
    assert see(row, "thumb", if_none_match=response["ETag"]).status_code == 304
    assert see(row, "original").status_code == 404
    attachments.path_of(row, "full").unlink()
    assert see(row).status_code == 404


def test_a_guest_uploads_and_sees_his_own_draft(client: Client) -> None:
    response = client.post("/files/", {"file": SimpleUploadedFile("a.jpg", encoded(scene()))})
    assert response.status_code == 201
    token = response.json()["token"]
    assert client.get(f"/files/{token}/thumb").status_code == 200
    assert Client().get(f"/files/{token}/thumb").status_code == 404
    second = Client()
    second.post("/files/", {"file": SimpleUploadedFile("b.jpg", encoded(scene(seed=2)))})
    assert second.get(f"/files/{token}/thumb").status_code == 404


def test_a_signed_in_person_sees_his_own_draft_only(client: Client) -> None:
    users = get_user_model()
    alice, bob = (users.objects.create(username=name) for name in ("alice", "bob"))
    client.force_login(alice)
    token = client.post("/files/", {"file": SimpleUploadedFile("a.jpg", encoded(scene()))}).json()["token"]
    assert client.get(f"/files/{token}/full").status_code == 200
    client.force_login(bob)
    assert client.get(f"/files/{token}/full").status_code == 404


def test_upload_answers_with_a_sentence(client: Client) -> None:
    response = client.post("/files/", {"file": SimpleUploadedFile("a.jpg", b"<svg/>")})
    assert response.status_code == 400
    assert "照片" in response.json()["message"]
    assert client.post("/files/").status_code == 400
    assert client.get("/files/").status_code == 405
