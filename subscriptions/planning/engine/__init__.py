"""The compiled part of planning: one box at going prices, and passes over many boxes."""
