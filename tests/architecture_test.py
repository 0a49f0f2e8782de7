#!/usr/bin/env python3
"""Reads every #include and fails on an arrow against the chain, or on a library outside its home.

  tests/architecture_test.py [ROOT]      checks the repository at ROOT (default: the one it lies in)
  tests/architecture_test.py --self-test checks on planted violations that each rule fires

Looks at the files that git tracks or would track. Prints FILE:LINE: sentence, and exits 1 if there
is any.
"""

import fnmatch
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# A folder may include itself and those before it. tests/ may include everything.
CHAIN = ["configs", "envs", "agents", "meta", "tools"]
# Inside tools/: a floor may include itself and those named with it.
FLOORS = {"run": set(), "report": {"run"}, "render": {"run"}, "export": {"run"}, "bench": {"run"},
          "view": {"run", "render"},
          "python": {"run", "report", "render", "export"},
          "app": {"run", "report", "render", "view", "export", "bench"}}
# `run` prints nothing and knows no command line; the floors above it leave both to `app`.
TERMINAL = re.compile(r"fmt::print|std::(cout|cerr|printf|puts)|CommandLine|command_line\.h")
TOP_LEVEL = {*CHAIN, "tests", "CMakeLists.txt", "CMakePresets.json", "pyproject.toml", "README.md",
             "LICENSE", "CITATION.cff"}

# Library, how its headers begin, and its home: the only files outside tests/ that may include it.
# A new library is added here, with the narrowest home that serves.
LIBRARIES = [
    ("Boost.Program_options", ["boost/program_options"], ["configs/*"]),
    ("toml++", ["toml++/", "toml.hpp"], ["configs/*"]),
    ("MuJoCo", ["mujoco/"], ["envs/*", "agents/control/*", "tools/render/*"]),
    ("Random123", ["Random123/"], ["envs/*"]),
    ("Boost.Random", ["boost/random"], ["envs/*"]),
    ("Eigen", ["Eigen/", "unsupported/Eigen/"], ["envs/*", "agents/*", "meta/*", "tools/*"]),
    ("TBB", ["tbb/", "oneapi/"], ["agents/parallel_for*"]),
    ("MPI", ["mpi.h"], ["meta/communicator*"]),
    ("Boost.Math", ["boost/math"], ["meta/*"]),
    ("Boost.CRC", ["boost/crc"], ["tools/run/logs/tensorboard/event_file.cc"]),
    # tensorboard/, onnx/: what protoc makes of the .proto files of these folders
    ("protobuf", ["google/protobuf", "tensorboard/", "onnx/"],
     ["tools/run/logs/tensorboard/event_file.cc", "tools/export/formats/onnx.cc"]),
    ("libzip", ["zip.h"], ["tools/export/episodes/npz.cc"]),
    ("nlohmann-json's names", ["nlohmann/json_fwd.hpp"], ["tools/*"]),
    ("nlohmann-json", ["nlohmann/"], ["meta/safetensors.cc", "tools/*.cc"]),
    ("spdlog", ["spdlog/"], ["tools/run/logs/log.cc"]),
    ("fmt", ["fmt/"], ["tools/*"]),
    ("libpng", ["png.h"], ["envs/images/*", "tools/render/*"]),
    ("GLFW", ["GLFW/"], ["tools/view/window.cc"]),
    ("Cairo", ["cairo/", "cairo.h", "cairo-"], ["tools/report/plot/canvas.cc"]),
    ("Google Benchmark", ["benchmark/"], ["tools/bench/micro/*"]),
    ("nanobind", ["nanobind/"], ["tools/python/*"]),
    ("GoogleTest", ["gtest/", "gmock/"], []),
]
# These may stand in a header; all others are implementation.
IN_HEADERS = {"Eigen", "MuJoCo", "Random123", "Boost.Random", "GoogleTest",
              "nlohmann-json's names", "nanobind"}

# The standard library, the kernel and the compiler.
SYSTEM = re.compile(r"\w+$|(sys|linux)/|"
                    r"(cpuid|cxxabi|dlfcn|errno|execinfo|fcntl|fenv|fnmatch|immintrin|malloc|poll|pthread|sched|"
                    r"signal|spawn|termios|time|ucontext|unistd|x86intrin)\.h$")
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


