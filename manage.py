"""Django's command line; `./up manage COMMAND` calls it in the right environment."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")
    execute_from_command_line(sys.argv)
