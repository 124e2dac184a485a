"""Promises shown by breaking things, each a module `<letter>_<name>.py` with `main()`: `./up proof LETTER`. None fails quietly."""
