"""What our planner is measured against: general solvers on the whole problem, and the practice of today.

Written from the format alone; nothing here uses the planner.
"""
