// MuJoCo behind RAII: models and data that free themselves, and load errors as exceptions.
#pragma once

#include <mujoco/mujoco.h>

#include <memory>
#include <string>
#include <string_view>

namespace anole {

struct ModelDeleter {
  void operator()(mjModel* model) const { mj_deleteModel(model); }
};
struct DataDeleter {
  void operator()(mjData* data) const { mj_deleteData(data); }
};
struct SpecDeleter {
  void operator()(mjSpec* spec) const { mj_deleteSpec(spec); }
};
using ModelPtr = std::unique_ptr<mjModel, ModelDeleter>;
using DataPtr = std::unique_ptr<mjData, DataDeleter>;
using SpecPtr = std::unique_ptr<mjSpec, SpecDeleter>;

// Reads MJCF text into a model that can be edited; compiles such a model. Both throw UserError with
// `name` and MuJoCo's own message where they cannot. files: through which MuJoCo opens files.
SpecPtr ParseModel(std::string_view xml, const std::string& name);
SpecPtr ParseModelFile(const std::string& path,  // with the meshes and files that it names
                       const mjVFS* files = nullptr);
ModelPtr CompileModel(mjSpec& spec, const std::string& name, const mjVFS* files = nullptr);

// visit(mjsElement*): may delete the element.
template <class Visit>
void ForEachElement(mjSpec& spec, mjtObj kind, const Visit& visit) {
  for (mjsElement* element = mjs_firstElement(&spec, kind); element != nullptr;) {
    mjsElement* const next = mjs_nextElement(&spec, element);
    visit(element);
    element = next;
  }
}

// Takes textures, materials and skins out, and tuples, which may name them. None has a part in the
// motion, and they are nearly all of the bytes of a small model (1.97 of half-cheetah's 2.00 MB).
void RemoveLooks(mjSpec& spec);

// Both parse and compile: as it is simulated, without looks.
ModelPtr LoadModel(std::string_view xml, const std::string& name);
ModelPtr LoadEmbeddedModel(std::string_view name);  // a model of envs/models

// The same model of envs/models with its looks, for pictures.
ModelPtr LoadPicturedModel(std::string_view name);

// What an element of a model is called, or its number where it has no name.
std::string NameOf(const mjModel& model, mjtObj kind, int id);

DataPtr MakeData(const mjModel& model);
ModelPtr CopyModel(const mjModel& model);

// Throws UserError unless the library in use is the one whose headers this program was built with.
void CheckMujocoVersion();
std::string MujocoVersion();  // of the library in use, "4.0.1"

// Whether the state is one that physics can go on from: all of qpos and qvel finite and within
// MuJoCo's bounds, and no warning since the last reset that mj_step replaced a bad state by qpos0.
bool IsHealthy(const mjModel& model, const mjData& data);

}  // namespace anole
