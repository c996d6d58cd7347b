"""Runs commands in turns and tells what each run cost. Reads {"rounds", "commands": [{"name", "argv", "env", "cwd"}]}.

Python because it has wait4, which tells the CPU time and the peak memory of one child; Node.js has not. A round runs each
command once, so that a slow minute of the machine is everybody's.
"""
import json
import os
import sys
import time


def run(command):
    environment = {**os.environ, **command.get("env", {})}
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    os.chdir(command["cwd"])
    begin = time.perf_counter()
    pid = os.posix_spawnp(command["argv"][0], command["argv"], environment, file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    return {
        "code": os.waitstatus_to_exitcode(status),
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss / 1024,
    }


plan = json.load(sys.stdin)
runs = {command["name"]: [] for command in plan["commands"]}
for command in plan["commands"]:
    run(command)  # not counted: it fills the file cache
for _ in range(plan["rounds"]):
    for command in plan["commands"]:
        runs[command["name"]].append(run(command))
json.dump(runs, sys.stdout)
