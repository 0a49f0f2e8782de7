#include "envs/robot/motion.h"

#include <fnmatch.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "configs/suggest.h"
#include "configs/user_error.h"
#include "envs/robot/free_body.h"
#include "envs/robot/names.h"
#include "envs/robot/plain_name.h"
#include "envs/robot/short_number.h"

namespace anole {
namespace {

MotionTable Read(const std::string& file) try {
  return MotionTable(file);
} catch (const UserError& error) {
  throw OptionError("file", error.what());
}

const std::array<std::string, 7> kPose = {".x", ".y", ".z", ".qw", ".qx", ".qy", ".qz"};

}  // namespace

void MotionOptions::Describe(VisitOf<MotionOptions> visit) {
  visit("name", &MotionOptions::name,
        {.help = "by which observations and formulas refer to it", .min_size = 1});
  visit("file", &MotionOptions::file,
        {.help = "CSV file, from the folder of this one: a line of names, time [s] among them and, "
                 "of several motions, clip (0, 1, ...); then a line of numbers for each moment",
         .path = true,
         .min_size = 1});
  visit("repeats", &MotionOptions::repeats,
        {.help = "whether it begins again after its end, or stands still then"});
  visit("begin", &MotionOptions::begin,
        {.help = "earliest and latest time of it with which an episode begins; []: any",
         .unit = "s",
         .min = 0,
         .max = 1e9,
         .max_size = 2});
  visit("start", &MotionOptions::start,
        {.help = "whether hinges and slides that columns are called after begin there, with its "
                 "velocity, and free bodies, by columns BODY.x, .y, .z, .qw, .qx, .qy, .qz"});
  visit("per", &MotionOptions::per,
        {.help = "task: the clip is a row of it, to be adapted to; episode: drawn in each"});
  PhasedRange::Describe(visit.In(&MotionOptions::clips),
                        {.section = "",
                         .what = "clip that is drawn; []: any of the file",
                         .limits = {.help = "", .min = 0, .max = 1e6},
                         .is_needed = false},
                        GrowthOf(visit->per), /*either=*/true);
}

Motion::Motion(const MotionOptions& options, const mjModel& model)
    : options_(options), table_(Read(options.file)) {
  CheckPlainName("name", options.name);
  if (options.name.find('\'') != std::string::npos) {
    throw OptionError("name", "must have no quote, which ends it in formulas");
  }
  PhasedRange& clips = options_.clips;
  const auto last = static_cast<double>(table_.clips() - 1);
  if (clips.range.empty() && clips.test_range.empty() && clips.start_range.empty()) {
    clips.range = {0, last};
  }
  clips.Check("", "range", GrowthOf(options.per));
  for (const auto& [option, ends] : {std::pair("range", &clips.range),
                                     {"test_range", &clips.test_range},
                                     {"start_range", &clips.start_range}}) {
    for (const double end : *ends) {
      if (end == std::floor(end) && end <= last) continue;
      throw OptionError(option, "the clips of " + options.file + " are whole numbers from 0 to " +
                                    std::to_string(table_.clips() - 1));
    }
  }
  CheckBegin();
  const TaskRange train = clips.Of(Phase::kTrain);
  draws_clip_ = train.low < train.high || clips.Of(Phase::kTest) != train;
  if (options.start) FindStart(model);
}

void Motion::CheckBegin() const {
  if (options_.begin.empty()) return;
  CheckRange("begin", options_.begin);
  double longest = 0;
  for (std::size_t clip = 0; clip < table_.clips(); ++clip) {
    longest = std::max(longest, table_.length(clip));
  }
  if (options_.begin[1] <= longest) return;
  throw OptionError(
      "begin", "no clip of " + options_.file + " has more than " + ShortNumber(longest) + " s");
}

void Motion::FindStart(const mjModel& model) {
  const auto& columns = table_.columns();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const int joint = IdOf(model, mjOBJ_JOINT, columns[i]);
    if (joint < 0) continue;
    if (model.jnt_type[joint] != mjJNT_HINGE && model.jnt_type[joint] != mjJNT_SLIDE) continue;
    joints_.push_back({.column = static_cast<Eigen::Index>(i),
                       .id = joint,
                       .position = model.jnt_qposadr[joint],
                       .velocity = model.jnt_dofadr[joint]});
  }
  for (int body = 1; body < model.nbody; ++body) {
    if (const int joint = FreeJointOf(model, body); joint >= 0) AddBody(model, body, joint);
  }
  if (!joints_.empty() || !bodies_.empty()) return;
  std::vector<std::string> joints;
  for (int joint = 0; joint < model.njnt; ++joint) {
    joints.push_back(ElementName(model, mjOBJ_JOINT, joint));
  }
  std::string near;
  for (const std::string& column : columns) {
    if (near.empty()) near = DidYouMean(column, joints);
  }
  throw OptionError("start", "no column of " + options_.file +
                                 " is called after a hinge, a slide or, as BODY.x, a free body of "
                                 "the model" +
                                 near + "; start = false does without");
}

