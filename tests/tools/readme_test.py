#!/usr/bin/env python3
"""What the READMEs say can be typed, and what they name is there.

Each command of anole in a README, in a block of shell or in a sentence, runs as it is written, in a
folder with runs as small as can be. What would train or measure for long is given options that make
it small, as TINY has them; words in capitals stand for what PLACES says.
"""

import glob
import json
import re
import shlex
import shutil
import subprocess
import tempfile
import tomllib
import unittest
from pathlib import Path

from program import ANOLE, CHEETAH, DEADLINE, SOURCE_DIR, is_fetched

FOLDERS = ["configs", "envs", "agents", "meta", "tools", "tests"]
READMES = [SOURCE_DIR / "README.md"]
for top in FOLDERS:
    READMES += sorted(SOURCE_DIR.glob(f"{top}/**/README.md"))
READMES.append(SOURCE_DIR / "configs/LESSON.md")

# What the READMEs' words in capitals stand for; of several values each takes the next one.
PLACES = {
    "RUN": ["runs/cheetah-1", "runs/cheetah-2", "runs/cheetah-3"],
    "CONFIG.toml": ["lizard.toml"], "CONFIG": ["lizard.toml"], "TASK.toml": ["robot.toml"],
    "configs/NAME.toml": ["configs/linear-regression.toml"], "NAME": ["linear-regression"],
    "runs/NAME-*": ["runs/linear-regression-*"], "zoo:NAME": ["zoo:linear-regression"],
    "FILE": ["episodes.csv"], "FILE.csv": ["episodes.csv"], "DIR": ["exported"],
    "FILE.safetensors": ["adapted.safetensors"], "FILE.svg": ["a.svg"], "FILE.mp4": ["a.mp4"],
    "FILE.png": ["a.png"], "FILE.json": ["a.json"], "NAME-PATTERN": ["start-up"],
    "COMMAND": ["train"], "SECTION": ["inner"], "FAMILY": ["cheetah-velocity"], "OPTION": ["inner.step_size"], "N": ["1"], "K": ["1"], "S": ["7"], "k": ["1"],
}
OF_COMMANDS = {  # and of some commands something else
    "compare": {"SPEC.toml": ["compare.toml"]}, "tune": {"SPEC.toml": ["tune.toml"]},
    "train": {"RUN": ["runs/lizard-9"]},
}

# What is typed behind commands: the first whose name begins a command is taken.
CONTROL = ("--meta.iterations=1 --meta.batch_size=2 --inner.rollouts=1 --evaluation.tasks=6 "
           "--evaluation.rollouts=2")
TINY = {
    "train --resume": "--meta.iterations=3",
    "train lizard.toml --seeds": "--meta.iterations=1",
    "train configs/linear-regression.toml --seeds": "--meta.iterations=1",
    "train configs/rl2-velocity.toml --seeds": CONTROL + " --task.horizon=10",
    "train configs/quadruped.toml": CONTROL + " --overwrite",
    "train configs/quickstart.toml": CONTROL + " --overwrite",
    "train configs/metaworld-reach.toml": CONTROL + " --overwrite",
    "train configs/metaworld-push.toml": CONTROL + " --overwrite",
    "train configs/go1.toml": CONTROL,
    "train configs/ur5e.toml": CONTROL,
    "train configs/crazyflie.toml": CONTROL,
    "train configs/fetch-reach.toml": CONTROL,
    "train zoo:cheetah-direction": CONTROL + " --task.horizon=10",
    "train": "--meta.iterations=1 --overwrite",
    "evaluate zoo:cheetah-direction": "--tasks=1 --rollouts=1",
    "evaluate zoo:rl2-velocity": "--tasks=1 --rollouts=1",
    "render runs/quadruped-1": "--size=256x64 --quality=draft --strip=strip.png",
    "render": "--size=256x64 --quality=draft",
    "reproduce": "--seeds=1",
    "bench --signature": "",
    "bench start-up": "",
    "bench": "start-up --repetitions=1",
}
# What a sentence does not say twice.
SHORTENED = {
    "anole adapt RUN --episodes FILE...": "anole adapt RUN --episodes FILE --out FILE.safetensors",
    "anole export --theta dog.safetensors":
        "anole export runs/quadruped-1 --theta dog.safetensors --out DIR",
}
ALONE = ["list", "zoo", "info", "manual", "bench"]  # others in a sentence are only mentioned

