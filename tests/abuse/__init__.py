"""What one account, one address or a stranger does at its worst, and how everybody else fares.

Run one at a time, by `make abuse-test`: what else the machine does would be measured too.
"""
