// The exact model rewrite: a model that moves as the given one in every bit, at less cost per step.
//
// In each step MuJoCo sorts the boxes around all bodies to find the geoms that may touch, and then
// the constraints into islands. For one robot on a floor both cost more than they save. So each
// pair of geoms that may touch becomes an explicit <contact><pair> with the very parameters that
// MuJoCo would mix for it, all contype and conaffinity become 0, and islands are switched off.
// (MuJoCo 4.0.1, random actions: half-cheetah 1.24 times faster, Gymnasium's humanoid 1.07.)
//
// That this is exact is not taken on trust: a replay at load compares both models bit by bit
// (same_motion.h), and where they differ in any, the model as given is used. With several free
// bodies they often do: their islands are solved one by one, which rounds differently.
//
// A limitation for families to come: pairs carry parameters of their own. A task that changes
// friction, condim, solref, solimp, margin or gap of a *geom* changes nothing in a rewritten model;
// it must change the pairs as well (mixing as MuJoCo does) or keep to the plain model.
#pragma once

#include <string>
#include <string_view>

#include "envs/mujoco.h"

namespace anole {

// Compiles `spec` anew with explicit pairs. model: what `spec` compiled to last; spec is changed.
// Null where that is not possible (flexes, sleeping bodies) or would not pay (very many pairs).
ModelPtr RewriteModel(mjSpec& spec, const mjModel& model);

// `rewritten`, if it is there and is found to move as `given` does; else `given`.
ModelPtr FasterModel(ModelPtr given, ModelPtr rewritten);

// All of this for MJCF text (as LoadModel), and for a model of envs/models.
ModelPtr LoadFasterModel(std::string_view xml, const std::string& name);
ModelPtr LoadFasterEmbeddedModel(std::string_view name);

}  // namespace anole
