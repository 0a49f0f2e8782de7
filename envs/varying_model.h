// A model that becomes another one for each episode, at little cost.
#pragma once

#include <mujoco/mujoco.h>

#include <cstddef>
#include <memory>
#include <new>
#include <vector>

namespace anole {

// A model of one's own, but for what no task changes: meshes, other assets, names and keyframes are
// those of the model that it was made of, and are neither copied nor to be written. A robot with
// meshes takes tens of megabytes, of which what may vary is some tens of kilobytes.
class VaryingModel {
 public:
  explicit VaryingModel(const mjModel& original);  // which outlives it
  VaryingModel(const VaryingModel&) = delete;
  VaryingModel& operator=(const VaryingModel&) = delete;
  ~VaryingModel() = default;

  // As the original is, in every bit, whatever was made of it before. Allocates nothing.
  mjModel& Restore();
  mjModel& model() { return model_; }  // as it is now

  std::size_t bytes() const { return bytes_; }  // of its own

 private:
  struct Array {
    std::byte* own;
    const std::byte* original;
    std::size_t bytes;
  };
  struct Deleter {
    void operator()(std::byte* memory) const;
  };

  mjModel fresh_, model_;  // fresh_: with the sizes and options of the original, and own arrays
  std::size_t bytes_ = 0;
  std::unique_ptr<std::byte, Deleter> memory_;
  std::vector<Array> arrays_;
};

}  // namespace anole
