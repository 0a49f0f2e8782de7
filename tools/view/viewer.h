// The live window: a policy before adaptation and, once it has adapted, after it, side by side.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tools/render/scene_renderer.h"
#include "tools/run/run.h"
#include "tools/view/window.h"

namespace anole::view {

struct ViewRequest {
  int width = 1280, height = 480;  // [pixels]
  render::Quality quality = render::Quality::kDraft;
  int threads = 1;
  double seconds = 0;               // after which it closes; 0: when it is closed
  std::filesystem::path recording;  // where R records to
};

// What was seen, to be told.
struct Viewed {
  std::int64_t frames = 0, updates = 0;
  double seconds = 0;
};

// Returns when the window is closed, or at a signal.
Viewed Watch(const Run& run, const AdaptationRequest& first, const ViewRequest& request,
             Window& window);

// What a person can do with keys and mouse, and what that does.
std::vector<std::pair<std::string, std::string>> KeysAndWhat();

}  // namespace anole::view
