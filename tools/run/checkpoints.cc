#include "tools/run/checkpoints.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>
#include <string_view>

#include "configs/suggest.h"
#include "configs/user_error.h"
#include "envs/mujoco.h"
#include "meta/checkpoint.h"
#include "tools/run/files/durable_file.h"
#include "tools/run/logs/log.h"
#include "tools/run/run_files.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

constexpr const char *kLatest = "latest", *kBest = "best";
constexpr std::int64_t kNewest = 10;  // of which a run may go on where newer ones are damaged
constexpr std::string_view kPrefix = "step_", kUnfinished = "tmp_", kDamaged = "damaged_",
                           kRemoved = "_removed";

std::optional<std::int64_t> ToInteger(std::string_view text) {
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || rest != text.data() + text.size()) return {};
  return number;
}

std::string FolderName(std::int64_t iteration) {
  return fmt::format("{}{:06}", kPrefix, iteration);
}

// Of the checkpoint whose folder has this name; nothing where it is none of ours.
std::optional<std::int64_t> IterationOfFolder(std::string_view name) {
  if (!name.starts_with(kPrefix)) return {};
  const std::optional<std::int64_t> iteration = ToInteger(name.substr(kPrefix.size()));
  const bool is_ours = iteration && *iteration >= 0 && name == FolderName(*iteration);
  return is_ours ? iteration : std::nullopt;
}

// Of the checkpoint whose file this is.
std::int64_t Iteration(const fs::path& file) {
  return IterationOfFolder(file.parent_path().filename().string()).value_or(-1);
}

// "tmp_step_000100", "tmp_latest_removed", "latest.tmp": cut short, and of no use.
bool IsUnfinished(std::string_view name) {
  for (const std::string_view link : {kLatest, kBest}) {
    if (name == std::string(link) + std::string(kUnfinishedSuffix)) return true;
  }
  if (!name.starts_with(kUnfinished)) return false;
  name.remove_prefix(kUnfinished.size());
  if (name.ends_with(kRemoved)) name.remove_suffix(kRemoved.size());
  return Checkpoints::IsPart(name);
}

// Where a file may be whole but cannot be opened, none older may take its place.
void CheckReadable(const fs::path& file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor >= 0) {
    close(descriptor);
    return;
  }
  if (errno == ENOENT) return;
  throw UserError(fmt::format(
      "{}: cannot be opened: {}; no older checkpoint is used in the place of the newest",
      file.string(), std::strerror(errno)));
}

// Of checkpoints that are spread evenly over a run of so many iterations: it doubles as the run
// grows, so that those which are kept now were kept before.
std::int64_t Spacing(std::int64_t iterations, std::int64_t period) {
  constexpr std::int64_t kSpread = 40;
  std::int64_t spacing = period;
  while (iterations / spacing >= kSpread) spacing *= 2;
  return spacing;
}

bool IsBest(const MetaState& state, std::int64_t iteration) {
  return !std::isnan(state.best.score) && state.best.iteration == iteration;
}

}  // namespace

fs::path Checkpoints::Folder(std::int64_t iteration) const {
  return folder_ / FolderName(iteration);
}

bool Checkpoints::IsPart(const fs::path& entry) {
  const std::string text = entry.filename().string();
  std::string_view name = text;
  if (IsUnfinished(name)) return true;
  if (name.starts_with(kDamaged)) name.remove_prefix(kDamaged.size());
  return MayBeLink(entry) || IterationOfFolder(name).has_value();
}

bool Checkpoints::MayBeLink(const fs::path& entry) {
  const std::string name = entry.filename().string();
  return name == kLatest || name == kBest || IsUnfinished(name);
}

std::vector<fs::path> Checkpoints::Files() const {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder_)) return files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
    const fs::path file = entry.path() / kStateFile;
    if (!IterationOfFolder(entry.path().filename().string())) continue;
    std::error_code error;  // of a folder that may not be looked into
    if (fs::status(file, error).type() != fs::file_type::not_found) files.push_back(file);
  }
  std::ranges::sort(files, {}, Iteration);
  return files;
}

fs::path Checkpoints::Latest() const {
  const std::vector<fs::path> files = Files();
  if (files.empty()) {
    throw UserError(folder_.parent_path().string() + ": the run has no checkpoint yet");
  }
  std::string damage;
  for (std::size_t i = files.size(); i-- > 0;) {
    CheckReadable(files[i]);
    try {
      CheckUndamaged(files[i]);
    } catch (const UserError& error) {
      if (damage.empty()) damage = error.what();
      continue;
    }
    if (!damage.empty()) {
      LogWarning(fmt::format("{}; the checkpoint of iteration {} is used instead", damage,
                             Iteration(files[i])));
    }
    return files[i];
  }
  throw UserError(damage);
}

