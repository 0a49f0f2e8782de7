#include "envs/model_rewrite.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "envs/lean_model.h"
#include "envs/model_files.h"
#include "envs/same_motion.h"
#include "envs/touching_pairs.h"

namespace anole {
namespace {

// Each step looks at every pair, so that many cost more than the sort that is spared: the 126 of
// humanoid gain 7 % (rewrite/humanoid), the 144 of Fetch lost as much.
constexpr std::size_t kMostPairs = 130;

std::string NotInUse(const std::string& why) {
  return "by the plain model, for no faster one is used: " + why;
}

// Names of the pairs made here begin so.
constexpr std::string_view kPairName = "mixed_pair_";

// Sliding twice, spinning, rolling twice: all of the geom with priority, else the larger ones.
void MixFriction(const mjModel& model, int geom1, int geom2, mjtNum* friction) {
  const int priority = model.geom_priority[geom1] - model.geom_priority[geom2];
  const mjtNum* const first = model.geom_friction + std::ptrdiff_t{3} * geom1;
  const mjtNum* const second = model.geom_friction + std::ptrdiff_t{3} * geom2;
  for (int i = 0; i < 5; ++i) {
    constexpr int kKind[] = {0, 0, 1, 2, 2};
    const int kind = kKind[i];
    friction[i] = priority > 0   ? first[kind]
                  : priority < 0 ? second[kind]
                                 : std::max(first[kind], second[kind]);
  }
}

// What mj_contactParam makes of two geoms: all of the one with priority, else a mix.
void MixParameters(const mjModel& model, int geom1, int geom2, mjsPair& pair) {
  const int priority = model.geom_priority[geom1] - model.geom_priority[geom2];
  const double solmix1 = model.geom_solmix[geom1];
  const double solmix2 = model.geom_solmix[geom2];
  double mix = 0.5;  // the share of geom1
  if (priority != 0) {
    mix = priority > 0 ? 1 : 0;
  } else if (solmix1 >= mjMINVAL && solmix2 >= mjMINVAL) {
    mix = solmix1 / (solmix1 + solmix2);
  } else if (solmix1 >= mjMINVAL || solmix2 >= mjMINVAL) {
    mix = solmix1 >= mjMINVAL ? 1 : 0;
  }
  const auto larger = [&](auto value1, auto value2) {
    return priority > 0 ? value1 : priority < 0 ? value2 : std::max(value1, value2);
  };
  const auto mixed = [&](double value1, double value2) {
    return priority > 0 ? value1 : priority < 0 ? value2 : mix * value1 + (1 - mix) * value2;
  };

  pair.condim = larger(model.geom_condim[geom1], model.geom_condim[geom2]);
  const mjtNum* const ref1 = model.geom_solref + std::ptrdiff_t{mjNREF} * geom1;
  const mjtNum* const ref2 = model.geom_solref + std::ptrdiff_t{mjNREF} * geom2;
  const bool direct = priority == 0 && (ref1[0] <= 0 || ref2[0] <= 0);  // -stiffness, -damping
  for (int i = 0; i < mjNREF; ++i) {
    pair.solref[i] = direct ? std::min(ref1[i], ref2[i]) : mixed(ref1[i], ref2[i]);
    pair.solreffriction[i] = 0;
  }
  for (int i = 0; i < mjNIMP; ++i) {
    pair.solimp[i] =
        mixed(model.geom_solimp[mjNIMP * geom1 + i], model.geom_solimp[mjNIMP * geom2 + i]);
  }
  MixFriction(model, geom1, geom2, pair.friction);
  // These do not heed priority. [m]
  pair.margin = model.geom_margin[geom1] + model.geom_margin[geom2];
  pair.gap = model.geom_gap[geom1] + model.geom_gap[geom2];
  pair.adhesion = priority > 0   ? model.geom_adhesion[geom1]
                  : priority < 0 ? model.geom_adhesion[geom2]
                                 : model.geom_adhesion[geom1] + model.geom_adhesion[geom2];
}

// Pairs know their geoms by name. Gives each geom one and takes its masks; the names by id, none
// where that is not possible.
std::vector<std::string> NameAndMaskGeoms(mjSpec& spec, const mjModel& model) {
  std::vector<std::string> names(static_cast<std::size_t>(model.ngeom));
  for (mjsElement* element = mjs_firstElement(&spec, mjOBJ_GEOM); element != nullptr;
       element = mjs_nextElement(&spec, element)) {
    const int id = mjs_getId(element);
    if (id < 0 || id >= model.ngeom) return {};
    std::string& name = names[static_cast<std::size_t>(id)];
    name = mjs_getString(mjs_getName(element));
    if (name.empty()) {
      name = "unnamed_geom_" + std::to_string(id);
      if (mjs_setName(element, name.c_str()) != 0) return {};
    }
    mjsGeom& geom = *mjs_asGeom(element);
    geom.contype = 0;
    geom.conaffinity = 0;
  }
  return names;
}

// Why a rewritten model is not used, or "".
std::string WhyNotSame(const mjModel& given, const mjModel& rewritten) {
  const MotionTrial trial = TryMotion(given, rewritten);
  if (!trial.same) {
    return "it moved otherwise within " + std::to_string(trial.steps) + " steps of the replay";
  }
  if (trial.touched || (given.npair == 0 && rewritten.npair == 0)) return "";
  return "nothing touched in the replay, which tells nothing of the pairs";
}

// The lean model of MJCF text.
LeanModel LoadLean(std::string_view xml, const std::string& name) {
  const auto parse = [&] { return ParseModel(xml, name); };
  return MakeLean(parse, *LoadModel(xml, name), name);
}

}  // namespace

ChosenModel RewriteModel(mjSpec& spec, const mjModel& model) {
  const auto not_possible = [](const std::string& why) {
    return ChosenModel{.model = nullptr, .told = NotInUse(why)};
  };
  if (model.nflex > 0) return not_possible("the model has flexes");
  if ((model.opt.enableflags & mjENBL_SLEEP) != 0) return not_possible("bodies may sleep");
  const std::vector<GeomPair> pairs = DynamicPairs(model);
  const std::string number = std::to_string(pairs.size());
  if (pairs.size() > kMostPairs) {
    return not_possible(number + " pairs of geoms may touch, too many for it to pay");
  }

  const bool has_islands = (model.opt.disableflags & mjDSBL_ISLAND) == 0;
  if (has_islands && model.ntree > 1) {
    return not_possible("what moves does not hang together, and its islands are solved one by one");
  }
  const std::vector<std::string> names = NameAndMaskGeoms(spec, model);
  if (names.empty() && model.ngeom > 0) return not_possible("its geoms cannot be named");
  int made = 0;
  for (const auto& [first, second] : pairs) {
    mjsPair& pair = *mjs_addPair(&spec, nullptr);
    mjs_setString(pair.geomname1, names[static_cast<std::size_t>(first)].c_str());
    mjs_setString(pair.geomname2, names[static_cast<std::size_t>(second)].c_str());
    const std::string name = std::string(kPairName) + std::to_string(made++);
    if (mjs_setName(pair.element, name.c_str()) != 0) {
      return not_possible("a pair of the model is called " + name);
    }
    MixParameters(model, first, second, pair);
  }
  spec.option.disableflags |= mjDSBL_ISLAND;
  ModelPtr rewritten(mj_compile(&spec, nullptr));
  if (rewritten == nullptr) return not_possible(mjs_getError(&spec));
  return {.model = std::move(rewritten),
          .told = "by a faster model, the same in every bit (" + number +
                  (pairs.size() == 1 ? " pair" : " pairs") + " of geoms)"};
}

bool IsMixedPair(const mjModel& model, mjtSize pair) {
  const std::string_view name = model.names + model.name_pairadr[pair];
  return name.starts_with(kPairName);
}

void MixFriction(mjModel& model) {
  for (mjtSize i = 0; i < model.npair; ++i) {
    if (!IsMixedPair(model, i)) continue;
    MixFriction(model, model.pair_geom1[i], model.pair_geom2[i], model.pair_friction + 5 * i);
  }
}

ChosenModel FasterModel(ModelPtr given, ChosenModel rewritten,
                        const std::vector<ModelChange>& changes) {
  const auto keep = [&](const std::string& told) {
    return ChosenModel{.model = std::move(given), .told = told};
  };
  if (rewritten.model == nullptr) return keep(rewritten.told);
  std::string why = WhyNotSame(*given, *rewritten.model);
  if (!why.empty()) return keep(NotInUse(why));
  const auto changed = [](const mjModel& model, const ModelChange& change) {
    ModelPtr copy = CopyModel(model);
    change(*copy);
    MixFriction(*copy);
    mj_setConst(copy.get(), MakeData(*copy).get());
    return copy;
  };
  for (const ModelChange& change : changes) {
    why = WhyNotSame(*changed(*given, change), *changed(*rewritten.model, change));
    if (!why.empty()) return keep(NotInUse(why + ", with the dynamics of a task"));
  }
  return rewritten;
}

ChosenModel FasterModelOf(const mjSpec& spec, const mjModel& model,
                          const std::vector<ModelChange>& changes) {
  const SpecPtr copy(mj_copySpec(&spec));
  ChosenModel rewritten{.model = nullptr, .told = NotInUse("no copy of its MJCF")};
  if (copy != nullptr) rewritten = RewriteModel(*copy, model);
  return FasterModel(CopyModel(model), std::move(rewritten), changes);
}

std::string ToldOfNoRewrite() { return NotInUse("task.model_rewrite is off"); }

ChosenModel LoadFasterModel(std::string_view xml, const std::string& name,
                            const std::vector<ModelChange>& changes) {
  LeanModel lean = LoadLean(xml, name);
  ChosenModel rewritten = RewriteModel(*lean.spec, *lean.model);
  ChosenModel chosen = FasterModel(std::move(lean.model), std::move(rewritten), changes);
  chosen.told = Together(chosen.told, lean.told);
  return chosen;
}

ChosenModel LoadFasterEmbeddedModel(std::string_view name,
                                    const std::vector<ModelChange>& changes) {
  return LoadFasterModel(ModelXml(name), std::string(name), changes);
}

ChosenModel LoadLeanEmbeddedModel(std::string_view name) {
  LeanModel lean = LoadLean(ModelXml(name), std::string(name));
  return {.model = std::move(lean.model), .told = Together(ToldOfNoRewrite(), lean.told)};
}

std::string Together(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() ? a + b : a + "; " + b;
}

}  // namespace anole
