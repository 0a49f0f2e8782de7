#!/usr/bin/env python3
"""`anole render`: films what was scored, on every back end the same, and fails in clear words."""

import csv
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import ANOLE, CHEETAH, DEADLINE, ProgramTest, tree

POINT = """\
[task]
family = "point-navigation"
horizon = 20
[policy]
hidden = [8]
[inner]
rollouts = 2
[meta]
iterations = 1
batch_size = 2
[evaluation]
tasks = 3
updates = 2
rollouts = 2
"""
LIBRARIES = ["libEGL.so.1", "libEGL.so", "libOSMesa.so.8", "libOSMesa.so.6", "libOSMesa.so"]
NO_EGL = {"__EGL_VENDOR_LIBRARY_FILENAMES": "/nonexistent"}  # EGL is there, but no driver


def environment(**changes):
    """This process's environment without choices of a back end."""
    clean = {name: value for name, value in os.environ.items()
             if name not in ("MUJOCO_GL", "MUJOCO_EGL_DEVICE_ID", "EGL_PLATFORM")}
    return {**clean, **changes}


def png_size(path):
    header = path.read_bytes()[:24]
    assert header.startswith(b"\x89PNG\r\n\x1a\n"), path
    return struct.unpack(">II", header[16:24])


def gif_delays(path):
    """Of each frame [1/100 s], as viewers read them."""
    data, delays, place = path.read_bytes(), [], 13
    if data[10] & 0x80:  # a global table of colours
        place += 3 << ((data[10] & 7) + 1)
    while data[place] != 0x3B:  # the end
        if data[place] == 0x21:  # an extension
            if data[place + 1] == 0xF9:
                delays.append(struct.unpack("<H", data[place + 4:place + 6])[0])
            place += 2
        else:  # an image
            place += 10 + (3 << ((data[place + 9] & 7) + 1) if data[place + 9] & 0x80 else 0) + 1
        while data[place]:  # blocks
            place += data[place] + 1
        place += 1
    return delays


def film_length(path):
    """[s], for those who watch it."""
    if path.is_dir():
        with open(path / "frames.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert [row["file"] for row in rows] == sorted(file.name for file in path.glob("*.png"))
        return sum(float(row["duration_s"]) for row in rows)
    if path.suffix == ".gif":
        return sum(delay if delay > 1 else 10 for delay in gif_delays(path)) / 100
    text = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of",
                           "csv=p=0", path], check=True, capture_output=True, text=True).stdout
    return float(text)


ROBOT_XML = """\
<mujoco>
  <option timestep="0.005"/>
  <worldbody>
    <light pos="0 0 3"/>
    <body name="arm">
      <joint name="hinge" axis="0 1 0" damping="1"/>
      <geom type="capsule" fromto="0 0 0 .3 0 0" size=".05"/>
    </body>
  </worldbody>
  <actuator><motor joint="hinge"/></actuator>
</mujoco>
"""
ROBOT_TASK = """\
[robot]
model = "robot.xml"
control_dt = {control_dt}
horizon = 150
[[action]]
actuators = "*"
[[observation]]
term = "joint_positions"
[[reward]]
term = "action"
"""
ROBOT_CONFIG = """\
[task]
family = "robot"
file = "robot.toml"
[policy]
hidden = []
[inner]
updates = 1
rollouts = 1
[meta]
iterations = 0
[evaluation]
tasks = 1
rollouts = 1
"""


