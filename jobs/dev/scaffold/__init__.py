"""New sources, kinds of feeds, metrics, reports and report families: every file that one needs, working from the start, to be changed into the real one."""