fs::path Checkpoints::Find(const std::string& name) const {
  if (name == kLatest || name == kLastIterate) return Latest();
  if (name == kBest) {
    // By the newest state, not by the link: archives and cloud drives lose links.
    const std::optional<std::int64_t> best = BestIteration(Latest());
    if (!best) {
      throw UserError(folder_.parent_path().string() +
                      ": the run has no best checkpoint; train with --validation.every=N");
    }
    if (fs::exists(Folder(*best) / kStateFile)) return Folder(*best) / kStateFile;
    throw UserError(fmt::format("{}: the best checkpoint is that of iteration {}, which is missing",
                                folder_.parent_path().string(), *best));
  }
  const std::optional<std::int64_t> iteration = ToInteger(name);
  if (!iteration && !fs::exists(name)) {
    throw UserError(name +
                    ": no such file, and not latest, best, last-iterate or a number of iterations" +
                    Suggestion(name, {kLatest, kBest, kLastIterate, "random"}));
  }
  if (!iteration) return name;
  const fs::path file = Folder(*iteration) / kStateFile;
  if (fs::exists(file)) return file;
  std::string there;
  for (const fs::path& other : Files()) {
    there += (there.empty() ? "" : ", ") + std::to_string(Iteration(other));
  }
  throw UserError(fmt::format("{}: has no checkpoint of iteration {}; there are {}",
                              folder_.parent_path().string(), *iteration,
                              there.empty() ? "none" : there));
}

void Checkpoints::Write(const MetaState& state, const Layout& layout, Notes notes,
                        const Retention& retention) const {
  const fs::path target = Folder(state.iteration);
  const fs::path temporary = folder_ / (std::string(kUnfinished) + target.filename().string());
  fs::remove_all(temporary);
  fs::create_directory(temporary);
  notes["mujoco"] = MujocoVersion();
  SaveState(temporary / kStateFile, state, layout, notes);
  Sync(temporary);
  // Nothing that is whole is removed here: a run goes on from its newest checkpoint, and what comes
  // after a damaged one was set aside.
  Remove(target);
  fs::rename(temporary, target);
  Sync(folder_);
  Link(state);
  Retain(retention, state);
}

void Checkpoints::Repair(const MetaState& state) const {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder_)) entries.push_back(entry.path());
  for (const fs::path& path : entries) {
    const std::string name = path.filename().string();
    if (IterationOfFolder(name).value_or(-1) > state.iteration) {
      const fs::path aside = folder_ / (std::string(kDamaged) + name);
      Remove(aside);
      fs::rename(path, aside);
    } else if (IsUnfinished(name)) {
      fs::remove_all(path);
    }
  }
  Link(state);
}

void Checkpoints::RemoveAll() const {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder_)) entries.push_back(entry.path());
  for (const fs::path& path : entries) {
    if (IsPart(path)) Remove(path);
  }
}

// Under another name first: where this is cut short, there is no checkpoint without its file.
void Checkpoints::Remove(const fs::path& entry) const {
  const fs::path unfinished =
      folder_ / fmt::format("{}{}{}", kUnfinished, entry.filename().string(), kRemoved);
  fs::remove_all(unfinished);
  if (fs::exists(fs::symlink_status(entry))) fs::rename(entry, unfinished);
  fs::remove_all(unfinished);
}

void Checkpoints::Link(const MetaState& state) const {
  ReplaceLink(Folder(state.iteration).filename(), folder_ / kLatest);
  if (IsBest(state, state.best.iteration)) {
    ReplaceLink(Folder(state.best.iteration).filename(), folder_ / kBest);
  }
}

void Checkpoints::Retain(const Retention& retention, const MetaState& state) const {
  if (retention.last == 0) return;
  const bool spreads = retention.last == Retention::kSpread;
  const std::int64_t every = spreads ? Spacing(state.iteration, retention.period) : retention.every;
  std::vector<fs::path> files = Files();
  const auto last = static_cast<std::size_t>(spreads ? kNewest : retention.last);
  files.resize(files.size() - std::min(files.size(), last));
  for (const fs::path& file : files) {
    const std::int64_t iteration = Iteration(file);
    const bool kept = IsBest(state, iteration) || (every > 0 && iteration % every == 0);
    if (!kept) Remove(file.parent_path());
  }
}

}  // namespace anole
