"""Small file systems for tests, mounted for as long as a test takes. A machine that does not allow it shows nothing."""

import os
import subprocess


def skip_unless_mounts_work(test):
    """Says so in the output: what is skipped is not shown."""
    probe = test.folder / "probe"
    probe.mkdir()
    reason = "not root"
    if os.geteuid() == 0:
        done = subprocess.run(["mount", "-t", "tmpfs", "probe", probe], capture_output=True, text=True)
        reason = done.stderr.strip()
        if done.returncode == 0:
            unmount(probe)
            return
    skip(test, f"nothing can be mounted here: {reason}")


def skip(test, reason):
    print(f"SKIPPED: {test.id()}: {reason}; it counts as not shown", flush=True)
    test.skipTest(reason)


def mount(test, path, *arguments):
    """Until the end of the test."""
    path.mkdir(mode=0o700, exist_ok=True)
    subprocess.run(["mount", *map(str, arguments), path], check=True)
    test.addCleanup(unmount, path)


def mount_tmpfs(test, path, megabytes):
    mount(test, path, "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "footfall-test")


def unmount(path):
    if os.path.ismount(path):
        # Lazily where a process that a failed test left behind still has files there.
        done = subprocess.run(["umount", path], capture_output=True)
        if done.returncode != 0:
            subprocess.run(["umount", "-l", path], check=True)


def fill(path, leave_bytes):
    """Takes the room that is left but for so much, and returns the file that has it."""
    filler = path / "filler"
    space = os.statvfs(path)
    with open(filler, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, space.f_bavail * space.f_frsize - leave_bytes))
    return filler
