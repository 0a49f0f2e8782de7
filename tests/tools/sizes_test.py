#!/usr/bin/env python3
"""Whatever the program reads may have been changed by anybody: shape, count, size and value are
checked before use, and the refusal is one line."""

import json
import os
import re
import resource
import shutil
import struct
import unittest

from program import SOURCE_DIR, ProgramTest, checkpoint, metrics

MEMORY = 4 << 30  # [bytes] of addresses; a start takes less than one


def limit_memory():
    if not os.environ.get("ANOLE_CRASH_SHIM"):  # a sanitizer needs terabytes of them
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def read_tensors(path):
    """The header and the data of a safetensors file."""
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8:8 + length]), data[8 + length:]


def write_tensors(path, header, data):
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


class ReadTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_dir = self.train("run", config="lines.toml")

    def refused(self, *args, **options):
        return super().refused(*args, preexec_fn=limit_memory, **options)

    def test_starts_of_another_shape_are_passed_over(self):
        """meta.json is for people, and no run depends on it."""
        good = json.loads((self.run_dir / "meta.json").read_text())["starts"][0]
        for starts in ([{}], [None], 3, [[]], [{**good, "threads": "two"}], [{**good, "end": 3}],
                       [{**good, "host": {}}], "x", [1e400], [[[[]]]]):
            text = json.dumps({"starts": starts}).replace("Infinity", "1e400")
            (self.run_dir / "meta.json").write_text(text)
            self.assertNotIn("started", self.done("info", "run"))
            self.assertEqual(json.loads(self.done("info", "run", "--json"))["starts"], [])
        for text in ("", "{", "[" * 100_000, '{"starts":' + "[" * 100_000 + "]" * 100_000 + "}"):
            (self.run_dir / "meta.json").write_text(text)
            self.assertNotIn("started", self.done("info", "run"))
        (self.run_dir / "meta.json").write_text(json.dumps({"starts": [{}, good]}))
        self.assertEqual(self.done("info", "run").count("started"), 1)
        self.done("train", "--resume", "run", "--meta.iterations=4")
        self.assertEqual(self.done("info", "run").count("started"), 2)

    def test_memory_of_another_optimizer(self):
        """A block of another size was read, or written, past its end."""
        self.train("adam", "--meta.optimizer=adam", config="lines.toml")
        self.train("momentum", "--meta.optimizer=momentum", config="lines.toml")
        file = checkpoint(self.folder / "adam", 3)
        header, data = read_tensors(file)
        metadata = header["__metadata__"]
        del metadata["checksum"]
        begin, end = header["outer_optimizer"]["data_offsets"]
        for size in (0, 1, 3, 1000):
            changed, shift = {}, begin + 8 * size - end
            for name, tensor in header.items():
                if name != "__metadata__":
                    first, last = tensor["data_offsets"]
                    if name == "outer_optimizer":
                        tensor = {**tensor, "shape": [size], "data_offsets": [first, last + shift]}
                    elif first >= end:
                        tensor = {**tensor, "data_offsets": [first + shift, last + shift]}
                changed[name] = tensor
            write_tensors(file, changed, data[:begin] + bytes(8 * size) + data[end:])
            self.refused("train", "--resume", "adam", "--meta.iterations=5",
                         says=["outer_optimizer", f" {size} elements"])
        shutil.copy(checkpoint(self.folder / "momentum", 3), file)
        self.refused("train", "--resume", "adam", "--meta.iterations=5",
                     says=["meta.optimizer", '"momentum"', '"adam"'])

    def test_numbers_that_are_less_than_they_can_be(self):
        run = self.train("cheetah", "--meta.iterations=1")
        file = checkpoint(run, 1)
        header, data = read_tensors(file)
        del header["__metadata__"]["checksum"]
        begin = header["observation/mean_square"]["data_offsets"][0]
        write_tensors(file, header, data[:begin] + struct.pack("<d", -1) + data[begin + 8:])
        for command in (["evaluate", "cheetah"], ["train", "--resume", "cheetah"],
                        ["info", "cheetah"]):
            self.refused(*command, says=["tensor observation/mean_square is damaged", "below 0"])

    def test_metrics_that_are_none(self):
        file = self.run_dir / "metrics.csv"
        whole = file.read_text().splitlines(keepends=True)
        column = whole[0].split(",").index("examples")

        def with_examples(line, examples):
            cells = line.split(",")
            cells[column] = examples
            return ",".join(cells)
        for lines, says in (
                ([whole[0], whole[2], whole[1]], "examples falls"),
                ([whole[0], whole[1], with_examples(whole[2], "-1e300")], "examples falls"),
                ([whole[0], with_examples(whole[1], "many")], "'many' is no number"),
                ([whole[0], "1,2,3\n"], "metrics.csv:2: has 3 cells"),
                ([whole[0], whole[1].strip() + ",1\n"], "metrics.csv:2: has "),
                (["," * 1_000_000 + "\n"] + 1000 * ["\n"], "has 1 cells"),
                (["x" * 1_000_000 + "\n", "1\n"], "no column of")):
            file.write_text("".join(lines))
            line = self.refused("plot", "run", "--out=a.svg", says=says)
            self.assertLess(len(line), 1000)
        file.unlink()
        file.symlink_to("/dev/zero")
        self.refused("plot", "run", "--out=a.svg", says="metrics.csv: is a link to /dev/zero")

    def test_equal_samples_are_drawn(self):
        """Of a run whose episodes all ended at once."""
        file = self.run_dir / "metrics.csv"
        head, *rows = file.read_text().splitlines()
        column = head.split(",").index("examples")
        for i, row in enumerate(rows):
            cells = row.split(",")
            cells[column] = "10"
            rows[i] = ",".join(cells)
        file.write_text("\n".join([head, *rows]) + "\n")
        self.done("plot", "run", "--out=a.svg")

    def test_results_of_a_sweep(self):
        (self.folder / "sweep").mkdir()
        for text in ("", "{}", "[]", '{"rows":[{}]}', '{"rows":[]}', '{"rows":[[]]}',
                     '{"rows":[{"name":"a","methods":[]}],"seeds":[1]}', "[" * 1_000_000, '{"rows":' + "[" * 100_000 +
                     "]" * 100_000 + "}", '{"rows":[{"name":"a","methods":[{"name":"b"}]}],'
                     '"seeds":[9e99]}'):
            self.write("sweep/results.json", text)
            self.refused("plot", "sweep", "--out=a.svg", says="sweep/results.json")

    def test_events_of_the_end_of_time(self):
        (self.run_dir / "events.out.tfevents.9223372036854775807.x").touch()
        self.done("train", "--resume", "run", "--meta.iterations=4")
        names = [path.name for path in self.run_dir.glob("events.*") if path.stat().st_size]
        self.assertEqual(len(names), 2)
        for name in names:
            self.assertRegex(name, r"^events\.out\.tfevents\.\d{10}\.")

    def test_runs_that_are_more_than_64_bits_long(self):
        self.write("huge.toml", """\
[compare]
config = "cheetah.toml"
env_steps = 1000
[method.a]
inner.rollouts = 500000
inner.updates = 4095
meta.batch_size = 1000000
task.horizon = 1000000
""")
        self.refused("compare", "huge.toml", says=["[method.a]: env_steps = 1000: not even one"])

    def test_seeds_without_end(self):
        for seeds in ("9223372036854775807", "9223372036854775806-9223372036854775807",
                      "1-9000000000000000", ",".join(map(str, range(1001)))):
            self.refused("train", "lines.toml", "--seeds", seeds, says="must be seeds as in")