def files_of(root):
    """The paths, relative to `root`, that git tracks or would track and that exist."""
    command = ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z", "--cached",
               "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return sorted({name for name in listed.split("\0") if name and (Path(root) / name).exists()})


def library_of(header):
    for name, prefixes, home in LIBRARIES:
        if any(header.startswith(prefix) for prefix in prefixes):
            return name, home
    return None, []


def include_problems(file, quote, header):
    """What is wrong with `file` including `header`, as sentences."""
    folder = file.split("/")[0]
    target = header.split("/")[0]
    if target in CHAIN or target == "tests":
        if quote == "<":
            yield f'our own headers are included with quotes: "{header}"'
        if folder == "tests":
            return
        if target == "tests":
            yield f"{folder}/ must not include tests/ ({header})"
        elif CHAIN.index(target) > CHAIN.index(folder):
            yield (f"{folder}/ must not include {target}/ ({header}); "
                   f"the chain is {' <- '.join(CHAIN)}")
        elif folder == target == "tools":
            floor, other = file.split("/")[1], header.split("/")[1]
            if floor in FLOORS and other != floor and other not in FLOORS[floor]:
                below = ", ".join(sorted(FLOORS[floor])) or "nothing"
                yield (f"tools/{floor}/ must not include tools/{other}/ ({header}); "
                       f"below it is {below}")
        return
    library, home = library_of(header)
    if library:
        at_home = any(fnmatch.fnmatchcase(file, pattern) for pattern in home)
        if folder != "tests" and not at_home:
            yield (f"{library} ({header}) must not be included here; "
                   f"its home is {', '.join([*home, 'tests/*'])}")
        elif file.endswith(".h") and library not in IN_HEADERS | (
                {"libpng"} if folder == "tests" else set()):
            yield f"{library} ({header}) must not be included by a header; include it in the .cc"
    elif quote == '"':
        yield f'"{header}" does not begin with a folder of the repository (as in "envs/random.h")'
    elif not SYSTEM.match(header) and folder != "tests":
        yield f"<{header}> is of a library without a home; name it in tests/architecture_test.py"


def problems(root):
    files = files_of(root)
    for name in sorted({file.split("/")[0] for file in files}):
        if name.startswith("."):
            continue
        if name not in TOP_LEVEL:
            yield f"{name}:1: does not belong in the top folder, which holds only " + \
                  ", ".join(sorted(TOP_LEVEL))
        if (Path(root) / name).is_dir() and f"{name}/README.md" not in files:
            yield f"{name}/README.md:1: is missing; it says what the folder is for"
    for file in files:
        if not file.endswith((".h", ".cc")) or file.split("/")[0] not in [*CHAIN, "tests"]:
            continue
        floor = file.split("/")[1] if file.startswith("tools/") else None
        if floor is not None and floor not in FLOORS:
            yield f"{file}:1: stands on no floor of tools/: {', '.join(FLOORS)}"
        lines = (Path(root) / file).read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            if floor not in (None, "app") and TERMINAL.search(line.split("//")[0]):
                yield f"{file}:{number}: only tools/app/ prints and reads the command line"
            found = INCLUDE.match(line)
            for problem in include_problems(file, *found.groups()) if found else []:
                yield f"{file}:{number}: {problem}"


