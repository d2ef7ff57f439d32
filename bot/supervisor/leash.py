"""Run a program that dies with the one that started it: `python -I -S leash.py SIGNAL PARENT USER PROGRAM [ARGUMENT...]`.

The kernel sends SIGNAL to the program when process PARENT ends, even when PARENT was killed with -9 and could say
nothing. USER is the account to run as, or "-" to stay who we are. Standard library only: it starts in a blink.
"""

import ctypes
import os
import pwd
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2)


def become(user: str) -> None:
    """Give up root for `user`; the order matters, each step needs the rights that the next gives away."""
    account = pwd.getpwnam(user)
    os.initgroups(user, account.pw_gid)
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    os.environ["HOME"] = account.pw_dir


def main(arguments: list[str]) -> None:
    death, parent, user, *command = arguments
    if user != "-":
        become(user)
    # After the change of user: the kernel forgets the wish whenever credentials change.
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(death), 0, 0, 0)
    if os.getppid() != int(parent):  # it died before we could ask to be told
        raise SystemExit(1)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and a program inherits what is ignored
    try:
        os.execvp(command[0], command)  # noqa: S606
    except OSError as error:
        sys.stderr.write(f"{command[0]} cannot be run: {error.strerror}\n")
        raise SystemExit(127) from None


if __name__ == "__main__":
    main(sys.argv[1:])