class RenderTest(ProgramTest):
    """Each test finds finished runs of a cheetah and of a point, and an empty one."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="anole-test-")
        cls.addClassCleanup(folder.cleanup)
        cls.runs = Path(folder.name)
        cls.prepare("cheetah", CHEETAH, "--meta.iterations=2")
        cls.prepare("point", POINT)
        cls.prepare("none", CHEETAH)
        shutil.rmtree(cls.runs / "none" / "checkpoints")
        (cls.runs / "none" / "checkpoints").mkdir()
        result = subprocess.run([ANOLE, "render", cls.runs / "point", "--updates=0",
                                 "--size=64x64", "--task.horizon=1", "--out", cls.runs / "frames"],
                                env=environment(), capture_output=True, text=True, check=False)
        cls.why_not = "" if result.returncode == 0 else result.stderr

    @classmethod
    def prepare(cls, name, config, *args):
        (cls.runs / f"{name}.toml").write_text(config, encoding="utf-8")
        subprocess.run([ANOLE, "train", f"{name}.toml", "--run-dir", name, *args], cwd=cls.runs,
                       check=True, capture_output=True)

    def setUp(self):
        super().setUp()
        for name in ("cheetah", "point", "none"):
            shutil.copytree(self.runs / name, self.folder / name, symlinks=True)
        self.env = environment()

    def need_gl(self):
        if self.why_not:
            self.skipTest(f"nothing can be rendered here: {self.why_not}")

    def need_ffmpeg(self):
        for program in ("ffmpeg", "ffprobe"):
            if shutil.which(program) is None:
                self.skipTest(f"{program} is not installed")

    def render(self, *args, run="cheetah", size="160x120", env=None):
        quality = [] if any(arg.startswith("--quality") for arg in args) else ["--quality=draft"]
        return self.anole("render", run, *quality, f"--size={size}", *args,
                          env=env or self.env)

    def rendered(self, *args, **options):
        result = self.render(*args, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def probe(self, path):
        entries = "stream=codec_name,pix_fmt,width,height,avg_frame_rate,nb_read_frames"
        text = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_entries",
                               f"{entries}:format=duration", "-of", "json", path],
                              check=True, capture_output=True, text=True).stdout
        data = json.loads(text)
        return {**data["streams"][0], "duration": float(data["format"]["duration"])}


class MotionTest(RenderTest):
    def test_shows_the_episodes_that_evaluate_scores(self):
        self.need_gl()
        # With one episode an update, its score is the return of the one that is shown.
        options = ["--evaluation.rollouts=1", "--evaluation.updates=2", "--evaluation.seed=5"]
        scores = json.loads(self.done("evaluate", "cheetah", "--json", *options))["tasks"][1]
        shown = self.rendered("--task=1", "--updates=2,0", "--out=frames", *options).stdout
        returns = dict(re.findall(r"^return after (\d+) updates?: (\S+)$", shown, re.M))
        expected = {str(k): f"{scores['return'][k]:.5g}" for k in (2, 0)}
        self.assertEqual({k: f"{float(value):.5g}" for k, value in returns.items()}, expected)
        self.assertEqual(len(list((self.folder / "frames").glob("*.png"))), 2 * 60)

    def test_a_goal_of_ones_own(self):
        self.need_gl()
        for run, goal in (("cheetah", "1.5"), ("point", "0.1,-0.2")):
            result = self.rendered("--goal", goal, "--updates=0", "--task.horizon=2", "--out=f",
                                   run=run)
            self.assertNotIn("warning", result.stderr)
            name = {"cheetah": "goal_velocity 1.5 m/s", "point": "target_x 0.1 m, target_y -0.2 m"}
            self.assertTrue(result.stdout.startswith(f"goal: {name[run]}\n"), result.stdout)

    def test_a_goal_outside_the_range_is_warned_of(self):
        self.need_gl()
        result = self.rendered("--goal=7", "--updates=0", "--task.horizon=2", "--out=frames")
        self.assertIn("warning: --goal=7: goal_velocity is outside 0 to 3", result.stderr)

    def test_random_initial_parameters(self):
        self.need_gl()
        trained = self.rendered("--updates=0", "--out=a").stdout
        random = self.rendered("--updates=0", "--theta=random", "--out=b").stdout
        self.assertNotEqual(trained, random)


class PictureTest(RenderTest):
    def frames(self, name, env=None, **options):
        self.rendered("--updates=0,1", "--side-by-side", "--task.horizon=3", f"--out={name}",
                      env=env, **options)
        return tree(self.folder / name)

    def test_back_ends_draw_the_same_bytes(self):
        self.need_gl()
        works = {}
        for name, changes in (("egl", {"MUJOCO_GL": "egl"}), ("osmesa", {"MUJOCO_GL": "osmesa"}),
                              ("after a failure", NO_EGL)):
            env = environment(**changes)
            if self.render("--updates=0", "--task.horizon=1", "--out=try", env=env).returncode == 0:
                works[name] = self.frames(f"frames of {name}", env)
        if len(works) < 2:
            self.skipTest(f"only one back end is here: {list(works)}")
        first, *others = works.values()
        self.assertEqual(len(first), 3 + 1)
        for other in others:
            self.assert_same_files(other, first)

    def test_frames_are_repeatable(self):
        self.need_gl()
        self.assert_same_files(self.frames("b", run="point"), self.frames("a", run="point"))

    def test_a_folder_loses_the_frames_of_a_longer_video(self):
        self.need_gl()
        (self.folder / "frames").mkdir()
        self.write("frames/notes.txt", "stays")
        self.rendered("--updates=0", "--task.horizon=5", "--out=frames")
        self.rendered("--updates=0", "--task.horizon=2", "--out=frames")
        self.assertEqual(sorted(tree(self.folder / "frames")),
                         ["frame_00000.png", "frame_00001.png", "frames.csv", "notes.txt"])
        self.assertEqual(png_size(self.folder / "frames" / "frame_00000.png"), (160, 120))

    def test_a_strip_alone(self):
        self.need_gl()
        before = set(tree(self.folder))
        self.rendered("--updates=0,1,2", "--task.horizon=5", "--strip=new/strip.png")
        self.assertEqual(set(tree(self.folder)) - before, {"new", "new/strip.png"})
        width, height = png_size(self.folder / "new" / "strip.png")
        self.assertGreater(width / height, 6 / 3)

    def test_tells_that_draft_is_faster_where_there_is_no_gpu(self):
        env = environment(MUJOCO_GL="osmesa")
        frames = ["--updates=0", "--task.horizon=1", "--out=frames"]
        result = self.render(*frames, "--quality=full", env=env)
        if result.returncode != 0:
            self.skipTest(f"OSMesa is not here: {result.stderr}")
        hint = "no GPU is used here: --quality draft is four times as fast\n"
        self.assertTrue(result.stderr.startswith(hint), result.stderr)
        self.assertNotIn(hint, self.rendered(*frames, "--quality=draft", env=env).stderr)

    def test_without_ffmpeg_there_are_frames(self):
        self.need_gl()
        result = self.rendered("--updates=0", "--task.horizon=2", "--out=video.mp4",
                               env=environment(PATH="/nonexistent"))
        self.assertIn("warning: there is no ffmpeg here", result.stderr)
        self.assertIn("2 frames are in video (160x120, ", result.stderr)
        self.assertTrue(result.stderr.endswith("; install ffmpeg for a video\n"), result.stderr)
        self.assertEqual(sorted(tree(self.folder / "video")),
                         ["frame_00000.png", "frame_00001.png", "frames.csv"])
        self.assertFalse((self.folder / "video.mp4").exists())


class VideoTest(RenderTest):
    def setUp(self):
        super().setUp()
        self.need_gl()
        self.need_ffmpeg()

    def test_mp4_plays_in_browsers(self):
        self.rendered("--updates=0,1", "--side-by-side", "--out=a.mp4", size="240x100")
        video = self.probe(self.folder / "a.mp4")
        self.assertEqual((video["codec_name"], video["pix_fmt"]), ("h264", "yuv420p"))
        self.assertEqual((video["width"], video["height"]), (240, 100))
        self.assertEqual(video["avg_frame_rate"], "20/1")
        self.assertEqual(video["nb_read_frames"], "60")
        self.assertAlmostEqual(video["duration"], 60 / 20, places=2)
        # The index comes first: a player need not have the whole file.
        data = (self.folder / "a.mp4").read_bytes()
        self.assertLess(data.index(b"moov"), data.index(b"mdat"))

    def test_one_after_the_other_is_as_long_as_both(self):
        self.rendered("--updates=0,1", "--task.horizon=10", "--out=a.mp4")
        self.assertEqual(self.probe(self.folder / "a.mp4")["nb_read_frames"], "20")

    def test_gif_may_have_odd_sizes(self):
        self.rendered("--updates=0", "--out=a.gif", run="point", size="161x121")
        video = self.probe(self.folder / "a.gif")
        self.assertEqual((video["codec_name"], video["width"], video["height"]), ("gif", 161, 121))
        self.assertEqual(video["nb_read_frames"], "20")

    def test_by_default_the_video_lies_in_the_run(self):
        self.rendered("--updates=0", "--task.horizon=2")
        self.assertTrue((self.folder / "cheetah" / "videos" /
                         "adaptation-updates=0-task.horizon=2.mp4").exists())
        self.train("cheetah", "--overwrite")  # as a product of the run, it is in nobody's way

    def test_films_last_as_long_as_the_episode(self):
        """For control steps that a GIF, or a player of MP4, could not show frame by frame."""
        for physics_steps in (1, 2, 3, 4, 8, 25):  # of 5 ms
            dt = 0.005 * physics_steps
            self.rewrite_control_step(physics_steps)
            expected = 150 * dt
            for name in ("a.gif", "a.mp4", "frames"):
                self.rendered("--updates=0", f"--out={name}", run="robot", size="64x64")
                length = film_length(self.folder / name)
                self.assertLess(abs(length - expected), 0.02 * expected, f"{name} of {dt} s")

    def rewrite_control_step(self, physics_steps):
        """A run of a robot that does next to nothing, with this control step."""
        shutil.rmtree(self.folder / "robot", ignore_errors=True)
        self.write("robot.xml", ROBOT_XML)
        self.write("robot.toml", ROBOT_TASK.format(control_dt=0.005 * physics_steps))
        self.write("config.toml", ROBOT_CONFIG)
        self.train("robot", config="config.toml")

    def test_names_that_look_like_options_or_protocols(self):
        self.rendered("--updates=0", "--task.horizon=1", "--out=-x:y %d.mp4")
        self.assertTrue((self.folder / "-x:y %d.mp4").exists())

    def test_ffmpeg_that_fails_is_quoted(self):
        (self.folder / "bin").mkdir()
        fake = self.folder / "bin" / "ffmpeg"
        fake.write_text("#!/bin/sh\necho 'it is monday' >&2\nexit 3\n")
        fake.chmod(0o755)
        result = self.render("--updates=0", "--out=a.mp4",
                             env=environment(PATH=f"{fake.parent}:{os.environ['PATH']}"))
        self.assertEqual(result.returncode, 1)
        self.assertIn("anole: a.mp4: ffmpeg failed (exit code 3): it is monday\n", result.stderr)
        self.assertFalse((self.folder / "a.mp4").exists())


class TerminalTest(RenderTest):
    """What a person sees, and presses."""

    def setUp(self):
        super().setUp()
        self.need_gl()
        self.need_ffmpeg()

    def stop(self, *args, signal_number):
        """Starts what would take minutes, and stops it after some frames: exit code, stderr."""
        process = subprocess.Popen(
            [ANOLE, "render", "cheetah", "--quality=draft", "--size=160x120", "--updates=0",
             "--task.horizon=1000", *args], cwd=self.folder, env=self.env, stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL, text=True)
        self.addCleanup(process.kill)
        line = process.stderr.readline()
        self.assertTrue(line.startswith("frame "), line)
        process.send_signal(signal_number)
        _, text = process.communicate(timeout=DEADLINE)
        return process.returncode, text

    def test_an_interrupted_video_leaves_the_one_before(self):
        self.rendered("--updates=0", "--task.horizon=1")
        before = tree(self.folder)
        for signal_number in [signal.SIGINT, signal.SIGTERM]:
            exit_code, text = self.stop(signal_number=signal_number)
            self.assertEqual((exit_code, text.splitlines()[-1]),
                             (128 + signal_number, "interrupted; no video was written"))
            self.assert_same_files(tree(self.folder), before)

    def test_interrupted_frames_are_removed(self):
        before = tree(self.folder)
        exit_code, text = self.stop("--out=frames", signal_number=signal.SIGINT)
        self.assertEqual((exit_code, text.splitlines()[-1]),
                         (130, "interrupted; its frames are removed"))
        self.assert_same_files(tree(self.folder), before)

    def test_the_live_line_is_ended(self):
        text = self.done_on_terminal("render", "cheetah", "--quality=draft", "--size=160x120",
                                     "--updates=0", "--task.horizon=3", env=self.env)
        self.assertRegex(text, r"done in \d:\d\d\x1b\[K\r?\nthe video is in ")


class ErrorTest(RenderTest):
    """None of these needs OpenGL: what is wrong is told before any work."""

    def wrong(self, *args, says, run="cheetah"):
        self.refused("render", run, *args, says=says, env=self.env)

    def test_run(self):
        self.wrong(run="nowhere", says="nowhere: no such run directory")
        self.wrong(run="none", says="none: the run has no checkpoint yet")
        self.train("lines", config="lines.toml")
        self.wrong(run="lines", says="linear-regression")

    def test_task(self):
        self.wrong("--goal=fast", says=["--goal=fast", "1 number: goal_velocity [m/s]"])
        self.wrong("--goal=1", run="point", says="2 numbers with commas: target_x [m],target_y [m]")
        self.wrong("--goal=1", "--task=1", says="--goal and --task: only one of them")
        self.wrong("--task=3", says="--task=3: there are 3 test tasks")
        self.wrong("--task=-1", says="--task=-1")

    def test_output(self):
        (self.folder / "file").write_text("")
        self.wrong("--out=file/a.mp4", says="--out=file/a.mp4: cannot be written: Not a directory")
        self.wrong("--out=/proc/video.mp4", says="--out=/proc/video.mp4: cannot be written")
        self.wrong("--out=/proc/frames", says="--out=/proc/frames: cannot be written")
        self.wrong("--out=file/new/frames", says="--out=file/new/frames: cannot be written")
        self.wrong("--out=file", says="--out=file: is a file, not a folder")
        self.wrong("--out=a.avi", says="--out=a.avi: must end in .mp4 or .gif")
        self.wrong("--strip=file/a.png", says="--strip=file/a.png: cannot be written")
        self.wrong("--strip=a.jpg", says="--strip=a.jpg: must end in .png")

    def test_picture(self):
        self.wrong("--size=321x240", "--out=a.mp4", says=["--size=321x240", "even", "322x240"])
        self.wrong("--size=big", says=["--size=big", "1280x720"])
        self.wrong("--camera=trck", says=["--camera=trck", "'track'"])
        self.wrong("--quality=best", says=["--quality=best", "draft or full"])
        self.wrong("--updates=0,x", says=["--updates=0,x", "0,1,3"])
        self.wrong("--side-by-side", "--updates=0,1,2", "--size=100x100", says="--side-by-side")

    def test_environment(self):
        for changes, text in (({"MUJOCO_GL": "disabled"}, "MUJOCO_GL=disabled forbids rendering"),
                              ({"MUJOCO_GL": "glfw"}, "MUJOCO_GL=glfw: must be egl, osmesa"),
                              ({"MUJOCO_EGL_DEVICE_ID": "one"}, "MUJOCO_EGL_DEVICE_ID=one")):
            self.env = environment(**changes)
            self.wrong(says=text)

    def test_no_such_device(self):
        self.need_gl()
        env = environment(MUJOCO_EGL_DEVICE_ID="99")
        result = self.render(env=env)
        if result.returncode == 1:
            self.skipTest(f"EGL is not here: {result.stderr}")
        self.assertEqual(result.returncode, 2)
        self.assertIn("MUJOCO_EGL_DEVICE_ID=99: there ", result.stderr)

    def test_no_opengl(self):
        (self.folder / "lib").mkdir()
        for name in LIBRARIES:
            (self.folder / "lib" / name).write_text("no library")
        result = self.render(env=environment(LD_LIBRARY_PATH=str(self.folder / "lib")))
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for text in ("EGL device: ", "EGL surfaceless: ", "OSMesa: ", "install "):
            self.assertIn(text, result.stderr)


if __name__ == "__main__":
    unittest.main()
