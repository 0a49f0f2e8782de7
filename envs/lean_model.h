// The lean model: a body without what does not act on its motion.
//
// Most of a published robot is only seen. Its meshes are nearly all bytes of its model, and each
// geom is put in its place in every step, whether or not it can touch anything. A lean model has
// no textures, materials, skins, lights and cameras, no geom that nothing can touch, and no mesh
// that only such geoms have. Bodies keep the inertia that their geoms gave them. Pictures are of
// the full model (TaskFamily::PicturedModel).
//
// That this is exact is not taken on trust: a replay compares both models bit by bit
// (same_motion.h), and where they differ, all geoms are kept.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "envs/mujoco.h"

namespace anole {

struct LeanModel {
  SpecPtr spec;  // what `model` was compiled from, to be compiled anew
  ModelPtr model;
  std::vector<int> geoms;  // the ids in the full model of those of `model`
  // "without 13 geoms and 5 meshes that act on nothing: 0.05 MB instead of 37"; why all were kept;
  // or "" where there is nothing to tell.
  std::string told;
};

// parse: reads the MJCF again at each call; full: the model of it, with or without looks; name: for
// messages. Numbers of bodies, joints, sites, tendons, actuators and sensors stay; those of geoms,
// meshes and cameras do not.
LeanModel MakeLean(const std::function<SpecPtr()>& parse, const mjModel& full,
                   const std::string& name);

// Gives back the memory in which MuJoCo keeps all meshes and textures that it has ever compiled.
void ForgetAssets();

// While one of these lives, ForgetAssets does nothing: the same files are about to be read again.
// The last one forgets.
class KeepAssets {
 public:
  KeepAssets();
  ~KeepAssets();
  KeepAssets(const KeepAssets&) = delete;
  KeepAssets& operator=(const KeepAssets&) = delete;
};

}  // namespace anole
