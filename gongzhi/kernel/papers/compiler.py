"""Run as a process of its own: a template and data on standard input, a PDF on standard output. Imports nothing of ours."""

import json
import resource
import sys
import tempfile
from pathlib import Path

MEMORY_LIMIT = 2 * 1024**3
CPU_LIMIT_S = 30


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
    # Imported after the limits, so that they hold for the libraries too.
    import pylopdf_fonts_zh_cn as fonts  # noqa: PLC0415
    import typst  # noqa: PLC0415

    asked = json.load(sys.stdin.buffer)
    folder = Path(str(fonts.sans_path())).parent
    with tempfile.TemporaryDirectory() as nowhere:
        compiler = typst.Compiler(
            asked["template"],
            root=asked["root"],
            font_paths=[str(folder)],
            ignore_system_fonts=True,  # the same paper on every machine
            sys_inputs={"data": asked["data"]},
            # Templates use no packages; an empty store keeps typst from looking for any elsewhere.
            package_path=nowhere,
            package_cache_path=nowhere,
        )
        made = compiler.compile(format="pdf")
    if isinstance(made, bytes):
        sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