// Where the file tells of it.
void Motion::AddBody(const mjModel& model, int body, int joint) {
  const std::string name = ElementName(model, mjOBJ_BODY, body);
  const auto& columns = table_.columns();
  const bool is_told = std::ranges::any_of(
      kPose, [&](const std::string& end) { return std::ranges::count(columns, name + end) > 0; });
  if (!is_told) return;
  Body added{.columns = {},
             .joint = joint,
             .position = model.jnt_qposadr[joint],
             .velocity = model.jnt_dofadr[joint]};
  for (std::size_t i = 0; i < kPose.size(); ++i) {
    const auto found = std::ranges::find(columns, name + kPose.at(i));
    if (found == columns.end()) {
      throw OptionError("start", "body '" + name + "' moves freely, and " + options_.file +
                                     " has no column '" + name + kPose.at(i) +
                                     "' beside the others of it");
    }
    added.columns.at(i) = found - columns.begin();
  }
  if (const std::size_t row = table_.RowWithout({added.columns.begin() + 3, 4}); row > 0) {
    throw OptionError("start", "body '" + name + "': the quaternion in row " + std::to_string(row) +
                                   " of " + options_.file + " is zero");
  }
  bodies_.push_back(added);
}

double Motion::DrawClip(const TaskPlace& at, Rng& rng) const {
  const auto [low, high] = options_.clips.At(at);
  return std::min(std::floor(rng.Uniform(low, high + 1)), std::ceil(high));
}

double Motion::TakeClip(const TaskPlace& at, std::int64_t& index) const {
  const auto [low, high] = options_.clips.At(at);
  const auto first = static_cast<std::int64_t>(std::floor(low));
  const std::int64_t count = static_cast<std::int64_t>(std::ceil(high)) - first + 1;
  const std::int64_t taken = index % count;
  index /= count;
  return static_cast<double>(first + taken);
}

void Motion::Begin(double clip, Rng& rng, VectorOut kept) const {
  // Whoever calls the family may give any number.
  kept[0] = std::clamp(std::round(clip), 0.0, static_cast<double>(table_.clips() - 1));
  const double whole = length(kept);
  const std::vector<double>& begin = options_.begin;
  kept[1] = begin.empty() ? rng.Uniform(0, whole) : rng.Uniform(begin[0], begin[1]);
}

Eigen::Index Motion::Find(const std::string& column) const {
  const auto& columns = table_.columns();
  const auto found = std::ranges::find(columns, column);
  if (found != columns.end()) return found - columns.begin();
  throw OptionError("", "motion '" + options_.name + "' has no column '" + column + "'" +
                            Suggestion(column, columns));
}

std::vector<Eigen::Index> Motion::FindAll(const std::string& option,
                                          const std::string& patterns) const {
  const auto& columns = table_.columns();
  std::vector<bool> is_chosen(columns.size());
  for (const std::string& word : SplitList(patterns)) {
    bool chooses = false;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i] != word && fnmatch(word.c_str(), columns[i].c_str(), 0) != 0) continue;
      is_chosen[i] = chooses = true;
    }
    if (chooses) continue;
    throw OptionError(option, "no column of motion '" + options_.name + "' is called '" + word +
                                  "'" + Suggestion(word, columns));
  }
  std::vector<Eigen::Index> chosen;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (is_chosen[i]) chosen.push_back(static_cast<Eigen::Index>(i));
  }
  if (chosen.empty()) throw OptionError(option, "must name at least one column");
  return chosen;
}

