// The exact model rewrite: a model that moves as the given one in every bit, at less cost per step.
//
// In each step MuJoCo sorts the boxes around all bodies to find the geoms that may touch, and then
// the constraints into islands. For one robot on a floor both cost more than they save. So each
// pair of geoms that may touch becomes an explicit <contact><pair> with the very parameters that
// MuJoCo would mix for it, all contype and conaffinity become 0, and islands are switched off:
// where all that moves hangs together there is one. (Of several each is solved by itself. To list
// the pairs alone does not pay: Fetch's push and Meta-World's reach were not faster for it.)
// (MuJoCo 4.0.1, random actions: half-cheetah 1.24 times faster, Gymnasium's humanoid 1.07.)
//
// That this is exact is not taken on trust: a replay at load compares both models bit by bit
// (same_motion.h), and where they differ in any, the model as given is used.
//
// Pairs have a friction of their own: whoever changes that of geoms lets MixFriction follow, and
// has the replay compare models changed in that way, too. Other contact parameters of geoms
// (condim, solref, solimp, margin, gap) must stay as they are.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "configs/option.h"
#include "envs/mujoco.h"

namespace anole {

// A model to simulate by, and why it is that one: "by the plain model, for no faster one is used:
// the model has flexes".
struct ChosenModel {
  ModelPtr model;
  std::string told;
};

// Compiles `spec` anew with explicit pairs. model: what `spec` compiled to last; spec is changed.
// No model, but the reason, where that is not possible (flexes, sleeping bodies, several islands)
// or would not pay (very many pairs).
ChosenModel RewriteModel(mjSpec& spec, const mjModel& model);

// Gives the pairs that RewriteModel has made the friction that MuJoCo would mix for them from the
// geoms as they are now. Allocates nothing; does nothing to a model that was not rewritten.
void MixFriction(mjModel& model);

// Whether RewriteModel has made this pair; else it is one that the model names itself.
bool IsMixedPair(const mjModel& model, mjtSize pair);

// task.model_rewrite.
enum class ModelRewrite { kAuto, kOff };

constexpr auto WordsOf(ModelRewrite) {
  return Words<ModelRewrite>({{ModelRewrite::kAuto, "auto"}, {ModelRewrite::kOff, "off"}});
}

template <class Options>
void DescribeModelRewrite(VisitOf<Options> visit, ModelRewrite Options::* value) {
  visit("task.model_rewrite", value,
        {.help = "auto: simulate by a faster model where it moves as the plain one in every bit"});
}

// What a task does to a model as compiled.
using ModelChange = std::function<void(mjModel&)>;

// `rewritten`, if it is there and is found to move as `given` does, as it is and after each of
// `changes` by itself; else `given`.
ChosenModel FasterModel(ModelPtr given, ChosenModel rewritten,
                        const std::vector<ModelChange>& changes = {});

// `model`, which `spec` compiled to, rewritten where that is exact. Both stay as they are.
ChosenModel FasterModelOf(const mjSpec& spec, const mjModel& model,
                          const std::vector<ModelChange>& changes);

// What there is to tell of a model that task.model_rewrite = "off" has kept.
std::string ToldOfNoRewrite();

// All of this for MJCF text and for a model of envs/models, lean (lean_model.h).
ChosenModel LoadFasterModel(std::string_view xml, const std::string& name,
                            const std::vector<ModelChange>& changes = {});
ChosenModel LoadFasterEmbeddedModel(std::string_view name,
                                    const std::vector<ModelChange>& changes = {});

// Lean, but not rewritten.
ChosenModel LoadLeanEmbeddedModel(std::string_view name);

// "a; b", or the one of them that is not empty.
std::string Together(const std::string& a, const std::string& b);

}  // namespace anole
