// Tensors in a safetensors file, and the state of a training in one.
#include <cstring>

#include "meta/checkpoint.h"
#include "meta/safetensors.h"
#include "tests/fuzz/harness.h"

namespace anole::fuzz {
namespace {

constexpr std::size_t kLengthOfSafetensors = 8;  // bytes that tell the length of the header

bool IsSame(const TensorFile& a, const TensorFile& b) {
  if (a.metadata != b.metadata || a.tensors.size() != b.tensors.size()) return false;
  for (std::size_t i = 0; i < a.tensors.size(); ++i) {
    const auto& [name, tensor] = a.tensors[i];
    const auto& [other_name, other] = b.tensors[i];
    if (name != other_name || tensor.shape != other.shape) return false;
    if (tensor.values.index() != other.values.index()) return false;
    const auto same = [&](const auto& values) {  // bit for bit: NaN as well
      const auto& others = std::get<std::remove_cvref_t<decltype(values)>>(other.values);
      return values.size() == others.size() &&
             (values.empty() ||
              std::memcmp(values.data(), others.data(), values.size() * sizeof(values[0])) == 0);
    };
    if (!std::visit(same, tensor.values)) return false;
  }
  return true;
}

void FuzzSafetensors(std::string_view input) {
  const std::filesystem::path file = Write("state.safetensors", input);
  const bool read = Accept([&] {
    const TensorFile tensors = ReadSafetensors(file);
    Signature(tensors);
    const std::filesystem::path again = Folder() / "again.safetensors";
    WriteSafetensors(again, tensors);
    Require(IsSame(ReadSafetensors(again), tensors), "tensors that are written are others");
  });
  if (!read) return;
  Accept([&] { ReadNotes(file); });
  Accept([&] { BestIteration(file); });
  Accept([&] { CheckOptimizer(file, {"adam", 3}); });
  const Layout layout{{{"w", {2}}}, {{"c", {1}, 0}}};
  Accept([&] {
    const MetaState state = LoadState(file, layout);
    Require(state.theta.allFinite() && state.context.minCoeff() >= 0, "bad parameters are taken");
    SaveState(Folder() / "again.safetensors", state, layout, {});
  });
}

// The header is as long as it is: as far as the last bracket that closes it.
void MendSafetensors(std::string& input) {
  const std::size_t end = input.rfind("}}");
  if (input.size() < kLengthOfSafetensors || end == std::string::npos || end < kLengthOfSafetensors)
    return;
  const std::uint64_t length = end + 2 - kLengthOfSafetensors;
  std::memcpy(input.data(), &length, sizeof length);
}

const RegisterHarness registration("safetensors", {FuzzSafetensors, MendSafetensors});

}  // namespace
}  // namespace anole::fuzz
