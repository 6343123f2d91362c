"""Starting Spark, in a process of its own: what is done meanwhile may import, since the start does not."""

import subprocess
import sys

_START = """
import sys
from conf.spark import SparkSettings
from jobs.spark.session import open_session

def meanwhile():
    import colorsys

before = set(sys.modules)
spark = open_session(SparkSettings(master="local[1]"), meanwhile=meanwhile)
print("imported:", sorted(set(sys.modules) - before))
print("rows:", spark.range(3).count())
"""


def test_starting_spark_imports_nothing_beside_what_is_done_meanwhile() -> None:
    done = subprocess.run([sys.executable, "-c", _START], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["imported: ['colorsys']", "rows: 3"]
