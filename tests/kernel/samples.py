"""Jobs that tests queue: a worker in another process must be able to import them."""

import time
from datetime import timedelta
from pathlib import Path

from gongzhi.kernel.tasks import job

ran: list[int] = []


@job(retries=2, backoff=(timedelta(seconds=1), timedelta(seconds=2)))
def note(number: int, *, times: int = 1) -> None:
    ran.extend([number] * times)


@job(retries=2, backoff=(timedelta(minutes=1), timedelta(minutes=5)))
def fail(number: int) -> None:
    ran.append(number)
    raise RuntimeError(f"no {number}")


@job(retries=0)
def write_slowly(path: str, seconds: float) -> None:
    with Path(path).open("a") as file:
        file.write("begun\n")
        file.flush()
        time.sleep(seconds)
        file.write("done\n")
