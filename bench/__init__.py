"""Benchmarks, each a module with `main()`, runnable alone: `./up bench NAME`. They print ratios within one run, never bare seconds."""
