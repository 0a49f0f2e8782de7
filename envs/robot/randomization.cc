#include "envs/robot/randomization.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "configs/user_error.h"
#include "envs/model_rewrite.h"

namespace anole {
namespace {

// nullptr: there is none of that name.
const RandomField* FieldOf(const std::string& name) {
  const auto& fields = RandomFields();
  const auto found = std::ranges::find(fields, name, &RandomField::name);
  return found == fields.end() ? nullptr : &*found;
}

bool OwnPair(const mjModel& model, mjtSize pair) { return !IsMixedPair(model, pair); }

}  // namespace

void RandomizationOptions::Describe(VisitOf<RandomizationOptions> visit) {
  std::vector<std::string> names;
  for (const RandomField& one : RandomFields()) names.push_back(one.name);
  visit("field", &RandomizationOptions::field,
        {.help =
             "what varies: of bodies (mass, mass_center_*, place_*: where they are fixed to their "
             "parents), geoms (friction: sliding, and torsional_ and rolling_friction, also of "
             "the model's <pair>s that name them, and size), joints (damping, armature, "
             "friction_loss, stiffness, joint_zero: where their angles are counted from), "
             "actuators (strength: all of their force, a servo's kp, kd and forcerange, a "
             "muscle's force; of a servo also kp and kd apart; force_limit), or gravity",
         .choices = names});
  const RandomField* const known = FieldOf(visit->field);
  if (const auto where =
          visit.Where(known != nullptr && known->has_elements(), "field is another than gravity")) {
    where(
        "target", &RandomizationOptions::target,
        {.help = "whose: names or patterns, \"thigh*, torso\", of geoms also \"body:torso\"; what "
                 "has none of the field is skipped where a pattern chose it",
         .min_size = 1});
    where("shared", &RandomizationOptions::shared,
          {.help = "one value for all of them, or one for each"});
  }
  visit("operation", &RandomizationOptions::operation,
        {.help = "what a value does to that of the model"});
  visit("distribution", &RandomizationOptions::distribution,
        {.help = "uniform; log_uniform: its logarithm is; normal: about the middle of the range, "
                 "whose ends are two standard deviations off, never outside"});
  visit("per", &RandomizationOptions::per,
        {.help = "task: a row of it; episode: drawn anew in each"});
  PhasedRange::Describe(
      visit.In(&RandomizationOptions::range),
      {.section = "", .what = "value", .limits = {.help = "", .min = -1e9, .max = 1e9}},
      GrowthOf(visit->per), /*either=*/true);
}

Randomization::Randomization(const RandomizationOptions& options, const Robot& robot)
    : options_(options), field_(FieldOf(options.field)) {
  Choose(robot);
  options.range.Check("", "range", GrowthOf(options.per));
  CheckRange(robot, "range", options.range.range);
  if (!options.range.test_range.empty()) CheckRange(robot, "test_range", options.range.test_range);
  const mjModel& model = *robot.model;
  for (mjtSize i = 0; field_->count_of_pair > 0 && i < model.npair; ++i) {
    const bool named =
        ElementOfGeom(model.pair_geom1[i]) >= 0 || ElementOfGeom(model.pair_geom2[i]) >= 0;
    if (named && OwnPair(model, i)) ++pairs_;
  }
}

void Randomization::Choose(const Robot& robot) {
  const mjtObj kind = field_->kind;
  const mjModel& model = kind == mjOBJ_GEOM ? *robot.full : *robot.model;
  const auto eligible = [&](int id) {
    if (kind == mjOBJ_BODY) return id > 0;  // the world has no mass to change
    if (kind != mjOBJ_JOINT) return true;
    return model.jnt_type[id] == mjJNT_HINGE || model.jnt_type[id] == mjJNT_SLIDE;
  };
  std::vector<ChosenElement> all = {{0, true}};
  if (kind != mjOBJ_MODEL) {
    all = ChooseElements(model, robot.model_name, kind, "target", options_.target, eligible);
  }
  Obstacle first;
  for (const ChosenElement& chosen : all) {
    const std::string name = kind == mjOBJ_MODEL ? "world" : ElementName(model, kind, chosen.id);
    Obstacle obstacle = ObstacleOf(*field_, model, chosen.id, options_.operation);
    const int id =
        kind == mjOBJ_GEOM ? robot.geoms.at(static_cast<std::size_t>(chosen.id)) : chosen.id;
    if (id < 0 && obstacle.problem.empty()) {
      obstacle = {"target", "geom '" + name + "' touches nothing: no other may meet it",
                  "touches nothing"};
    }
    if (obstacle.problem.empty()) {
      elements_.push_back(id);
      names_.push_back(name);
      continue;
    }
    if (chosen.by_name) throw OptionError(obstacle.option, obstacle.problem);
    if (first.problem.empty()) first = obstacle;
    skipped_.push_back({name, obstacle.brief});
  }
  if (!elements_.empty()) return;
  const bool several = skipped_.size() > 1;
  throw OptionError(first.option,
                    first.problem + (several ? "; no other that target chooses has any" : ""));
}

void Randomization::CheckRange(const Robot& robot, const std::string& option,
                               const std::vector<double>& range) const {
  if (options_.distribution == Distribution::kLogUniform && range[0] <= 0) {
    throw OptionError(option, "must be above 0: the distribution is log_uniform");
  }
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    const double number = field_->number(*robot.model, elements_[i]);
    for (const double value : range) {
      const double changed = ChangedNumber(options_.operation, number, value);
      if (changed > field_->lowest || (changed == field_->lowest && field_->may_be_lowest))
        continue;
      throw OptionError(option, "would make the " + options_.field + " of '" + names_[i] + "' " +
                                    std::to_string(changed) + ", which must be " +
                                    (field_->may_be_lowest ? "at least 0" : "above 0"));
    }
  }
}

