#!/usr/bin/env python3
"""Every commit says on the last line of its message whether it changed training results:
"No functional change", or "Signature: HEX" with one that it changed in tests/signatures.toml.

  tests/commit_rule_test.py [ROOT]       checks the newest commits of the repository at ROOT
  tests/commit_rule_test.py --self-test  checks on made-up histories that the rule fires

Commits from before the file had its present form are passed over, and so are merges.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

TABLE = "tests/signatures.toml"
NEWEST = 100
SKIPPED = 77


def git(root, *args):
    return subprocess.run(["git", "-c", "safe.directory=*", "-C", root, *args], check=True,
                          capture_output=True, text=True).stdout


def signatures(root, commit):
    """(class, version, name) -> signature; nothing where the file is not there, or of old form."""
    try:
        table = tomllib.loads(git(root, "show", f"{commit}:{TABLE}"))
    except subprocess.CalledProcessError:
        return {}
    return {(cpu, version, name): signature
            for cpu, versions in table.items() for version, rows in versions.items()
            if isinstance(rows, dict) for name, signature in rows.items()}


def problem(root, commit, parent):
    """What is wrong with a commit's message, or None."""
    before, after = signatures(root, parent), signatures(root, commit)
    if not before or not after:
        return None
    changed = {after.get(row, "gone") for row, was in before.items() if after.get(row) != was}
    last = git(root, "log", "-1", "--format=%B", commit).strip().splitlines()[-1].strip()
    named = re.fullmatch(r"Signature: ([0-9a-f]{16})", last)
    if last == "No functional change":
        return "says that no result changed, but signatures did" if changed else None
    if not named:
        return "does not end with 'No functional change' or 'Signature: HEX'"
    # What no row of the table covers may change results too: then any row names the build.
    if named.group(1) not in (changed or set(after.values())):
        return f"names signature {named.group(1)}, which is none that it changed in {TABLE}"
    return None


def problems(root):
    for line in git(root, "log", f"-{NEWEST}", "--format=%H %P").splitlines():
        commit, *parents = line.split()
        if len(parents) != 1:
            continue
        try:
            git(root, "cat-file", "-e", parents[0])
        except subprocess.CalledProcessError:
            break  # the end of a shallow clone
        found = problem(root, commit, parents[0])
        if found:
            yield f"{commit[:10]}: {found}"


OLD, NEW = "0123456789abcdef", "fedcba9876543210"
# Message of a second commit, its signature, and the beginning of what is wrong with it.
HISTORIES = [
    ("a\n\nNo functional change", OLD, None),
    ("a\n\nNo functional change", NEW, "says that no result changed"),
    (f"a\n\nSignature: {NEW}", NEW, None),
    (f"a\n\nSignature: {OLD}", NEW, "names signature"),
    (f"a\n\nSignature: {OLD}", OLD, None),
    (f"a\n\nSignature: {NEW}", OLD, "names signature"),
    ("a", OLD, "does not end with"),
]


def self_test():
    failures = 0
    for message, signature, expected in HISTORIES:
        with tempfile.TemporaryDirectory() as root:
            git(root, "init", "-q")
            (Path(root) / "tests").mkdir()
            for text, value in (("first", OLD), (message, signature)):
                (Path(root) / TABLE).write_text(f'[cpu."1.0"]\nbuild = "{value}"\n')
                git(root, "add", ".")
                git(root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q",
                    "--allow-empty", "-m", text)
            found = list(problems(root))
        right = len(found) == 1 and expected in found[0] if expected else not found
        if not right:
            failures += 1
            print(f"expected {expected!r}, found {found}")
    print(f"self-test: {len(HISTORIES)} histories, {failures} failures")
    return failures


def main():
    if sys.argv[1:] == ["--self-test"]:
        return 1 if self_test() else 0
    root = sys.argv[1] if len(sys.argv) > 1 else str(Path(__file__).resolve().parent.parent)
    try:
        found = list(problems(root))
    except (subprocess.CalledProcessError, FileNotFoundError):
        print("skipped: no history here")
        return SKIPPED
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
