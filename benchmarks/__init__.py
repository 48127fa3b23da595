"""The budgets of the program, measured: `python -m benchmarks`."""
