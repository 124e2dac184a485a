"""`./up proof [LETTER]`: the proof of one letter, or of all, one line a letter."""

import sys

from bench.runner import run_modules

sys.exit(run_modules("proof", sys.argv[1:], lambda name, wanted: name.split("_")[0] == wanted.lower()))
