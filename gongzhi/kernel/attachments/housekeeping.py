"""What is forgotten by itself: drafts that nobody sent, files that no row knows."""

from gongzhi.kernel import clock
from gongzhi.kernel.attachments.storing import purge_orphans, sweep_stray_files
from gongzhi.kernel.tasks import periodic


@periodic(seconds=3600)
def forget_pictures() -> int:
    """Each hour the drafts, and one of the 256 shards of files: all of them in eleven days."""
    shard = int(clock.now().timestamp() // 3600) % 256
    return purge_orphans() + sweep_stray_files(f"{shard:02x}")
