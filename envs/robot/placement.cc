#include "envs/robot/placement.h"

#include <algorithm>
#include <array>
#include <utility>

#include "configs/user_error.h"
#include "envs/mujoco.h"
#include "envs/robot/free_body.h"

namespace anole {
namespace {

constexpr int kTurn = 3;
const std::array<std::string, 7> kNumbers = {"x", "y", "z", "turn", "axis_x", "axis_y", "axis_z"};

constexpr const char* kFixed = "is of free and mocap bodies; this one is fixed to the world";

bool HasRange(const PhasedRange& range) { return !range.range.empty(); }

// [option], [start_option] and, of tasks, [test_option], of which an empty one says nothing.
void DescribeRange(VisitOf<PhasedRange> visit, const std::string& option, const OptionInfo& told,
                   bool of_tasks) {
  OptionInfo info = told;
  info.max_size = 2;
  visit(option, &PhasedRange::range, info);
  if (const auto where = visit.Where(of_tasks, PerOf(Growth::kTasks))) {
    info.help = "the same of held-out tasks; []: as of the others";
    where("test_" + option, &PhasedRange::test_range, info);
  }
  info.help = "the same as training begins, from easy to hard; []: as of the others";
  visit("start_" + option, &PhasedRange::start_range, info);
}

}  // namespace

void PlacementOptions::Describe(VisitOf<PlacementOptions> visit) {
  visit("of", &PlacementOptions::of,
        {.help = "a free or mocap body, or a body or site that is fixed to the world",
         .min_size = 1});
  visit("per", &PlacementOptions::per, {.help = "task: rows of it; episode: drawn anew in each"});
  visit("relative", &PlacementOptions::relative,
        {.help = "whether places are counted from where it is at the start"});
  const bool of_tasks = visit->per == Lifetime::kTask;
  const OptionInfo place{.help = "lowest and highest place; []: as at the start",
                         .unit = "m",
                         .min = -1e6,
                         .max = 1e6};
  DescribeRange(visit.In(&PlacementOptions::x), "x", place, of_tasks);
  DescribeRange(visit.In(&PlacementOptions::y), "y", place, of_tasks);
  DescribeRange(visit.In(&PlacementOptions::z), "z", place, of_tasks);
  if (const auto where = visit.Where(HasRange(visit->z), "z is set")) {
    where(
        "z_share", &PlacementOptions::z_share,
        {.help = "of the draws in which z is anywhere in its range; in the others it is its lowest",
         .max = 1,
         .positive = true});
  }
  DescribeRange(visit.In(&PlacementOptions::turn), "turn",
                {.help = "the same of its rotation, from how it is turned at the start",
                 .unit = "rad",
                 .min = -7,
                 .max = 7},
                of_tasks);
  if (const auto where = visit.Where(HasRange(visit->turn), "turn is set")) {
    where("turn_axis", &PlacementOptions::turn_axis,
          {.help = "what it is turned about: the vertical, or any direction, whose three parts are "
                   "drawn within +- 1"});
  }
  const bool starts =
      std::ranges::any_of(std::array{&visit->x, &visit->y, &visit->z, &visit->turn},
                          [](const PhasedRange* range) { return !range->start_range.empty(); });
  if (const auto starting = visit.Where(starts, "a range has a start")) {
    for (const Growth growth : {Growth::kTasks, Growth::kIterations}) {
      const auto where = starting.Where(growth == GrowthOf(visit->per), PerOf(growth));
      if (!where) continue;
      Growing::DescribeWhole(where.In(&PlacementOptions::growth), growth,
                             "after so many, what it starts with has become what it is drawn from");
    }
    Growing::DescribeSteps(starting.In(&PlacementOptions::growth));
  }
  visit("still", &PlacementOptions::still,
        {.help = "whether a free body then lies still, or moves as at the start"});
  visit("apart_from", &PlacementOptions::apart_from,
        {.help = "a body or site that it keeps away from: one of an earlier [[place]], or where "
                 "that is at the start; empty: none"});
  if (const auto where = visit.Where(!visit->apart_from.empty(), "apart_from is set")) {
    where("apart", &PlacementOptions::apart,
          {.help = "how far, over the ground", .unit = "m", .max = 1e6, .positive = true});
  }
  if (const auto where =
          visit.Where(visit->per == Lifetime::kEpisode, PerOf(Growth::kIterations))) {
    RedrawOptions::Describe(where.In(&PlacementOptions::redraw));
    where("after_success", &PlacementOptions::after_success,
          {.help = "whether it is drawn anew after each control step in which there is success"});
  }
}

ModelPart FindPlaced(const std::string& option, const std::string& name, const Robot& robot) {
  const int body = mj_name2id(robot.model.get(), mjOBJ_BODY, name.c_str());
  return body >= 0 ? ModelPart{mjOBJ_BODY, body} : robot.FindPart(option, name);
}

Placement::Placement(const PlacementOptions& options, const Robot& robot) : options_(options) {
  Find(robot);
  AddNumber("x", 0, options.x);
  AddNumber("y", 1, options.y);
  AddNumber("z", 2, options.z);
  AddNumber("turn", kTurn, options.turn);
  if (options.turn_axis == TurnAxis::kAny) AddAxis();
  if (numbers_.empty()) throw OptionError("of", "one of x, y, z and turn must say where it is put");
  if (in_model_ && HasRange(options.turn)) {
    throw OptionError("turn", kFixed);
  }
  if (in_model_ && options.is_redrawn()) {
    throw OptionError(options.after_success ? "after_success" : "every", kFixed);
  }
}

void Placement::AddNumber(const std::string& option, int axis, const PhasedRange& range) {
  PhasedRange own = range;
  own.growth = options_.growth;
  const bool is_said = HasRange(own) || !own.test_range.empty() || !own.start_range.empty();
  if (!is_said) return;
  own.Check("", option, GrowthOf(options_.per));
  numbers_.push_back({axis, std::move(own)});
}

void Placement::AddAxis() {
  for (int axis = kTurn + 1; axis < kMostNumbers; ++axis) {
    numbers_.push_back({axis, PhasedRange{.range = {-1, 1}}});
  }
}

void Placement::Find(const Robot& robot) {
  const mjModel& model = *robot.model;
  const DataPtr data = robot.AtStart();
  part_ = FindPlaced("of", options_.of, robot);
  home_ = part_.Place(*data);
  if (part_.kind == mjOBJ_SITE) return FindParent(*data, model, model.site_bodyid[part_.id]);
  mocap_ = model.body_mocapid[part_.id];
  if (mocap_ >= 0) return;
  joint_ = FreeJointOf(model, part_.id);
  if (joint_ >= 0) return CountJoints(model);
  if (part_.id == 0) throw OptionError("of", "is the world");
  if (model.body_jntnum[part_.id] > 0) {
    throw OptionError("of",
                      "moves by joints of its own; only a body with a <freejoint>, a mocap "
                      "body or one that is fixed to the world can be put elsewhere");
  }
  FindParent(*data, model, model.body_parentid[part_.id]);
}

// Those of a body and of all on it follow one another.
void Placement::CountJoints(const mjModel& model) {
  int end = joint_ + 1;
  while (end < model.njnt && IsWithin(model, {mjOBJ_BODY, model.jnt_bodyid[end]}, part_.id)) ++end;
  const bool last = end == model.njnt;
  positions_ =
      (last ? static_cast<int>(model.nq) : model.jnt_qposadr[end]) - model.jnt_qposadr[joint_];
  velocities_ =
      (last ? static_cast<int>(model.nv) : model.jnt_dofadr[end]) - model.jnt_dofadr[joint_];
}

void Placement::FindParent(const mjData& start, const mjModel& model, int parent) {
  if (model.body_weldid[parent] != 0) {
    throw OptionError(
        "of", "belongs to body '" + ElementName(model, mjOBJ_BODY, parent) + "', which moves");
  }
  in_model_ = true;
  parent_place_ = ModelPart{mjOBJ_BODY, parent}.Place(start);
  parent_axes_ = Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(
      start.xmat + std::ptrdiff_t{9} * parent);
}

std::vector<NamedUnit> Placement::parameters() const {
  std::vector<NamedUnit> parameters;
  for (const Number& number : numbers_) {
    parameters.push_back({options_.of + "." + kNumbers.at(static_cast<std::size_t>(number.axis)),
                          number.axis == kTurn  ? "rad"
                          : number.axis > kTurn ? ""
                                                : "m"});
  }
  return parameters;
}

std::vector<TaskRanges> Placement::ranges() const {
  std::vector<TaskRanges> ranges;
  for (const Number& number : numbers_) ranges.push_back(number.range.ranges());
  return ranges;
}

void Placement::Draw(Rng& rng, const TaskPlace& at, VectorOut numbers) const {
  Eigen::Index row = 0;
  for (const Number& number : numbers_) {
    const auto [low, high] = number.range.At(at);
    const double value = rng.Uniform(low, high);
    const bool lies =
        number.axis == 2 && options_.z_share < 1 && rng.Uniform(0, 1) >= options_.z_share;
    numbers[row++] = lies ? low : value;
  }
}

Eigen::Vector3d Placement::PlaceOf(VectorIn numbers) const {
  Eigen::Vector3d place = home_;
  Eigen::Index row = 0;
  for (const Number& number : numbers_) {
    const double value = numbers[row++];
    if (number.axis >= kTurn) continue;
    place[number.axis] = options_.relative ? home_[number.axis] + value : value;
  }
  return place;
}

void Placement::Put(VectorIn numbers, mjModel& model) const {
  const Eigen::Vector3d place = parent_axes_.transpose() * (PlaceOf(numbers) - parent_place_);
  mjtNum* const places = part_.kind == mjOBJ_SITE ? model.site_pos : model.body_pos;
  std::copy_n(place.data(), 3, places + std::ptrdiff_t{3} * part_.id);
  if (part_.kind == mjOBJ_SITE) model.site_sameframe[part_.id] = mjSAMEFRAME_NONE;
}

void Placement::Put(VectorIn numbers, const mjModel& model, mjData& data) const {
  const Eigen::Vector3d place = PlaceOf(numbers);
  mjtNum* const pose = PoseIn(model, data);
  mjtNum* const turned = mocap_ >= 0 ? data.mocap_quat + std::ptrdiff_t{4} * mocap_ : pose + 3;
  // What is not said stays: noise may have moved it.
  for (const Number& number : numbers_) {
    if (number.axis < kTurn) pose[number.axis] = place[number.axis];
  }
  if (mocap_ < 0 && options_.still) std::fill_n(data.qvel + model.jnt_dofadr[joint_], 6, 0);
  Turn(numbers, turned);
}

mjtNum* Placement::PoseIn(const mjModel& model, const mjData& data) const {
  return mocap_ >= 0 ? data.mocap_pos + std::ptrdiff_t{3} * mocap_
                     : data.qpos + model.jnt_qposadr[joint_];
}

Eigen::Vector3d Placement::PlaceNow(const mjModel& model, const mjData& data) const {
  return Eigen::Map<const Eigen::Vector3d>(PoseIn(model, data));
}

void Placement::PutBack(const RobotStart& start, const mjModel& model, mjData& data) const {
  if (mocap_ >= 0) {
    const std::ptrdiff_t place = std::ptrdiff_t{3} * mocap_, turn = std::ptrdiff_t{4} * mocap_;
    std::copy_n(start.mocap_pos.data() + place, 3, data.mocap_pos + place);
    std::copy_n(start.mocap_quat.data() + turn, 4, data.mocap_quat + turn);
    return;
  }
  const int pose = model.jnt_qposadr[joint_], moves = model.jnt_dofadr[joint_];
  std::copy_n(start.qpos.data() + pose, positions_, data.qpos + pose);
  std::copy_n(start.qvel.data() + moves, velocities_, data.qvel + moves);
}

void Placement::Turn(VectorIn numbers, mjtNum* quaternion) const {
  if (numbers_.back().axis < kTurn) return;
  if (numbers_.back().axis == kTurn) return TurnAboutZ(numbers[count() - 1], quaternion);
  Eigen::Vector3d axis = numbers.tail<3>();
  axis.normalize();  // zeros stay so, and turn nothing
  std::array<mjtNum, 4> turn{};
  mju_axisAngle2Quat(turn.data(), axis.data(), numbers[count() - 4]);
  mju_normalize4(turn.data());
  TurnBy(turn, quaternion);
}

}  // namespace anole
