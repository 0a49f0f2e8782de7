#include "envs/robot/placements.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "configs/user_error.h"
#include "envs/mujoco.h"

namespace anole {
namespace {

constexpr int kMostDraws = 1000, kTrials = 100;

// Of training's first task, or iteration, of those when ranges have grown, and of tests.
constexpr TaskPlace kFirst, kLast{.index = kGrown}, kHeldOut{.phase = Phase::kTest};

// Of a moment while ranges grow; of others "".
std::string MomentText(const TaskPlace& at) {
  if (at.phase != Phase::kTrain || at.index == 0 || at.index == kGrown) return "";
  return " after " + std::to_string(at.index) + " of the growth";
}

}  // namespace

void Placements::Add(const PlacementOptions& options, const Robot& robot, double control_dt) {
  Placement placement(options, robot);
  if (all_.size() == kMostPlacements) {
    throw OptionError("of", "is one [[place]] more than " + std::to_string(kMostPlacements));
  }
  const mjModel& model = *robot.model;
  for (const Placement& other : all_) {
    if (other.part() == placement.part()) {
      throw OptionError("of", "another [[place]] puts it somewhere");
    }
    if (!other.in_model() || !placement.in_model()) continue;
    const bool within = other.body() >= 0 && IsWithin(model, placement.part(), other.body());
    const bool around = placement.body() >= 0 && IsWithin(model, other.part(), placement.body());
    if (!within && !around) continue;
    throw OptionError("of", "and '" + other.options().of +
                                "', which another [[place]] puts somewhere, are fixed to each "
                                "other");
  }
  for (std::size_t i = 0; i < all_.size(); ++i) {
    if (all_[i].options().apart_from.empty() || !keeps_[i].MovesWith(placement, model)) continue;
    throw OptionError("of", "is what '" + all_[i].options().of +
                                "' of an earlier [[place]] keeps away from; put it before that");
  }
  const Keep keep = options.apart_from.empty() ? Keep{} : KeepOf(placement, robot);
  if (placement.per_task()) rows_ += placement.count();
  redraws_.Add(options.redraw, control_dt);
  all_.push_back(std::move(placement));
  keeps_.push_back(keep);
  CheckRoom();
}

bool Placements::Keep::MovesWith(const Placement& placement, const mjModel& model) const {
  return part == placement.part() ||
         (placement.body() >= 0 && IsWithin(model, part, placement.body()));
}

Placements::Keep Placements::KeepOf(const Placement& placement, const Robot& robot) const {
  const PlacementOptions& options = placement.options();
  Keep keep{.part = FindPlaced("apart_from", options.apart_from, robot)};
  if (keep.MovesWith(placement, *robot.model)) {
    throw OptionError("apart_from", "is what is put somewhere here, or on it");
  }
  const auto found = std::ranges::find_if(
      all_, [&](const Placement& other) { return keep.MovesWith(other, *robot.model); });
  if (found == all_.end()) {
    keep.place = robot.FindPart("apart_from", options.apart_from).Place(*robot.AtStart());
    return keep;
  }
  keep.is_placed = true;
  keep.other = static_cast<std::size_t>(found - all_.begin());
  const std::string& other = found->options().of;
  if (keep.part != found->part()) {
    throw OptionError("apart_from", "is on '" + other +
                                        "', which an earlier [[place]] puts somewhere: name that");
  }
  if (found->per_task() != placement.per_task() ||
      (!placement.per_task() && found->in_model() != placement.in_model())) {
    throw OptionError("apart_from",
                      "is drawn at another moment: both must be per = \"task\", or "
                      "both per episode and of one kind, fixed or not");
  }
  if (found->options().is_redrawn() && !found->options().IsRedrawnWith(options)) {
    throw OptionError("apart_from",
                      "is drawn anew at other moments, and would not keep away: every, "
                      "every_most, times and after_success must be those of '" +
                          other + "'");
  }
  return keep;
}

// Draws some tasks and episodes, to learn now that there is no room rather than later: while ranges
// grow as well.
void Placements::CheckRoom() const {
  constexpr std::int64_t kParts = 4;  // of a growth
  std::vector<TaskPlace> moments = {kFirst, kLast, kHeldOut};
  for (const Placement& placement : all_) {
    const std::int64_t growth = placement.options().growth.whole;
    for (std::int64_t part = 1; part <= kParts && growth > 0; ++part) {
      moments.push_back({.index = std::max<std::int64_t>(growth / kParts, 1) * part});
    }
  }
  Rng rng = Address().Open(Purpose::kTask);
  Places places;
  constexpr Eigen::Index kMost = Placement::kMostNumbers;
  Vector numbers(kMost * static_cast<Eigen::Index>(all_.size()));
  for (int trial = 0; trial < kTrials; ++trial) {
    for (const TaskPlace& at : moments) {
      for (std::size_t i = 0; i < all_.size(); ++i) {
        Draw(i, rng, at, numbers.segment(kMost * static_cast<Eigen::Index>(i), all_[i].count()),
             places);
        if (IsApart(i, places)) continue;
        throw OptionError("apart", "leaves no room: of " + std::to_string(kMostDraws) +
                                       " draws none is so far from '" +
                                       all_[i].options().apart_from + "'" + MomentText(at));
      }
    }
  }
}

double Placements::DistanceFromOther(std::size_t i, const Places& places) const {
  const Keep& keep = keeps_[i];
  const Eigen::Vector3d& other = keep.is_placed ? places.at(keep.other) : keep.place;
  return (places.at(i) - other).head<2>().norm();
}

bool Placements::IsApart(std::size_t i, const Places& places) const {
  const PlacementOptions& options = all_[i].options();
  return options.apart_from.empty() || DistanceFromOther(i, places) >= options.apart;
}

void Placements::Draw(std::size_t i, Rng& rng, const TaskPlace& at, VectorOut numbers,
                      Places& places) const {
  // None may be apart where a body has moved into the way within an episode: then the farthest one.
  Eigen::Matrix<double, Placement::kMostNumbers, 1> farthest;
  double most = -1;
  for (int draw = 0; draw < kMostDraws; ++draw) {
    all_[i].Draw(rng, at, numbers);
    places.at(i) = all_[i].PlaceOf(numbers);
    if (IsApart(i, places)) return;
    const double distance = DistanceFromOther(i, places);
    if (distance <= most) continue;
    most = distance;
    farthest.head(numbers.size()) = numbers;
  }
  numbers = farthest.head(numbers.size());
  places.at(i) = all_[i].PlaceOf(numbers);
}

bool Placements::in_model() const { return std::ranges::any_of(all_, &Placement::in_model); }

bool Placements::are_redrawn() const {
  return std::ranges::any_of(all_, [](const Placement& one) { return one.options().is_redrawn(); });
}

std::optional<std::size_t> Placements::waiting_for_success() const {
  for (std::size_t i = 0; i < all_.size(); ++i) {
    if (all_[i].options().after_success) return i;
  }
  return {};
}

void Placements::DrawTask(Rng& rng, const TaskPlace& at, VectorOut rows) const {
  Places places;
  Eigen::Index row = 0;
  for (std::size_t i = 0; i < all_.size(); ++i) {
    if (!all_[i].per_task()) continue;
    Draw(i, rng, at, rows.segment(row, all_[i].count()), places);
    row += all_[i].count();
  }
}

template <class PutOne>
void Placements::ForEach(bool in_model, VectorIn rows, std::int64_t iteration, Rng& rng,
                         const PutOne& put) const {
  Places places;
  Eigen::Index row = 0;
  for (std::size_t i = 0; i < all_.size(); ++i) {
    const Placement& placement = all_[i];
    const Eigen::Index count = placement.count();
    if (placement.in_model() == in_model) {
      Eigen::Matrix<double, Placement::kMostNumbers, 1> drawn;
      if (placement.per_task()) {
        drawn.head(count) = rows.segment(row, count);
      } else {
        Draw(i, rng, {.index = iteration}, drawn.head(count), places);
      }
      put(placement, drawn.head(count));
    }
    if (placement.per_task()) row += count;
  }
}

void Placements::Put(VectorIn rows, std::int64_t iteration, Rng& rng, mjModel& model) const {
  ForEach(true, rows, iteration, rng,
          [&](const Placement& placement, VectorIn numbers) { placement.Put(numbers, model); });
}

void Placements::Put(VectorIn rows, std::int64_t iteration, Rng& rng, const mjModel& model,
                     mjData& data) const {
  ForEach(false, rows, iteration, rng, [&](const Placement& placement, VectorIn numbers) {
    placement.Put(numbers, model, data);
  });
}

bool Placements::PutAnew(double step, bool success, const RobotStart& start, VectorOut next,
                         Simulation& simulation) const {
  bool put = false;
  for (std::size_t i = 0; step > 0 && i < all_.size(); ++i) {
    const Placement& placement = all_[i];
    const bool due = redraws_.IsDue(i, step, next);
    if (!due && !(success && placement.options().after_success)) continue;
    Places places;
    const std::size_t other = keeps_[i].other;
    if (keeps_[i].is_placed) {
      places.at(other) = all_[other].PlaceNow(simulation.model, simulation.data);
    }
    Eigen::Matrix<double, Placement::kMostNumbers, 1> drawn;
    const auto numbers = drawn.head(placement.count());
    Draw(i, simulation.reset, {.index = simulation.iteration}, numbers, places);
    placement.PutBack(start, simulation.model, simulation.data);
    placement.Put(numbers, simulation.model, simulation.data);
    put = true;
  }
  redraws_.DrawTimes(step, simulation.reset, next);
  return put;
}

}  // namespace anole
