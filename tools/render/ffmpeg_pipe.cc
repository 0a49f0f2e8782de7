// MP4 and GIF files, by the program ffmpeg: raw frames go to its standard input.
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "tools/render/frame_sink.h"

extern "C" char** environ;  // NOLINT(readability-redundant-declaration): POSIX asks for it

namespace anole::render {
namespace {

namespace fs = std::filesystem;

// A palette of the first frames, so that ffmpeg need not hold all of them in memory.
constexpr const char* kGifPalette =
    "split[a][b];[a]trim=end_frame=20,palettegen=max_colors=192[p];[b][p]paletteuse=dither=bayer";
// What players take an untagged HD picture for, and what the tags say.
constexpr const char* kMp4Colors = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p";

std::vector<std::string> Arguments(const fs::path& path, const VideoFormat& format) {
  std::vector<std::string> arguments = {
      "ffmpeg",
      "-nostdin",
      "-loglevel",
      "error",
      "-y",
      "-f",
      "rawvideo",
      "-pix_fmt",
      "rgb24",
      "-s",
      fmt::format("{}x{}", format.width, format.height),
      "-framerate",
      fmt::format("{}/{}", format.rate.frames, format.rate.seconds),
      "-i",
      "pipe:0"};
  const std::vector<std::string> output =
      path.extension() == ".gif"
          ? std::vector<std::string>{"-filter_complex",
                                     kGifPalette,
                                     "-loop",
                                     "0",
                                     "-final_delay",
                                     std::to_string(std::lround(100 * format.last_frame))}
          : std::vector<std::string>{"-vf",
                                     kMp4Colors,
                                     "-c:v",
                                     "libx264",
                                     "-preset",
                                     format.fast ? "veryfast" : "medium",
                                     "-crf",
                                     "20",
                                     "-pix_fmt",
                                     "yuv420p",
                                     "-colorspace",
                                     "bt709",
                                     "-color_primaries",
                                     "bt709",
                                     "-color_trc",
                                     "bt709",
                                     "-movflags",
                                     "+faststart"};
  arguments.insert(arguments.end(), output.begin(), output.end());
  // Absolute, so that a name such as "-x.mp4" or "a:b.mp4" is no option and no protocol.
  arguments.push_back("file:" + fs::absolute(path).string());
  return arguments;
}

// Where a video grows until it is whole: ".a.4711.tmp.mp4" for "a.mp4", nobody else's file. ffmpeg
// goes by the extension.
fs::path Unfinished(const fs::path& path) {
  return path.parent_path() /
         fmt::format(".{}.{}.tmp{}", path.stem().string(), getpid(), path.extension().string());
}

class FfmpegPipe : public FrameSink {
 public:
  explicit FfmpegPipe(fs::path path) : path_(std::move(path)), unfinished_(Unfinished(path_)) {
    // ffmpeg that has died is found by write's EPIPE.
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &old_action_);
  }
  ~FfmpegPipe() override {
    if (child_ > 0) {
      Wait();
      std::error_code ignored;
      fs::remove(unfinished_, ignored);
    }
    if (input_ >= 0) close(input_);
    if (messages_ >= 0) close(messages_);
    sigaction(SIGPIPE, &old_action_, nullptr);
  }
  FfmpegPipe(const FfmpegPipe&) = delete;
  FfmpegPipe& operator=(const FfmpegPipe&) = delete;

  // Whether there is an ffmpeg.
  bool Start(const VideoFormat& format) {
    std::array<int, 2> ends{};
    messages_ = memfd_create("ffmpeg", MFD_CLOEXEC);
    if (messages_ < 0 || pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw std::system_error(errno, std::generic_category(), "cannot run ffmpeg");
    }
    input_ = ends[1];
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[0], STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, messages_, STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    // A process group of its own: Ctrl-C ends us, then ffmpeg ends the file properly.
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);

    std::vector<std::string> arguments = Arguments(unfinished_, format);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const int error = posix_spawnp(&child_, argv[0], &files, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    close(ends[0]);
    if (error == 0) return true;
    child_ = 0;
    if (error == ENOENT) return false;
    throw std::system_error(error, std::generic_category(), "cannot run ffmpeg");
  }

  void Add(const Image& frame) override {
    const unsigned char* next = frame.rgb.data();
    std::size_t left = frame.rgb.size();
    while (left > 0) {
      const ssize_t written = write(input_, next, left);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        Finish();  // says more than our error number
        throw std::system_error(errno, std::generic_category(), "cannot write to ffmpeg");
      }
      next += written;
      left -= static_cast<std::size_t>(written);
    }
  }

  void Finish() override {
    const int status = Wait();
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      fs::rename(unfinished_, path_);
      return;
    }
    std::error_code ignored;
    fs::remove(unfinished_, ignored);
    throw std::runtime_error(path_.string() + ": ffmpeg failed (" +
                             (WIFEXITED(status) ? "exit code " + std::to_string(WEXITSTATUS(status))
                                                : "signal " + std::to_string(WTERMSIG(status))) +
                             "): " + FirstMessage());
  }

  fs::path path() const override { return path_; }
  bool is_video() const override { return true; }

 private:
  int Wait() {
    close(input_);
    input_ = -1;
    int status = 0;
    while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    child_ = 0;
    return status;
  }

  std::string FirstMessage() const {
    std::array<char, 400> text{};
    const ssize_t size = pread(messages_, text.data(), text.size(), 0);
    const std::string all(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return all.empty() ? "it does not say why" : all.substr(0, all.find('\n'));
  }

  fs::path path_, unfinished_;
  pid_t child_ = 0;
  int input_ = -1, messages_ = -1;  // our end of the pipe; what ffmpeg prints
  struct sigaction old_action_{};
};

}  // namespace

std::unique_ptr<FrameSink> MakeFfmpegPipe(const fs::path& path, const VideoFormat& format) {
  auto pipe = std::make_unique<FfmpegPipe>(path);
  if (!pipe->Start(format)) return nullptr;
  return pipe;
}

}  // namespace anole::render
