"""Either side in an interpreter of the person's own, inside bubblewrap: requests and replies are lines on two pipes.

Started as `python -s -B pipe.py ROLE LIMITS`. The candidate's interpreter takes its limits on itself before it sees a
line of the program; they are hard ones, and nothing in here may raise them again.
"""

import json
import os
import sys

# Numbers far above those a program opens; closed for programs that it starts.
REQUESTS, REPLIES = 900, 901


def private_pipes():
    os.dup2(0, REQUESTS, inheritable=False)
    os.dup2(1, REPLIES, inheritable=False)
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nothing, fd)
    os.close(nothing)
    return open(REQUESTS, encoding="utf-8", closefd=False), open(REPLIES, "w", encoding="utf-8", closefd=False)


def limit(limits):
    import resource

    for name, value in limits.items():
        kind = getattr(resource, "RLIMIT_" + name)
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (most, most))


def main():
    role, limits = sys.argv[1], json.loads(sys.argv[2])
    os.environ.clear()
    os.environ["HOME"] = "/tmp"
    requests, replies = private_pipes()
    sys.argv[:] = [""]

    def say(text):
        replies.write(text + "\n")
        replies.flush()

    if role == "checker":
        import checker

        def ask(request, ms):
            say(json.dumps({"kind": "ask", "request": request, "ms": ms}))
            return json.loads(requests.readline())

        limit(limits)
        say(json.dumps({"kind": "ready"}))
        for line in requests:
            say(json.dumps({"kind": "judged", "outcome": checker.judge(json.loads(line), ask)}))
    else:
        import candidate

        exec(candidate.CONTEST, {})
        sys.setrecursionlimit(1000)
        limit(limits)
        say("ready")
        for line in requests:
            say(candidate.handle(line))


main()
