"""What our planner is measured against: general solvers on the whole problem, and the practice of today.

Written from the format alone; nothing here uses the planner. How to read `results.csv`:

* Every row is one run. Objective and bound are in 1/100 cent. `cpu_s` beside `seconds` says how much of the
  processors a run got: on a busy machine CP-SAT, which can use both, got a quarter to a third of them, and
  HiGHS, which uses one, got most of it. On an idle machine both, CP-SAT above all, may do better.
* The rivals' settings were chosen on these very instances, which favours the rivals: two rounds of 300 s for
  HiGHS (of the first, 739 cents a box at 500 and 757 at 2,000 households were replaced by the better form's
  results), six short runs for CP-SAT, nine values of one number for the greedy, three budgets for the bundle.
* CP-SAT ran with eight threads, and with two on 50 (both are kept) and on 2,000 households, where eight were
  not tried. There its plan is the greedy's, which it was given as a hint.
"""
