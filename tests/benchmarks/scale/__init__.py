"""How the planner fares from 500 to 1,000,000 households, on made-up weeks and on stored ones.

    python -m tests.benchmarks.scale                 # all that is not in results.csv yet for this engine
    python -m tests.benchmarks.scale --households 500 5000 --modes usual
    python -m tests.benchmarks.scale --large         # a million households too
    python -m tests.benchmarks.scale --plans ../shared/data/plans
    python -m tests.benchmarks.scale --list          # what is there and what is not
    python -m tests.benchmarks.scale --write         # table and picture into docs/planner.md, runs nothing

Every run is a process of its own, which also makes the plain greedy pass that its time is set against. A run that is
stored is not made again (`--again` makes it), so the whole can be stopped and started at will. How to read the files:

* `results.csv`: one row per instance, mode, threads and engine (the digest of its text). Modes: `usual`, `fast`
  (`Params(fast=True)`) and `certify` (`Params(bound=True)`, whose time is not that of the table). `seconds` and
  `cpu_s` are from loaded arrays to a checked plan; `memory_mib` is the most the process ever held, with Python,
  compiled code and the instance. Objective and bounds are in 1/100 cent. `load` is the machine's before the run.
* `bounds.csv`: the best certified bound ever found of each instance, by any engine. Gaps in the table are to these.
* `mending.csv`: `python -m tests.benchmarks.scale.mending`.
"""