double Motion::length(VectorIn kept) const { return table_.length(ClipOf(kept)); }

double Motion::TimeAt(VectorIn kept, double seconds) const {
  const double whole = length(kept), time = kept[1] + seconds;
  if (!options_.repeats) return std::clamp(time, 0.0, whole);
  return std::clamp(time - whole * std::floor(time / whole), 0.0, whole);
}

MotionTable::Moment Motion::At(VectorIn kept, double seconds) const {
  MotionTable::Moment moment = table_.At(ClipOf(kept), TimeAt(kept, seconds));
  const double time = kept[1] + seconds;
  const bool stands_still = !options_.repeats && (time < 0 || time >= length(kept));
  if (stands_still) moment.dt = std::numeric_limits<double>::infinity();
  return moment;
}

std::vector<int> Motion::started() const {
  std::vector<int> joints;
  for (const Joint& joint : joints_) joints.push_back(joint.id);
  for (const Body& body : bodies_) joints.push_back(body.joint);
  return joints;
}

std::vector<std::string> Motion::unstarted() const {
  std::vector<std::string> columns = options_.start ? table_.columns() : std::vector<std::string>();
  std::vector<bool> is_begun(columns.size());
  for (const Joint& joint : joints_) is_begun[static_cast<std::size_t>(joint.column)] = true;
  for (const Body& body : bodies_) {
    for (const Eigen::Index column : body.columns)
      is_begun[static_cast<std::size_t>(column)] = true;
  }
  std::size_t column = 0;
  std::erase_if(columns, [&](const std::string&) { return is_begun[column++]; });
  return columns;
}

std::vector<std::string> Motion::Warnings(const mjModel& model) const {
  constexpr double kRounding = 1e-3;  // of the range
  std::vector<std::string> warnings;
  for (const Joint& joint : joints_) {
    if (model.jnt_limited[joint.id] == 0) continue;
    const mjtNum* const limits = model.jnt_range + std::ptrdiff_t{2} * joint.id;
    const auto [low, high] = table_.Extremes(joint.column);
    const double slack = kRounding * (limits[1] - limits[0]);
    if (low >= limits[0] - slack && high <= limits[1] + slack) continue;
    warnings.push_back("motion '" + options_.name + "': joint '" +
                       table_.columns()[static_cast<std::size_t>(joint.column)] + "' goes from " +
                       ShortNumber(low) + " to " + ShortNumber(high) +
                       " [rad or m], outside of its limits, " + ShortNumber(limits[0]) + " to " +
                       ShortNumber(limits[1]));
  }
  return warnings;
}

void Motion::Start(VectorIn kept, mjData& data) const {
  const MotionTable::Moment moment = At(kept, 0);
  for (const Joint& joint : joints_) {
    data.qpos[joint.position] = table_.Value(joint.column, moment);
    data.qvel[joint.velocity] = table_.Rate(joint.column, moment);
  }
  for (const Body& body : bodies_) StartBody(body, moment, data);
}

// Its rotation by the shorter way between the two rows.
void Motion::StartBody(const Body& body, const MotionTable::Moment& moment, mjData& data) const {
  mjtNum *const place = data.qpos + body.position, *const velocity = data.qvel + body.velocity;
  std::array<mjtNum, 4> earlier{}, later{};
  for (std::size_t i = 0; i < 3; ++i) {
    place[i] = table_.Value(body.columns.at(i), moment);
    velocity[i] = table_.Rate(body.columns.at(i), moment);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    const Eigen::Index column = body.columns.at(3 + i);
    earlier.at(i) = table_.Value(column, {.row = moment.row, .share = 0});
    later.at(i) = table_.Value(column, {.row = moment.row, .share = 1});
  }
  mju_normalize4(earlier.data());
  mju_normalize4(later.data());
  std::array<mjtNum, 3> turn{};  // [rad], in its own axes, from row to row
  mju_subQuat(turn.data(), later.data(), earlier.data());
  mju_quatIntegrate(earlier.data(), turn.data(), moment.share);
  std::ranges::copy(earlier, place + 3);
  for (std::size_t i = 0; i < 3; ++i) velocity[3 + i] = turn.at(i) / moment.dt;
}

}  // namespace anole