# What must be found: file, text, and the beginning of the only line to be printed.
PLANTED = [
    ("configs/a.cc", '#include "envs/b.h"\n', "configs/a.cc:1: configs/ must not include envs/"),
    ("envs/a.h", '\n#include "agents/b.h"\n', "envs/a.h:2: envs/ must not include agents/"),
    ("agents/control/a.h", '#include "meta/b.h"', "agents/control/a.h:1: agents/ must not include"),
    ("meta/a.cc", '  #  include "tools/b.h"', "meta/a.cc:1: meta/ must not include tools/"),
    ("configs/a.h", '#include "tools/b.h"', "configs/a.h:1: configs/ must not include tools/"),
    ("tools/app/a.cc", '#include "tests/b.h"', "tools/app/a.cc:1: tools/ must not include tests/"),
    ("meta/a.cc", "#include <envs/b.h>", "meta/a.cc:1: our own headers are included with quotes"),
    ("meta/a.cc", '#include "b.h"', 'meta/a.cc:1: "b.h" does not begin with a folder'),
    ("meta/a.cc", '#include "../tools/b.h"', 'meta/a.cc:1: "../tools/b.h" does not begin'),
    ("envs/a.cc", "#include <boost/asio.hpp>", "envs/a.cc:1: <boost/asio.hpp> is of a library"),
    ("tools/export/a.cc", "#include <zip.h>", "tools/export/a.cc:1: libzip (zip.h) must not be"),
    ("envs/a.cc", "#include <SDL.h>", "envs/a.cc:1: <SDL.h> is of a library without a home"),
    ("envs/a.cc", "#include <boost/program_options.hpp>", "envs/a.cc:1: Boost.Program_options"),
    ("tools/app/a.cc", "#include <toml++/toml.h>", "tools/app/a.cc:1: toml++"),
    ("configs/a.cc", "#include <mujoco/mujoco.h>", "configs/a.cc:1: MuJoCo"),
    ("agents/network/a.cc", "#include <mujoco/mujoco.h>", "agents/network/a.cc:1: MuJoCo"),
    ("tools/app/a.cc", '#include "mujoco/mujoco.h"', "tools/app/a.cc:1: MuJoCo"),
    ("agents/a.cc", "#include <Random123/philox.h>", "agents/a.cc:1: Random123"),
    ("agents/a.cc", "#include <boost/random/mersenne_twister.hpp>", "agents/a.cc:1: Boost.Random"),
    ("configs/a.cc", "#include <Eigen/Core>", "configs/a.cc:1: Eigen"),
    ("agents/a.cc", "#include <tbb/parallel_for.h>", "agents/a.cc:1: TBB"),
    ("meta/a.cc", "#include <oneapi/tbb.h>", "meta/a.cc:1: TBB"),
    ("meta/trainer.cc", "#include <mpi.h>", "meta/trainer.cc:1: MPI"),
    ("agents/a.cc", "#include <boost/math/distributions.hpp>", "agents/a.cc:1: Boost.Math"),
    ("tools/app/a.cc", "#include <boost/crc.hpp>", "tools/app/a.cc:1: Boost.CRC"),
    ("tools/app/a.cc", "#include <google/protobuf/message.h>", "tools/app/a.cc:1: protobuf"),
    ("tools/run/logs/tensorboard/a.cc", "#include <tensorboard/event.pb.h>",
     "tools/run/logs/tensorboard/a.cc:1: protobuf"),
    ("meta/a.cc", "#include <nlohmann/json.hpp>", "meta/a.cc:1: nlohmann-json"),
    ("meta/a.h", "#include <nlohmann/json_fwd.hpp>", "meta/a.h:1: nlohmann-json's names"),
    ("tools/app/a.h", "#include <nlohmann/json.hpp>", "tools/app/a.h:1: nlohmann-json"),
    ("meta/a.cc", "#include <spdlog/spdlog.h>", "meta/a.cc:1: spdlog"),
    ("configs/a.cc", "#include <fmt/format.h>", "configs/a.cc:1: fmt"),
    ("tools/app/a.cc", "#include <png.h>", "tools/app/a.cc:1: libpng"),
    ("tools/view/viewer.cc", "#include <GLFW/glfw3.h>", "tools/view/viewer.cc:1: GLFW"),
    ("tools/report/plot/panel.cc", "#include <cairo/cairo.h>", "tools/report/plot/panel.cc:1: Cairo"),
    ("envs/a.cc", "#include <benchmark/benchmark.h>", "envs/a.cc:1: Google Benchmark"),
    ("tools/app/a.cc", "#include <nanobind/nanobind.h>", "tools/app/a.cc:1: nanobind"),
    ("envs/a.cc", "#include <gtest/gtest.h>", "envs/a.cc:1: GoogleTest"),
    # Inside tools/.
    ("tools/run/a.cc", '#include "tools/report/b.h"', "tools/run/a.cc:1: tools/run/ must not"),
    ("tools/report/a.cc", '#include "tools/app/b.h"', "tools/report/a.cc:1: tools/report/ must"),
    ("tools/bench/a.cc", '#include "tools/render/b.h"', "tools/bench/a.cc:1: tools/bench/ must"),
    ("tools/app/a.cc", '#include "tools/python/b.h"', "tools/app/a.cc:1: tools/app/ must not"),
    ("tools/a.cc", "", "tools/a.cc:1: stands on no floor"),
    ("tools/run/a.cc", 'fmt::print("");', "tools/run/a.cc:1: only tools/app/ prints"),
    ("tools/report/a.h", "f(const CommandLine& line);", "tools/report/a.h:1: only tools/app/"),
    # At home, but in a header.
    ("configs/a.h", "#include <toml++/toml.h>", "configs/a.h:1: toml++ (toml++/toml.h)"),
    ("agents/parallel_for.h", "#include <tbb/arena.h>", "agents/parallel_for.h:1: TBB (tbb/"),
    ("tools/run/logs/log.h", "#include <spdlog/spdlog.h>", "tools/run/logs/log.h:1: spdlog (spdlog/"),
    ("tests/a.h", "#include <nlohmann/json.hpp>", "tests/a.h:1: nlohmann-json (nlohmann/"),
    # Not an #include.
    ("notes.txt", "", "notes.txt:1: does not belong in the top folder"),
    ("docs/README.md", "", "docs:1: does not belong in the top folder"),
    ("envs/README.md", None, "envs/README.md:1: is missing"),
]
ALLOWED = {
    "configs/a.cc": '#include "configs/a.h"\n#include <boost/program_options.hpp>\n'
                    "#include <toml++/toml.h>\n#include <sys/stat.h>\n#include <string>\n",
    "envs/a.h": '#include "configs/a.h"\n#include <mujoco/mujoco.h>\n#include <Eigen/Core>\n'
                "#include <Random123/philox.h>\n#include <boost/random/normal_distribution.hpp>\n",
    "agents/control/a.cc": '#include "envs/a.h"\n#include <mujoco/mujoco.h>\n',
    "agents/parallel_for.cc": "#include <tbb/parallel_for.h>\n",
    "meta/safetensors.cc": "#include <nlohmann/json.hpp>\n#include <fcntl.h>\n",
    "meta/communicator.cc": "#include <mpi.h>\n",
    "meta/interval.cc": "#include <boost/math/distributions.hpp>\n",
    "tools/app/commands/a.cc": '#include "meta/a.h"\n#include "configs/a.h"\n#include <fmt/core.h>\n'
                           "#include <nlohmann/json.hpp>\n// no #include \"tests/b.h\"\n",
    "tools/render/a.cc": "#include <mujoco/mujoco.h>\n",
    "tools/report/plot/canvas.cc": "#include <cairo/cairo-svg.h>\n",
    "tools/run/logs/tensorboard/event_file.cc": "#include <boost/crc.hpp>\n"
                                       "#include <tensorboard/event.pb.h>\n",
    "tests/meta/a_test.cc": '#include "tools/a.h"\n#include "tests/b.h"\n#include <gtest/gtest.h>\n'
                            "#include <nlohmann/json.hpp>\n#include <tbb/parallel_for.h>\n",
    "tests/b.h": "#include <gtest/gtest.h>\n",
    ".gitignore": "/build/\n",
    "build/a.txt": "", "README.md": "", "LICENSE": "",
    **{f"{folder}/README.md": "" for folder in [*CHAIN, "tests"]},
}