# What begins other lines, and commands that do not run here, and why.
ELSEWHERE = {
    "tools/quickstart": "installs, builds, trains", "tools/setup": "installs packages",
    "tools/zoo_tables": "zoo_test.py runs it", "tools/glyphs": "fetches Pillow",
    "pip": "compiles for minutes", "cmake": "builds",
    "build/release/anole_microbench": "built on request", "mpirun": "starts on several machines",
    "srun": "starts on several machines",
    "anole compare configs/compare/few-shot.toml": "takes the pictures of tools/glyphs",
    **{f"anole compare configs/compare/{name}.toml": "reads a robot's meshes for each of its runs"
       for name in ("go1", "ur5e", "crazyflie")},
}

FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
# A path in the repository, and no folder of a README's own; "*" and "{a,b}" are wildcards.
IN_REPOSITORY = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w./*-]*[\w*/]")


def prose(text):
    return FENCED.sub("", text)


def anchor(heading):
    """The name that a heading has in links, by the rule of web pages that show READMEs."""
    words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def commands(text):
    """The shell commands of a README: those in blocks, then those of sentences and tables."""
    for language, block in FENCED.findall(text):
        for line in block.splitlines():
            line = re.sub(r"(^|\s+)#.*", "", line)
            if line and (language == "sh" or (not language and line.startswith("anole "))):
                yield from line.split(" && ")
    paragraphs = re.split(r"\n(?=\|)|\n\n", prose(text))  # each row of a table is one
    for paragraph in paragraphs:
        codes = [" ".join(code.split()) for code in CODE.findall(paragraph)]
        for code in codes:
            if re.match(r"(build/release/)?anole .", code):
                yield code
            elif paragraph.startswith("| `anole ") and re.match("--[a-z]", code):
                yield with_flag(codes[0], code)


def with_flag(command, flag):
    """A command of a table's row with a flag that the row tells of."""
    verb = " ".join(command.split()[:2])
    if flag.split()[0] in ("--add", "--resume"):
        return f"{verb} {flag}"
    if flag.split()[0] == "--task":  # in place of the goal
        command = re.sub(r" --goal \S+", "", command)
    return f"{command} {flag}"


class ReadmeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="anole-test-")
        cls.addClassCleanup(folder.cleanup)
        cls.worlds = Path(folder.name)
        cls.made = cls.worlds / "made"
        cls.make()
        told = json.loads(cls.done("info", "--json"))
        cls.films = any(back_end["works"] for back_end in told["rendering"])

    @classmethod
    def done(cls, *args):
        result = subprocess.run([ANOLE, *args], cwd=cls.made, stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, timeout=DEADLINE, check=False)
        assert result.returncode == 0, f"anole {args} failed: {result.stderr}"
        return result.stdout

    @classmethod
    def make(cls):
        """What commands find: configs, and runs under the names that READMEs have."""
        shutil.copytree(SOURCE_DIR / "configs", cls.made / "configs",
                        ignore=shutil.ignore_patterns("*.cc", "*.h"))
        for spec in cls.made.glob("configs/[ct]*/*.toml"):  # compare, tune
            spec.write_text(cls.small(spec.read_text()))
        for name in ("cheetah.toml", "lizard.toml"):
            (cls.made / name).write_text(CHEETAH.replace("horizon = 60", "horizon = 20"))
        (cls.made / "compare.toml").write_text(
            '[compare]\nconfig = "cheetah.toml"\nenv_steps = 240\nseeds = [1, 2]\n'
            '[method.reptile]\n[method.random]\nenv_steps = 0\n')
        (cls.made / "tune.toml").write_text(
            '[compare]\nconfig = "cheetah.toml"\nenv_steps = 240\nseeds = [1, 2]\n'
            '[tune]\ntrials = 2\nrungs = 1\nseeds = [101]\ntasks = 2\n'
            '[method.reptile.space]\ninner.step_size = [0.01, 0.1]\n')
        robots = SOURCE_DIR / "configs/robots"
        shutil.copy(robots / "quadruped.toml", cls.made / "robot.toml")
        shutil.copy(robots / "quadruped.xml", cls.made)
        shutil.copy(robots / "quadruped.xml", cls.made / "dog.xml")
        cls.done("train", "cheetah.toml", "--seeds=1-3", "--quiet", "--meta.iterations=2",
                 "--validation.every=1", "--validation.tasks=2", "--meta.average=0.9")
        for name in ("quickstart", "lizard-9"):
            shutil.copytree(cls.made / "runs/cheetah-1", cls.made / "runs" / name)
        cls.done("train", "configs/quadruped.toml", *CONTROL.split())
        for run, episodes, adapted in [("cheetah", "episodes.csv", "adapted.safetensors"),
                                       ("quadruped", "day1.csv", "dog.safetensors")]:
            cls.done("record", f"runs/{run}-1", "--task=0", "--out", episodes)
            cls.done("adapt", f"runs/{run}-1", "--task=0", "--out", adapted)
        cls.done("export", "runs/cheetah-1", "--out", "exported")

    @staticmethod
    def small(spec):
        """A comparison of some iterations of some steps, and no more options than these changed."""
        spec = re.sub(r"^(env_steps = )[1-9.e]+(?= |$).*$", r"\g<1>3e3", spec, flags=re.MULTILINE)
        for line, small in [("seeds = \\[1,", "seeds = [1]"), ("seeds = \\[101", ""),
                            ("trials = ", "trials = 2\nseeds = [101]"), ("rungs = ", "rungs = 1")]:
            spec = re.sub(f"^{line}.*$", small, spec, flags=re.MULTILINE)
        if "[all]\n" not in spec:
            spec = spec.replace("\n[method.", "\n[all]\n[method.", 1)
        return spec.replace("[all]\n", "[all]\ntask.horizon = 10\ninner.rollouts = 1\n"
                            "evaluation.tasks = 2\nevaluation.rollouts = 1\n")

    def words(self, command):
        """The words of a command of anole as they are typed here."""
        words = shlex.split(re.sub(r"[][]", "", SHORTENED.get(command, command)))[1:]
        if len(words) == 1 and words[0] not in ALONE:
            return ["help", *words]  # fails where there is no such command
        places = {name: iter(values)
                  for name, values in (PLACES | OF_COMMANDS.get(words[0], {})).items()}
        typed = []
        for word in words:
            name = word.removesuffix("...")
            value = next(places[name]) if name in places else name
            typed += sorted(glob.glob(value, root_dir=self.world)) if "*" in value else [value]
        for beginning, options in TINY.items():
            if " ".join(typed).startswith(beginning):
                made_small = {option.split("=")[0] for option in options.split() if "=" in option}
                return [word for word in typed if word.split("=")[0] not in made_small] + \
                    options.split()
        return typed

    def before(self, typed):
        """Takes away what is there already and would not be replaced."""
        if typed[0] == "export":
            shutil.rmtree(self.world / typed[typed.index("--out") + 1], ignore_errors=True)
        if typed[:2] == ["zoo", "--add"]:
            shutil.rmtree(self.world / "configs/zoo" / typed[2], ignore_errors=True)

    def test_commands(self):
        ran, helped, elsewhere = [], [], []
        for readme in READMES:
            name = str(readme.relative_to(SOURCE_DIR))
            self.world = self.worlds / name
            shutil.copytree(self.made, self.world)
            (self.world / ".deps").symlink_to(SOURCE_DIR / ".deps")
            for command in dict.fromkeys(commands(readme.read_text())):
                with self.subTest(readme=name, command=command):
                    program, *_ = command.split()
                    reason = ELSEWHERE.get(command) or ELSEWHERE.get(program)
                    if any(is_fetched(SOURCE_DIR / word)
                           for word in re.findall(r"configs/[\w-]+\.toml", command)
                           if (SOURCE_DIR / word).exists()):
                        reason = "its model comes from tools/fetch_python robots"
                    if command.startswith("anole view"):
                        reason = "opens a window: view_test.py"
                    if command.startswith("anole render") and not self.films:
                        reason = "nothing here can render"
                    if reason:
                        elsewhere.append(f"{name}: {command}  ({reason})")
                        self.named_files_exist(command)
                        # What mpirun and srun start runs alone.
                        _, _, command = command.partition(" build/release/")
                        if not command.startswith("anole "):
                            continue
                    self.assertRegex(command, r"^(build/release/)?anole ", "nobody has said why it "
                                     "does not run: ELSEWHERE")
                    typed = self.words(command)
                    self.before(typed)
                    result = subprocess.run([ANOLE, *typed], cwd=self.world, text=True, check=False,
                                            stdin=subprocess.DEVNULL, capture_output=True,
                                            timeout=DEADLINE)
                    self.assertEqual(result.returncode, 0,
                                     f"anole {' '.join(typed)}\n{result.stderr}")
                    (helped if typed[0] == "help" else ran).append(command)
        print(f"{len(ran)} commands of {len(READMES)} READMEs ran, {len(helped)} more told their",
              "help; not run here:\n  " + "\n  ".join(elsewhere))
        self.assertGreater(len(ran), 50)

    def named_files_exist(self, text, *folders):
        for path in IN_REPOSITORY.findall(text.replace("NAME", "*").replace("FOLDER", "*")):
            self.assertTrue(any(any(folder.glob(path)) for folder in (SOURCE_DIR, *folders)),
                            f"{path} is not there")

    def test_files_that_are_named(self):
        for readme in READMES:
            text = readme.read_text()
            blocks = [block for language, block in FENCED.findall(text) if language in ("", "sh")]
            for code in [*CODE.findall(prose(text)), *blocks]:
                with self.subTest(readme=str(readme.relative_to(SOURCE_DIR)), code=code):
                    self.named_files_exist(code, readme.parent)

    def test_links(self):
        for readme in READMES:
            for link in LINK.findall(prose(readme.read_text())):
                if link.startswith("https://"):
                    continue
                with self.subTest(readme=str(readme.relative_to(SOURCE_DIR)), link=link):
                    path, _, name = link.partition("#")
                    file = readme.parent / path if path else readme
                    self.assertTrue(file.exists(), f"{path} is not there")
                    if name:
                        headings = HEADING.findall(prose(file.read_text()))
                        self.assertIn(name, [anchor(heading) for heading in headings])

    def test_toml(self):
        """Configs train, task files are well, the rest is TOML."""
        self.world = self.made
        for readme in READMES:
            for language, block in FENCED.findall(readme.read_text()):
                if language != "toml":
                    continue
                with self.subTest(readme=str(readme.relative_to(SOURCE_DIR)), block=block):
                    tables = tomllib.loads(block)
                    (self.world / "block.toml").write_text(block)
                    if "robot" in tables:
                        self.done("check", "block.toml", "--episodes=2")
                    elif "task" in tables:
                        self.done("train", "block.toml", "--overwrite", *CONTROL.split(),
                                  "--task.horizon=10")


if __name__ == "__main__":
    unittest.main()