std::vector<int> Randomization::moved_bodies() const {
  return options_.field.starts_with("place_") ? elements_ : std::vector<int>();
}

void Randomization::CheckNumbers(const mjModel& model) const {
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    const double number = field_->number(model, elements_[i]);
    if (number > field_->lowest || (number == field_->lowest && field_->may_be_lowest)) continue;
    throw OptionError("range", "with other [[randomize]] of it would make the " + options_.field +
                                   " of '" + names_[i] + "' " + std::to_string(number));
  }
}

std::vector<NamedUnit> Randomization::parameters() const {
  if (!field_->has_elements()) return {{options_.field, ""}};
  if (options_.shared) return {{options_.field + ":" + options_.target, ""}};
  std::vector<NamedUnit> parameters;
  for (const std::string& name : names_) parameters.push_back({options_.field + ":" + name, ""});
  return parameters;
}

double Randomization::Draw(const TaskRange& range, Rng& rng) const {
  const auto [low, high] = range;
  switch (options_.distribution) {
    case Distribution::kUniform:
      return rng.Uniform(low, high);
    case Distribution::kLogUniform:
      return std::exp(rng.Uniform(std::log(low), std::log(high)));
    case Distribution::kNormal:
      break;
  }
  double value = 0;
  do {
    value = (low + high) / 2 + (high - low) / 4 * rng.Normal();
  } while (value < low || value > high);
  return value;
}

void Randomization::Apply(VectorIn values, mjModel& model) const {
  const auto value_of = [&](std::size_t element) {
    return values[options_.shared ? 0 : static_cast<Eigen::Index>(element)];
  };
  for (std::size_t i = 0; i < elements_.size(); ++i) Change(i, value_of(i), model);
  ChangePairs(value_of, model);
}

void Randomization::ApplyDrawn(std::int64_t iteration, Rng& rng, mjModel& model) const {
  const TaskRange range = options_.range.In(iteration);
  const Rng beginning = rng;
  double value = 0;
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    if (i == 0 || !options_.shared) value = Draw(range, rng);
    Change(i, value, model);
  }
  // Drawn again rather than kept, which would need memory.
  const auto value_of = [&](std::size_t element) {
    Rng again = beginning;
    double drawn = Draw(range, again);
    for (std::size_t i = 0; !options_.shared && i < element; ++i) drawn = Draw(range, again);
    return drawn;
  };
  ChangePairs(value_of, model);
}

void Randomization::Change(std::size_t element, double value, mjModel& model) const {
  const int id = elements_[element];
  const double old = field_->number(model, id);
  const double number = ChangedNumber(options_.operation, old, value);
  field_->change(model, id, number, old, options_.operation == Operation::kAdd);
}

int Randomization::ElementOfGeom(int geom) const {
  const auto found = std::ranges::find(elements_, geom);
  return found == elements_.end() ? -1 : static_cast<int>(found - elements_.begin());
}

// A pair that the model names has a friction of its own, which changes as that of its geoms does.
// Where both are changed by different values it is mixed of what they would make of it: all of the
// geom with priority, else the larger.
template <class ValueOf>
void Randomization::ChangePairs(const ValueOf& value_of, mjModel& model) const {
  for (mjtSize i = 0; pairs_ > 0 && i < model.npair; ++i) {
    if (!OwnPair(model, i)) continue;
    const int geom1 = model.pair_geom1[i], geom2 = model.pair_geom2[i];
    const int first = ElementOfGeom(geom1), second = ElementOfGeom(geom2);
    if (first < 0 && second < 0) continue;
    const int priority = model.geom_priority[geom1] - model.geom_priority[geom2];
    const double value1 = value_of(static_cast<std::size_t>(first >= 0 ? first : second));
    const double value2 = value_of(static_cast<std::size_t>(second >= 0 ? second : first));
    for (int k = field_->first_of_pair; k < field_->first_of_pair + field_->count_of_pair; ++k) {
      mjtNum& friction = model.pair_friction[5 * i + k];
      const double friction1 = ChangedNumber(options_.operation, friction, value1);
      const double friction2 = ChangedNumber(options_.operation, friction, value2);
      friction = std::max(0., priority > 0   ? friction1
                              : priority < 0 ? friction2
                                             : std::max(friction1, friction2));
    }
  }
}

}  // namespace anole