def self_test():
    failures = 0
    for planted in [None, *PLANTED]:
        with tempfile.TemporaryDirectory() as root:
            subprocess.run(["git", "init", "-q", root], check=True)
            tree = dict(ALLOWED)
            if planted:
                tree[planted[0]] = planted[1]
            for name, text in tree.items():
                if text is not None:
                    path = Path(root) / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text, encoding="utf-8")
            found = list(problems(root))
        right = len(found) == 1 and found[0].startswith(planted[2]) if planted else not found
        if not right:
            failures += 1
            print(f"expected {repr(planted[2]) if planted else 'no problem'}, found {found}")
    named = {name for name, _, _ in LIBRARIES
             for planted in PLANTED if f": {name}" in planted[2]}
    for name, _, _ in LIBRARIES:
        if name not in named:
            failures += 1
            print(f"no violation is planted for {name}")
    print(f"self-test: {len(PLANTED)} planted violations, {failures} failures")
    return failures


def main():
    if sys.argv[1:] == ["--self-test"]:
        return 1 if self_test() else 0
    root = sys.argv[1] if len(sys.argv) > 1 else str(Path(__file__).resolve().parent.parent)
    found = list(problems(root))
    print(*found, sep="\n", end="\n" if found else "")
    print(f"architecture: {len(found)} problems in {len(files_of(root))} files")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
