// The C code of an export, compiled and loaded: what a user's robot would run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "envs/linear_algebra.h"

namespace anole::exports {

// What its functions return: anole_status.
inline constexpr int kCOk = 0, kCEmpty = 3;

// One anole_policy in memory of its own. Not to be shared by threads.
class CPolicy {
 public:
  // Compiles the sources in `folder` by the C compiler of the environment ($CC, else cc).
  // most_steps, most_episodes: that it can record. Throws UserError where there is no compiler,
  // std::runtime_error with its message where it refuses the sources.
  CPolicy(const std::filesystem::path& folder, std::int64_t most_steps, std::int64_t most_episodes);
  CPolicy(const CPolicy&) = delete;
  CPolicy& operator=(const CPolicy&) = delete;
  ~CPolicy();

  int SelfCheck();  // 0: this machine computes what anole did
  void Begin();
  // noise: (action_dim), or empty. observation, action: in single precision.
  void Act(const Eigen::VectorXf& observation, const Eigen::VectorXf& noise,
           Eigen::VectorXf& action);
  // Whether it learns; else none of the functions below is there.
  bool learns() const;
  int Record(const Eigen::VectorXf& observation, const Eigen::VectorXf& action, float reward,
             bool terminated);
  int EndEpisode();
  void DiscardEpisode();
  int Update();
  // As they are now: (parameters).
  Vector Parameters(std::int64_t count) const;

 private:
  struct Library;
  std::unique_ptr<Library> library_;
  std::vector<double> memory_;  // aligned for any of its members
};

}  // namespace anole::exports