class RowsTest(ProgramTest):
    def test_rows_of_long_runs_are_bounded(self):
        run = self.train("run", "--meta.iterations=1057", "--run.checkpoint_every=1",
                         config="lines.toml")
        logged = [int(row["iteration"]) for row in metrics(run)]
        self.assertEqual(logged, [*range(1, 1001), *range(1010, 1058, 10)])
        self.assertEqual(logged, [json.loads(line)["iteration"]
                                  for line in (run / "metrics.jsonl").read_text().splitlines()])
        stored = [path for path in (run / "checkpoints").iterdir() if not path.is_symlink()]
        self.assertLess(len(stored), 53)
        self.assertGreater(len(stored), 30)
        self.done("evaluate", "run", "--theta=0", "--tasks=2")

    def test_every_so_many_iterations(self):
        options = ["--run.log_every=4", "--validation.every=5"]
        run = self.train("run", *options, "--meta.iterations=12", config="lines.toml")
        self.assertEqual([row["iteration"] for row in metrics(run)], ["4", "5", "8", "10", "12"])
        self.train("stopped", *options, "--meta.iterations=7", config="lines.toml")
        self.done("train", "--resume", "stopped", "--meta.iterations=12")
        self.assertEqual([row["iteration"] for row in metrics(self.folder / "stopped")],
                         ["4", "5", "8", "10", "12"])


class NameTest(ProgramTest):
    """Names that a task file makes up stand in tables and in --goal."""

    def test_names_that_would_break_a_table(self):
        robots = SOURCE_DIR / "configs" / "robots"
        shutil.copy(robots / "cart_pole.xml", self.folder)
        text = (robots / "cart_pole.toml").read_text()
        name = re.search(r"\[\[command\]\]\nname = \"(\w+)\"", text)[1]
        for wrong in ("a,b", 'a\\"b', "a\\nb", "a|b", "a" * 65):
            self.write("task.toml", text.replace(f'"{name}"', f'"{wrong}"'))
            line = self.refused("check", "task.toml", says="must have no comma, quote, bar")
            self.assertRegex(line, r"task\.toml:\d+:\d+: name = ")
        reward = text.index("[[reward]]") + len("[[reward]]\n")
        self.write("task.toml", text[:reward] + 'name = "a,b"\n' + text[reward:])
        self.refused("check", "task.toml", says="must have no comma")


class NormalizationTest(ProgramTest):
    def test_only_where_there_is_something_to_normalise_with(self):
        """Each query alone has no variance: adaptation would seem to make the loss grow."""
        config = SOURCE_DIR / "configs" / "sine.toml"
        for family in (config, "lines.toml"):
            self.refused("train", str(family), "--run-dir=new", "--model.normalization=batch",
                         says=['model.normalization=batch', 'set it to "none"'])


if __name__ == "__main__":
    unittest.main()
