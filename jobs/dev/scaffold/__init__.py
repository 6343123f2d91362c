"""New sources, kinds of feeds, metrics and reports: every file that one needs, working from the start, to be changed into the real one."""
