"""Starting Spark, in a process of its own: what is done meanwhile may import, since the start does not."""

import subprocess
import sys

_START = """
import sys
from conf.spark import SparkSettings
from jobs import session

launch = session.launch_gateway

def watched(*args):
    before = set(sys.modules)
    gateway = launch(*args)
    print("imported by the start:", sorted(set(sys.modules) - before))
    return gateway

session.launch_gateway = watched
spark = session.open_session(SparkSettings(master="local[1]"), meanwhile=lambda: print("meanwhile"))
print("rows:", spark.range(3).count())
"""


def test_starting_the_jvm_imports_nothing_and_what_is_done_meanwhile_comes_first() -> None:
    done = subprocess.run([sys.executable, "-c", _START], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["meanwhile", "imported by the start: []", "rows: 3"]
