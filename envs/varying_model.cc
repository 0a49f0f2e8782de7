#include "envs/varying_model.h"

#include <mujoco/mjxmacro.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace anole {
namespace {

constexpr std::align_val_t kAlignment{64};  // as MuJoCo's own

// Whether all models of a family may have one array of this name: no task changes it, and
// mj_setConst does not either.
bool IsShared(std::string_view array) {
  for (const std::string_view start :
       {"mesh_",      "hfield_",     "tex_",          "mat_",      "skin_",     "bvh_depth",
        "bvh_child",  "bvh_nodeid",  "oct_",          "flex_vert", "flex_node", "flex_elem",
        "flex_shell", "flex_evpair", "flex_texcoord", "plugin",    "numeric_",  "text_",
        "tuple_",     "key_",        "name"}) {
    if (array.starts_with(start)) return true;
  }
  return array == "paths";
}

// How many of the boxes of bvh_aabb are of bodies, which are the first ones. They are about the
// mass centre of the body, with which mj_setConst moves them; all others are of meshes.
mjtSize BoxesOfBodies(const mjModel& model) {
  mjtSize boxes = 0;
  for (mjtSize body = 0; body < model.nbody; ++body) {
    boxes = std::max<mjtSize>(boxes, model.body_bvhadr[body] + model.body_bvhnum[body]);
  }
  return boxes;
}

std::size_t Aligned(std::size_t bytes) {
  constexpr auto kStep = static_cast<std::size_t>(kAlignment);
  return (bytes + kStep - 1) / kStep * kStep;
}

// NOLINTBEGIN(cppcoreguidelines-macro-usage): MuJoCo lists the arrays by a macro
// visit: called with each array of `model`, as a pointer that may be changed, its bytes, and how
// many of them, from the first, may vary.
template <class Visit>
void ForEachOwnArray(mjModel& model, const Visit& visit) {
  const auto own = [&](std::string_view name, auto*& values, mjtSize rows, mjtSize columns) {
    const auto size = static_cast<std::size_t>(rows * columns);
    if (size == 0 || IsShared(name)) return;
    const bool boxes = name == "bvh_aabb";
    const auto varying = static_cast<std::size_t>((boxes ? BoxesOfBodies(model) : rows) * columns);
    visit(values, size * sizeof(*values), varying * sizeof(*values));
  };
#undef MJ_M
#define MJ_M(n) model.n
#define X(type, name, rows, columns) own(#name, model.name, model.rows, columns);
  MJMODEL_POINTERS
#undef X
}
// NOLINTEND(cppcoreguidelines-macro-usage)

}  // namespace

VaryingModel::VaryingModel(const mjModel& original) : fresh_(original), model_(original) {
  ForEachOwnArray(fresh_, [&](auto*& /*values*/, std::size_t bytes, std::size_t /*varying*/) {
    bytes_ += Aligned(bytes);
  });
  memory_.reset(static_cast<std::byte*>(::operator new(bytes_, kAlignment)));
  fresh_.buffer = nullptr;  // that of the original
  std::byte* free = memory_.get();
  ForEachOwnArray(fresh_, [&](auto*& values, std::size_t bytes, std::size_t varying) {
    std::memcpy(free, values, bytes);
    arrays_.push_back({free, reinterpret_cast<const std::byte*>(values), varying});
    values = reinterpret_cast<std::remove_reference_t<decltype(values)>>(free);
    free += Aligned(bytes);
  });
  Restore();
}

mjModel& VaryingModel::Restore() {
  model_ = fresh_;
  for (const Array& array : arrays_) std::memcpy(array.own, array.original, array.bytes);
  return model_;
}

void VaryingModel::Deleter::operator()(std::byte* memory) const {
  ::operator delete(memory, kAlignment);
}

}  // namespace anole
