#include "envs/mujoco.h"

#include <array>
#include <cmath>
#include <new>
#include <string_view>

#include "configs/user_error.h"
#include "envs/model_files.h"
#include "envs/mujoco_error.h"
#include "envs/plugins.h"

namespace anole {
namespace {

std::string VersionText(int version) {
  return std::to_string(version / 1000000) + "." + std::to_string(version / 1000 % 1000) + "." +
         std::to_string(version % 1000);
}

// Goes through MuJoCo's own frames: it is built with the tables that unwinding needs.
[[noreturn]] void ThrowError(const char* message) {
  if (std::string_view(message) == "Could not allocate memory") throw std::bad_alloc();
  throw MujocoError(message);
}

// Without handlers MuJoCo writes MUJOCO_LOG.TXT into the working directory, and ends the process at
// an error. What the warnings say stays available as mjData::warning, which IsHealthy reads. Once:
// models are made by several threads, and each reads what the others would write.
void TakeOverMessages() {
  [[maybe_unused]] static const bool kTaken = [] {
    mju_user_warning = [](const char*) {};
    mju_user_error = [](const char* message) { ThrowError(message); };
    return true;
  }();
}

// parse: fills the array in where it returns null.
template <class ParseXml>
SpecPtr Parse(const std::string& name, const ParseXml& parse) {
  CheckMujocoVersion();
  std::array<char, 1024> error{};
  const auto read = [&] { return SpecPtr(parse(error.data(), static_cast<int>(error.size()))); };
  SpecPtr spec = read();
  // Not before one is asked for: a Python that loads its own after ours would refuse to.
  const bool misses_plugin =
      std::string_view(error.data()).find("plugin") != std::string_view::npos;
  if (spec == nullptr && misses_plugin && LoadPlugins()) spec = read();
  if (spec == nullptr) throw UserError(name + ": " + error.data());
  return spec;
}

void Clear(mjString* text) { mjs_setString(text, ""); }
// Of a flex, in newer MuJoCos.
[[maybe_unused]] void Clear(mjStringVec* texts) { mjs_setStringVec(texts, ""); }

bool Bounded(const mjtNum* values, mjtSize size) {
  for (mjtSize i = 0; i < size; ++i) {
    if (!(std::abs(values[i]) <= mjMAXVAL)) return false;  // false for NaN as well
  }
  return true;
}

}  // namespace

SpecPtr ParseModel(std::string_view xml, const std::string& name) {
  return Parse(name, [&](char* error, int size) {
    return mj_parseXMLString(std::string(xml).c_str(), nullptr, error, size);
  });
}

SpecPtr ParseModelFile(const std::string& path, const mjVFS* files) {
  return Parse(
      path, [&](char* error, int size) { return mj_parseXML(path.c_str(), files, error, size); });
}

ModelPtr CompileModel(mjSpec& spec, const std::string& name, const mjVFS* files) {
  ModelPtr model(mj_compile(&spec, files));
  if (model == nullptr) throw UserError(name + ": " + mjs_getError(&spec));
  return model;
}

void RemoveLooks(mjSpec& spec) {
  ForEachElement(spec, mjOBJ_TUPLE, [&](mjsElement* element) { mjs_delete(&spec, element); });
  ForEachElement(spec, mjOBJ_GEOM,
                 [](mjsElement* element) { Clear(mjs_asGeom(element)->material); });
  ForEachElement(spec, mjOBJ_SITE,
                 [](mjsElement* element) { Clear(mjs_asSite(element)->material); });
  ForEachElement(spec, mjOBJ_TENDON,
                 [](mjsElement* element) { Clear(mjs_asTendon(element)->material); });
  ForEachElement(spec, mjOBJ_MESH,
                 [](mjsElement* element) { Clear(mjs_asMesh(element)->material); });
  ForEachElement(spec, mjOBJ_FLEX,
                 [](mjsElement* element) { Clear(mjs_asFlex(element)->material); });
  ForEachElement(spec, mjOBJ_LIGHT,
                 [](mjsElement* element) { Clear(mjs_asLight(element)->texture); });
  for (const mjtObj kind : {mjOBJ_SKIN, mjOBJ_MATERIAL, mjOBJ_TEXTURE}) {
    ForEachElement(spec, kind, [&](mjsElement* element) { mjs_delete(&spec, element); });
  }
}

ModelPtr LoadModel(std::string_view xml, const std::string& name) {
  const SpecPtr spec = ParseModel(xml, name);
  RemoveLooks(*spec);
  return CompileModel(*spec, name);
}

ModelPtr LoadEmbeddedModel(std::string_view name) {
  return LoadModel(ModelXml(name), std::string(name));
}

ModelPtr LoadPicturedModel(std::string_view name) {
  const std::string text(name);
  return CompileModel(*ParseModel(ModelXml(name), text), text);
}

std::string NameOf(const mjModel& model, mjtObj kind, int id) {
  const char* const name = mj_id2name(&model, kind, id);
  return name == nullptr || *name == '\0' ? std::to_string(id) : name;
}

DataPtr MakeData(const mjModel& model) {
  DataPtr data(mj_makeData(&model));
  if (data == nullptr) throw std::bad_alloc();
  return data;
}

ModelPtr CopyModel(const mjModel& model) {
  ModelPtr copy(mj_copyModel(nullptr, &model));
  if (copy == nullptr) throw std::bad_alloc();
  return copy;
}

void CheckMujocoVersion() {
  if (mj_version() != mjVERSION_HEADER) {
    throw UserError("the MuJoCo library in use is " + VersionText(mj_version()) +
                    ", but this program was built with the headers of " +
                    VersionText(mjVERSION_HEADER) + "; run tools/setup and build again");
  }
  TakeOverMessages();
}

std::string MujocoVersion() { return VersionText(mj_version()); }

bool IsHealthy(const mjModel& model, const mjData& data) {
  for (const int warning : {mjWARN_BADQPOS, mjWARN_BADQVEL, mjWARN_BADQACC, mjWARN_BADCTRL}) {
    if (data.warning[warning].number > 0) return false;
  }
  return Bounded(data.qpos, model.nq) && Bounded(data.qvel, model.nv);
}

}  // namespace anole
