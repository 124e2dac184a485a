"""`./up bench [NAME]`: the named benchmark, or all of them one after the other."""

import sys

from bench.runner import run_modules

sys.exit(run_modules("bench", sys.argv[1:], lambda name, wanted: name == wanted))
