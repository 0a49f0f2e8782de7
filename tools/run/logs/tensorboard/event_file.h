// What TensorBoard shows of a run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

namespace anole {

struct Scalar {
  std::string tag;
  double value = 0;
  std::string description = {};  // shown beside the curve; that of the first value of a tag counts
};

// Writes scalars and texts into a new file events.out.tfevents.*. Each call is one write of a whole
// record: TensorBoard sees it at once, and one cut short by a kill it skips. All throw
// std::filesystem::filesystem_error where the file cannot be written.
class EventFile {
 public:
  // Begins, or goes on with, the run in `folder`: what its other files hold of `first_step` and
  // later was lost, and TensorBoard drops it. Every file of a run has to say so, the first one too.
  EventFile(const std::filesystem::path& folder, std::int64_t first_step);
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;
  ~EventFile();

  const std::filesystem::path& path() const { return path_; }

  // Shown as `tag` under TEXT.
  void WriteText(const std::string& tag, const std::string& markdown, std::int64_t step) const;

  // One event of all values, each rounded to float; those that are NaN are left out.
  void WriteScalars(std::int64_t step, std::span<const Scalar> scalars) const;

 private:
  explicit EventFile(std::pair<std::filesystem::path, int> opened);

  void Write(const std::string& event) const;

  std::filesystem::path path_;
  int file_;  // descriptor
};

}  // namespace anole
