// What the flags of `anole render` ask for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "configs/command_line.h"
#include "tools/render/scene_renderer.h"
#include "tools/run/run_directory.h"

namespace anole::app {

struct PictureSize {
  int width = 0, height = 0;  // [pixels]
};

// "640x480", each of them from `least` on. Throws UserError, which names --size.
PictureSize ParseSize(const std::string& text, int least);

// Where videos go: into the run; those of an entry of the zoo, which is as it came, here.
std::filesystem::path VideoHome(const RunDirectory& run);

struct RenderRequest {
  std::vector<std::int64_t> updates;  // one episode after each of these numbers of them
  bool side_by_side = false;
  int width = 0, height = 0;  // [pixels] of a frame
  render::Quality quality = render::Quality::kFull;
  std::string camera;           // empty: the default one
  std::filesystem::path out;    // of the video; empty: none is wanted
  std::filesystem::path strip;  // of the picture strip; empty: none is wanted
};

// `last_update` and `default_out` are used where the flags do not say. Throws UserError.
RenderRequest ParseRenderRequest(const CommandLine& line, std::int64_t last_update,
                                 const std::filesystem::path& default_out);

const std::vector<Flag>& RenderRequestFlags();

// Where a video goes without --out: "videos/adaptation.mp4" in the run's folder, with what the
// command line chooses to be seen in its name, so that no film takes the place of another.
std::filesystem::path DefaultVideo(const CommandLine& line);

}  // namespace anole::app
